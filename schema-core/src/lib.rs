//! PostgreSQL schemas as Rust code: structs are tables. This crate holds the traits and const definitions that the
//! derives fill in; behind the feature `engine` everything that turns them into migrations.
//!
//! ```
//! use schema_core::Table;
//!
//! #[derive(Table)]
//! #[table(name = "accounts")]
//! struct Account {
//!     #[column(primary_key, identity)]
//!     id: i64,
//!     #[column(unique)]
//!     number: String,
//!     #[column(references = Account::id, on_delete = set_null)]
//!     parent: Option<i64>,
//! }
//!
//! assert_eq!(Account::DEF.name.name, "accounts");
//! assert_eq!(Account::PARENT.name(), "parent");
//! ```
//!
//! All attributes: [`derive(Table)`](derive@Table), [`derive(View)`](derive@View), [`derive(Enum)`](derive@Enum),
//! [`derive(Composite)`](derive@Composite), [`derive(Domain)`](derive@Domain), [`derive(PgType)`](derive@PgType);
//! all types: [`PgType`](trait@PgType); everything else that PostgreSQL has: [`sql!`].
//!
//! By default it needs no `std` and no other crate but those of the derives. Features of other crates' names
//! (`uuid`, `chrono`, ...) give their types an SQL type; `sea-query` makes columns its identifiers.
#![cfg_attr(not(any(feature = "migrate", feature = "test")), no_std)]

extern crate alloc;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod column;
#[cfg(feature = "test")]
pub mod compiled;
pub mod def;
#[cfg(any(feature = "migrate", feature = "test"))]
pub mod engine;
#[cfg(feature = "migrate")]
pub mod migrate;
mod pg_type;
#[cfg(feature = "test")]
pub mod test;
#[doc(hidden)]
pub mod wire;

pub use column::Column;
pub use pg_type::PgType;
#[cfg(feature = "migrate")]
#[doc(hidden)]
pub use schema_derive::__migrations;
pub use schema_derive::{Composite, Domain, Enum, PgType, Table, View};

/// A struct that is a table. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "has no `#[derive(Table)]`",
    note = "put `#[derive(schema_core::Table)]` on the struct"
)]
pub trait Table {
    /// The definition.
    const DEF: &'static def::TableDef;

    /// The name on the wire, for the records of referencing tables.
    #[doc(hidden)]
    const NAME: &'static [u8];

    /// What the record consists of.
    #[doc(hidden)]
    const RECORD: wire::Parts;
}

/// A struct that is a view. Implemented by `#[derive(View)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "has no `#[derive(View)]`",
    note = "put `#[derive(schema_core::View)]` on the struct"
)]
pub trait View {
    /// The definition.
    const DEF: &'static def::ViewDef;

    /// The name on the wire, for the records of other views.
    #[doc(hidden)]
    const NAME: &'static [u8];

    /// What the record consists of.
    #[doc(hidden)]
    const RECORD: wire::Parts;
}

/// A Rust enum that is a PostgreSQL enum. Implemented by `#[derive(Enum)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL enum",
    label = "has no `#[derive(Enum)]`"
)]
pub trait Enum: PgType {
    /// The definition.
    const DEF: &'static def::EnumDef;

    /// What the record consists of.
    #[doc(hidden)]
    const RECORD: wire::Parts;
}

/// A struct that is a composite type. Implemented by `#[derive(Composite)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a composite type",
    label = "has no `#[derive(Composite)]`"
)]
pub trait Composite: PgType {
    /// The definition.
    const DEF: &'static def::CompositeDef;

    /// What the record consists of.
    #[doc(hidden)]
    const RECORD: wire::Parts;
}

/// A newtype that is a domain. Implemented by `#[derive(Domain)]`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a domain", label = "has no `#[derive(Domain)]`")]
pub trait Domain: PgType {
    /// The definition.
    const DEF: &'static def::DomainDef;

    /// What the record consists of.
    #[doc(hidden)]
    const RECORD: wire::Parts;
}

/// SQL that belongs to the schema and that the derives have no words for: functions, triggers, extensions.
///
/// ```
/// schema_core::sql!("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql RETURN n * 2");
/// schema_core::sql!(before_tables, "CREATE EXTENSION citext");
/// ```
///
/// With `before_tables` it runs before the tables: extensions, functions that defaults, checks or indexes call. Else it
/// runs after them and their indexes. In both places pieces run in the order of their file's name and their line. The
/// declared schemas and enums come before all of it. Composite types and domains (beside what comes before the tables) and
/// views (beside what comes after them) each come just before the first piece that names them, or after the last one. `file = "..."` takes the text from a
/// file, relative to the package's `Cargo.toml`; a change of the file rebuilds the crate:
///
/// ```ignore
/// schema_core::sql!(file = "sql/audit.sql");
/// schema_core::sql!(before_tables, file = "sql/extensions.sql");
/// ```
#[macro_export]
macro_rules! sql {
    (before_tables, $($sql:tt)+) => { $crate::__sql!(BeforeTables, $($sql)+); };
    (after_tables, $($sql:tt)+) => { $crate::__sql!(AfterTables, $($sql)+); };
    ($($sql:tt)+) => { $crate::__sql!(AfterTables, $($sql)+); };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __sql {
    ($place:ident, file = $file:literal $(,)?) => {
        $crate::__sql!(
            $place,
            ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $file)),
            [&[1], &$crate::wire::count($file.len()), $file.as_bytes()]
        );
    };
    ($place:ident, $sql:literal $(,)?) => {
        $crate::__sql!($place, $sql, [&[0]]);
    };
    ($place:ident, $sql:expr, [$($file:expr),*]) => {
        const _: () = {
            const SQL: &::core::primitive::str = $sql;
            const FILE: &::core::primitive::str = ::core::file!();
            const PATH: &::core::primitive::str = "sql!";
            const PARTS: $crate::wire::Parts = &[
                &$crate::wire::count(FILE.len()),
                FILE.as_bytes(),
                &::core::line!().to_le_bytes(),
                &$crate::wire::count(PATH.len()),
                PATH.as_bytes(),
                &[$crate::wire::place($crate::def::Place::$place)],
                &$crate::wire::count(SQL.len()),
                SQL.as_bytes(),
                $($file),*
            ];
            $crate::__record!(KIND_SQL, PARTS);
        };
    };
}
