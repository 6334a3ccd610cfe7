//! The engine: from records and databases to Catalogs, from two Catalogs to a proven migration. Pure, but for
//! `postgres` and `files`. The feature `migrate` has only what runs migrations.

#[cfg(feature = "engine")]
pub mod catalog;
#[cfg(feature = "engine")]
pub mod declared;
#[cfg(feature = "engine")]
pub mod decode;
#[cfg(feature = "engine")]
pub mod default_name;
#[cfg(feature = "engine")]
pub mod diff;
pub mod error;
#[cfg(feature = "engine")]
pub mod hazard;
pub mod history;
#[cfg(feature = "engine")]
pub mod id;
#[cfg(feature = "engine")]
pub mod kind;
pub mod lex;
pub mod name;
pub mod nearest;
#[cfg(feature = "engine")]
pub mod plan;
pub mod postgres;
#[cfg(feature = "engine")]
pub mod record;
#[cfg(feature = "engine")]
pub mod rename;
#[cfg(feature = "engine")]
pub mod render;
pub mod script;
#[cfg(feature = "engine")]
pub mod step;
#[cfg(feature = "engine")]
pub mod title;
