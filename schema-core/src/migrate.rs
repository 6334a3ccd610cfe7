//! Migrating when a program starts, with the migrations inside of it.
//!
//! ```
//! use schema_core::migrate::{self, Embedded};
//!
//! // Relative to Cargo.toml.
//! const MIGRATIONS: &[Embedded] = schema_core::migrations!("doc/migrations");
//!
//! fn start() -> Result<(), migrate::Error> {
//!     let mut client = migrate::connect("postgres://app@localhost/app")?;
//!     let report = migrate::run(&mut client, MIGRATIONS)?;
//!     println!("{} migrations applied", report.applied.len());
//!     Ok(())
//! }
//! # assert_eq!(MIGRATIONS[0].id, "20261122093000_notes");
//! ```
//!
//! Many programs may start at once: one migrates, the others wait for it. A migration that fails stops `run` with an
//! error, and the next start goes on with the section that failed.
//!
//! The client is the blocking one of the crate `postgres`. In an async program the feature `migrate-tokio` brings
//! `migrate::tokio`, for `tokio-postgres`, sqlx and whatever else has a URL; without it, call this in `spawn_blocking`.
//! In whichever program: connect to PostgreSQL itself, not to a pooler in transaction mode, which is refused.
//!
//! Cargo builds a program again when a file of an embedded migration changes, or `schema.sql` beside them, as it does
//! with each generated migration. It does not notice a folder that was added by hand; a `build.rs` makes it:
//!
//! ```
//! println!("cargo::rerun-if-changed=migrations");
//! ```
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program that starts connects to its database"
)]

#[cfg(feature = "migrate-tokio")]
pub mod tokio;

pub use crate::engine::error::{Class, Error};
pub use crate::engine::history::{Embedded, History};
pub use crate::engine::postgres::connect::Target;
pub use crate::engine::postgres::dry::{DryRun, DrySection, dry_run};
pub use crate::engine::postgres::run::{Allow, Applied, Event, Report, RunOptions, migrate, status};
pub use crate::engine::postgres::status::{MigrationStatus, State, Status};
/// The driver, in the version that this crate uses.
pub use postgres;

/// Opens a session; PG* variables fill what the URL leaves open. TLS needs the feature `tls`.
pub fn connect(url: &str) -> Result<postgres::Client, Error> {
    Target::new(url, &|name| std::env::var(name).ok())?.connect()
}

/// Applies what is pending, with the options that are right for most.
pub fn run(client: &mut postgres::Client, migrations: &[Embedded]) -> Result<Report, Error> {
    migrate(client, &History::embedded(migrations)?, &RunOptions::default(), &mut |_| {})
}

/// The migrations in a folder, relative to the Cargo.toml of the crate, as a `&'static [Embedded]`.
#[macro_export]
macro_rules! migrations {
    ($folder:literal) => {
        $crate::__migrations!($crate, $folder)
    };
}
