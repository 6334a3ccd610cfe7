//! The engine: from records and databases to Catalogs, from two Catalogs to a proven migration. Pure, but for
//! `postgres` and `files`.

pub mod catalog;
pub mod diff;
pub mod error;
pub mod hazard;
pub mod id;
pub mod kind;
pub mod name;
pub mod plan;
pub mod record;
pub mod rename;
pub mod render;
pub mod step;
pub mod title;
