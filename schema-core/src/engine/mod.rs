//! The engine: from records and databases to Catalogs, from two Catalogs to a proven migration. Pure, but for
//! `postgres` and `files`.

#[cfg(feature = "engine")]
pub mod catalog;
pub mod error;
pub mod files;
pub mod history;
#[cfg(feature = "engine")]
pub mod id;
#[cfg(feature = "engine")]
pub mod kind;
pub mod lex;
pub mod name;
pub mod nearest;
pub mod postgres;
#[cfg(feature = "engine")]
pub mod record;
pub mod script;
