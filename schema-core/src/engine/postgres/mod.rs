//! Everything that talks to a PostgreSQL server or keeps what one said. Nothing here decides what a migration does.

pub mod cache;
pub mod introspect;
