//! The engine: from records and databases to Catalogs, from two Catalogs to a proven migration. Pure, but for
//! `postgres` and `files`.

pub mod catalog;
pub mod decode;
pub mod error;
pub mod id;
pub mod kind;
pub mod name;
pub mod record;
