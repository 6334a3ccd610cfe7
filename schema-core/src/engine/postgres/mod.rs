//! Everything that talks to a PostgreSQL or starts one: the only I/O of the engine, besides files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the I/O of the engine is here")]

#[cfg(feature = "engine")]
pub mod cache;
pub mod connect;
#[cfg(feature = "async")]
pub mod connect_async;
pub mod dry;
pub mod failure;
#[cfg(feature = "engine")]
pub mod generate;
#[cfg(feature = "engine")]
pub mod introspect;
pub mod ledger;
pub(crate) mod lock;
pub(crate) mod outside;
mod pgpass;
#[cfg(feature = "engine")]
pub mod prove;
#[cfg(feature = "engine")]
pub mod push;
mod refuse;
pub mod role;
#[cfg(feature = "engine")]
pub mod rows;
pub mod run;
#[cfg(all(test, feature = "engine"))]
mod run_tests;
#[cfg(feature = "engine")]
pub mod scratch;
pub mod section;
pub(crate) mod session;
#[cfg(feature = "engine")]
pub mod source;
pub mod status;
#[cfg(all(test, feature = "engine"))]
mod test_server;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "engine")]
mod view_columns;
#[cfg(feature = "engine")]
pub mod workbench;
