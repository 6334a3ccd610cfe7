//! The derives' output in a crate that forbids much and has its own meaning for the usual names.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs, warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(missing_debug_implementations, unused_imports)]

extern crate std;

/// Names that the output could mistake.
pub mod shadowed {
    use ::schema_core as renamed;

    /// Not the crate.
    pub mod core {}
    /// Not the crate.
    pub mod std {}
    /// Not the crate.
    pub mod alloc {}
    /// Not the crate.
    pub mod schema_core {}
    /// Not the usual one.
    pub struct Option;
    /// Not the usual one.
    pub struct Some;
    /// Not the usual one.
    pub struct None;
    /// Not the usual one.
    pub struct Vec;
    /// Not the usual one.
    pub struct String;
    /// Not the derived one.
    pub trait Table {}
    /// Not the derived one.
    pub trait PgType {}
    /// Not the primitive.
    #[allow(non_camel_case_types)]
    pub struct str;
    /// Not the primitive.
    #[allow(non_camel_case_types)]
    pub struct u8;
    /// Not the primitive.
    #[allow(non_camel_case_types)]
    pub struct usize;

    /// A table.
    #[derive(renamed::Table)]
    #[table(crate = "renamed", index(r#type, columns))]
    pub struct Everything {
        #[column(primary_key, identity)]
        id: i64,
        #[column(references = Self::id, on_delete = set_null)]
        parent: ::core::option::Option<i64>,
        #[column(default = "'x'", check = "columns <> ''", comment = "c", collation = "C")]
        columns: &'static ::core::primitive::str,
        r#type: Kind,
        wrapped: Wrapped,
        bytes: [::core::primitive::u8; 4],
        private: Private,
        #[column(skip)]
        skipped: String,
    }

    /// An enum.
    #[derive(renamed::Enum)]
    #[pg_enum(crate = "renamed")]
    pub enum Kind {
        /// A label.
        Some,
        /// A label.
        None,
    }

    /// A table with all that few have.
    #[derive(renamed::Table)]
    #[table(
        crate = "renamed",
        with(fillfactor = 70),
        replica_identity = full,
        row_security,
        policy(name = "p", for = all, to("r"), using = "true", with_check = "true"),
        allow("no-primary-key", reason = "r"),
    )]
    pub struct Rare {
        #[column(storage = external, compression = lz4, statistics = 5)]
        #[column(allow("varchar-n", reason = "r", until = "2027-01-31"))]
        text: &'static ::core::primitive::str,
        #[column(generated("1", virtual))]
        one: i32,
        address: Address,
        amounts: [Amount; 2],
    }

    /// A partitioned table.
    #[derive(renamed::Table)]
    #[table(
        crate = "renamed",
        partition_by = range(at),
        partition(name = "a", from = 1, to = 2, partition_by = list(at), partition(name = "b", in = 1)),
        partition(name = "c", default, partition_by = hash(at), partition(name = "d", modulus = 1, remainder = 0))
    )]
    pub struct Parts {
        #[column(primary_key)]
        at: i64,
    }

    /// A view.
    #[derive(renamed::View)]
    #[view(crate = "renamed", sql = "SELECT 1 AS one", after(Stored), with(security_barrier))]
    #[view(allow("rename-column", reason = "r"))]
    pub struct Shown {
        one: i32,
    }

    /// A materialized view.
    #[derive(renamed::View)]
    #[view(crate = "renamed", sql = "SELECT 1 AS one", materialized, with_no_data, index(one))]
    pub struct Stored {
        #[column(comment = "c")]
        one: ::core::option::Option<i32>,
    }

    /// A composite type.
    #[derive(renamed::Composite)]
    #[composite(crate = "renamed")]
    pub struct Address {
        #[column(collation = "C")]
        street: &'static ::core::primitive::str,
        private: Private,
    }

    /// A domain.
    #[derive(renamed::Domain)]
    #[domain(crate = "renamed", check("VALUE > 0"), not_null, default = 1)]
    pub struct Amount(i64);

    /// A newtype.
    #[derive(renamed::PgType)]
    #[pg_type(crate = "renamed")]
    pub struct Wrapped(i32);

    #[derive(renamed::Enum)]
    #[pg_enum(crate = "renamed")]
    enum Private {
        A,
    }
}

/// Two tables that reference each other, over modules.
pub mod left {
    /// One.
    #[derive(schema_core::Table)]
    pub struct Left {
        #[column(primary_key)]
        id: i64,
        #[column(references = super::right::Right::id)]
        other: Option<i64>,
    }
}

/// The other module.
pub mod right {
    use crate::left::Left;

    /// The other.
    #[derive(schema_core::Table)]
    pub(crate) struct Right {
        #[column(primary_key)]
        id: i64,
        #[column(references(Left::id, name = "back", on_delete = cascade, deferrable = "deferred"))]
        other: i64,
    }
}

/// Typed ids.
#[derive(schema_core::PgType)]
pub struct Id<T>(i64, core::marker::PhantomData<T>);

/// Any type.
#[derive(schema_core::PgType)]
#[pg_type(sql = "point")]
pub struct Point {
    /// A part.
    pub x: f64,
    /// A part.
    pub y: f64,
}

/// Composite keys.
#[derive(schema_core::Table)]
#[table(primary_key(a, b), foreign_key(columns(a, b), references(Composite::b, Composite::a), match_full))]
pub struct Composite {
    a: Id<Composite>,
    b: Id<Point>,
    place: Point,
}

schema_core::sql!("SELECT 1");
schema_core::sql!(before_tables, "SELECT 2",);
schema_core::sql!(after_tables, "SELECT 3");

mod function {
    pub(super) fn local() {
        #[derive(schema_core::Table)]
        struct Local {
            #[column(primary_key)]
            id: i64,
        }
        let _ = Local::ID.name();
    }
}

fn main() {
    function::local();
}
