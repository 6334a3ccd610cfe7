//! PostgreSQL schemas as Rust code: the traits and const definitions that the derives fill in. Behind the
//! feature `engine`: everything that turns them into migrations.
#![cfg_attr(not(feature = "migrate"), no_std)]

extern crate alloc;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod column;
pub mod def;
#[cfg(feature = "migrate")]
pub mod engine;
mod pg_type;
#[doc(hidden)]
pub mod wire;

pub use column::Column;
pub use pg_type::PgType;
pub use schema_derive::{Enum, PgType, Table};

/// A struct that is a table. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "has no `#[derive(Table)]`",
    note = "put `#[derive(schema_core::Table)]` on the struct"
)]
pub trait Table {
    /// The definition.
    const DEF: &'static def::TableDef;
}

/// A Rust enum that is a PostgreSQL enum. Implemented by `#[derive(Enum)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a PostgreSQL enum",
    label = "has no `#[derive(Enum)]`"
)]
pub trait Enum: PgType {
    /// The definition.
    const DEF: &'static def::EnumDef;
}

/// SQL that belongs to the schema and that the derives have no words for: views, functions, triggers, extensions.
///
/// ```
/// schema_core::sql!("CREATE VIEW numbers AS SELECT 1 AS one");
/// schema_core::sql!(before_tables, "CREATE EXTENSION citext");
/// ```
///
/// It runs after the tables are created, or before them with `before_tables`. `file = "..."` takes the text from a
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
            $crate::__private::Some($file)
        );
    };
    ($place:ident, $sql:literal $(,)?) => {
        $crate::__sql!($place, $sql, $crate::__private::None);
    };
    ($place:ident, $sql:expr, $file:expr) => {
        $crate::__record!(
            sql,
            &$crate::def::SqlDef {
                origin: $crate::def::Origin { file: ::core::file!(), line: ::core::line!(), path: "sql!" },
                place: $crate::def::Place::$place,
                sql: $sql,
                file: $file,
            }
        );
    };
}
