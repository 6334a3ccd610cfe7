//! Everything that talks to a PostgreSQL or starts one: the only I/O of the engine, besides files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the I/O of the engine is here")]

#[cfg(feature = "engine")]
pub mod adopt;
#[cfg(feature = "engine")]
pub mod alike;
pub mod back;
#[cfg(feature = "engine")]
pub mod baseline;
#[cfg(feature = "engine")]
pub mod cache;
#[cfg(feature = "engine")]
pub mod check;
pub mod connect;
#[cfg(feature = "async")]
pub mod connect_async;
#[cfg(feature = "engine")]
pub mod consolidate;
#[cfg(feature = "engine")]
pub mod contents;
#[cfg(feature = "engine")]
pub mod drift;
pub mod dry;
pub mod failure;
pub mod fleet;
#[cfg(feature = "engine")]
pub mod generate;
#[cfg(feature = "engine")]
pub mod introspect;
pub mod ledger;
pub(crate) mod lock;
#[cfg(feature = "engine")]
pub mod losses;
#[cfg(feature = "engine")]
pub mod observe;
pub(crate) mod outside;
mod pgpass;
pub(crate) mod pooler;
#[cfg(feature = "engine")]
pub mod predecessor;
mod project;
#[cfg(feature = "engine")]
pub mod prove;
#[cfg(feature = "engine")]
pub mod purge;
#[cfg(feature = "engine")]
pub mod push;
mod refuse;
#[cfg(feature = "engine")]
pub mod repair;
pub mod role;
pub mod rollback;
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
mod squash;
pub mod status;
mod tenant_ledger;
#[cfg(feature = "engine")]
pub mod tenant_proof;
pub mod tenants;
#[cfg(all(test, feature = "engine"))]
mod test_server;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "engine")]
mod undo;
#[cfg(feature = "engine")]
mod view_columns;
pub mod watch;
#[cfg(feature = "engine")]
pub mod workbench;
