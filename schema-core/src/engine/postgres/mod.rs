//! Everything that talks to a PostgreSQL or starts one: the only I/O of the engine, besides files.

pub mod introspect;
pub mod scratch;
