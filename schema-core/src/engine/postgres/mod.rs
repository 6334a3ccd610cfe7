//! All that talks to a PostgreSQL server. Nothing here decides what changes.

pub mod connect;
pub mod dry;
pub mod failure;
pub mod ledger;
pub(crate) mod lock;
pub(crate) mod outside;
mod pgpass;
mod refuse;
pub mod run;
#[cfg(test)]
mod run_tests;
pub mod section;
pub(crate) mod session;
pub mod status;
#[cfg(test)]
mod test_server;
#[cfg(feature = "tls")]
mod tls;
