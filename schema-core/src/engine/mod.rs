//! The engine: from records and databases to Catalogs, from two Catalogs to a proven migration. Pure, but for
//! `postgres` and `files`. The feature `migrate` has only what runs migrations, the feature `test` only what makes
//! `schema.sql` of records.

#[cfg(feature = "engine")]
pub mod catalog;
#[cfg(feature = "engine")]
pub mod check;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod declared;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod decode;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod default_name;
#[cfg(feature = "engine")]
pub mod diagram;
#[cfg(feature = "engine")]
pub mod diff;
#[cfg(feature = "engine")]
pub mod dot;
#[cfg(feature = "engine")]
pub mod draft;
#[cfg(feature = "engine")]
pub mod edges;
pub mod error;
#[cfg(feature = "migrate")]
pub mod files;
#[cfg(feature = "engine")]
pub mod findings;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod gather;
#[cfg(feature = "engine")]
pub mod hazard;
#[cfg(feature = "engine")]
pub mod header;
#[cfg(feature = "migrate")]
pub mod hex;
#[cfg(feature = "migrate")]
pub mod history;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod id;
#[cfg(feature = "engine")]
pub mod ids;
#[cfg(feature = "engine")]
pub mod increment;
#[cfg(feature = "engine")]
pub mod kind;
pub mod lex;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod lines;
#[cfg(feature = "engine")]
pub mod lint;
#[cfg(feature = "engine")]
pub mod managed;
#[cfg(feature = "engine")]
pub mod mermaid;
pub mod name;
pub mod nearest;
#[cfg(feature = "engine")]
pub mod objects;
#[cfg(feature = "engine")]
pub mod park;
#[cfg(feature = "engine")]
pub mod plan;
#[cfg(feature = "migrate")]
pub mod postgres;
#[cfg(feature = "engine")]
pub mod printed;
#[cfg(feature = "engine")]
pub mod pull;
#[cfg(any(feature = "engine", feature = "test"))]
pub mod record;
#[cfg(feature = "engine")]
pub mod rename;
#[cfg(feature = "engine")]
pub mod render;
#[cfg(feature = "engine")]
pub mod scope;
#[cfg(feature = "migrate")]
pub mod script;
#[cfg(feature = "engine")]
pub mod sql_file;
#[cfg(feature = "engine")]
pub mod step;
#[cfg(feature = "migrate")]
pub mod tenant;
#[cfg(feature = "engine")]
pub mod title;
