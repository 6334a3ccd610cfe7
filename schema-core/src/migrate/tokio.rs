//! The same from an async program, with the configuration of `tokio-postgres` or a URL.
//!
//! ```no_run
//! use schema_core::migrate::{self, Embedded};
//!
//! const MIGRATIONS: &[Embedded] = schema_core::migrations!("doc/migrations");
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let config: tokio_postgres::Config = "host=localhost user=app dbname=app".parse()?;
//! let report = migrate::tokio::run(&config, MIGRATIONS).await?;
//! println!("{} migrations applied", report.applied.len());
//! // And now the program's own connections: tokio-postgres, deadpool, bb8, sqlx ...
//! # Ok(())
//! # }
//! ```
//!
//! A run does one thing after the other, so it is the same blocking runner, on a thread of tokio's for such work, with a
//! connection of its own. Whoever drops the future does not end the run; whoever ends the program does, and the next run
//! goes on.
//!
//! With sqlx, run it before the pool is opened, with the same URL:
//!
//! ```no_run
//! # use schema_core::migrate::{self, Embedded};
//! # const MIGRATIONS: &[Embedded] = &[];
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let url = std::env::var("DATABASE_URL")?;
//! migrate::tokio::run_url(&url, MIGRATIONS).await?;
//! // let pool = sqlx::PgPool::connect(&url).await?;
//! # Ok(())
//! # }
//! ```

use super::{Embedded, Error, History, Report, RunOptions, Target, migrate};

/// Applies what is pending, with the options that are right for most. With `sslmode=require` the server's certificate is
/// verified, for which the feature `tls` is needed; a URL can ask for less.
pub async fn run(config: &tokio_postgres::Config, migrations: &[Embedded]) -> Result<Report, Error> {
    run_with(Target::of(config.clone()), History::embedded(migrations)?, RunOptions::default()).await
}

/// The same with a URL; PG* variables fill what it leaves open.
pub async fn run_url(url: &str, migrations: &[Embedded]) -> Result<Report, Error> {
    let target = Target::new(url, &|name| std::env::var(name).ok())?;
    run_with(target, History::embedded(migrations)?, RunOptions::default()).await
}

/// The same with all that can be chosen.
pub async fn run_with(target: Target, history: History, options: RunOptions) -> Result<Report, Error> {
    let run = move || migrate(&mut target.connect()?, &history, &options, &mut |_| {});
    let done = ::tokio::task::spawn_blocking(run).await;
    done.unwrap_or_else(|error| Err(Error::failed(format!("the migration run was broken off: {error}"))))
}
