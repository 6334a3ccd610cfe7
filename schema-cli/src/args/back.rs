//! `schema rollback`, `schema squash`, `schema baseline`: their arguments.

use super::{FleetArgs, duration};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// `schema rollback`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct RollbackArgs {
    /// How many migrations to undo; by default 1
    #[arg(long, value_name = "N", conflicts_with = "to")]
    pub(crate) steps: Option<usize>,
    /// The migration that is to be the last: its name, or the beginning of it; or none
    #[arg(long, value_name = "ID")]
    pub(crate) to: Option<String>,
    /// Print the SQL, run nothing; with --verbose also that of the ledger
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What may happen although it is refused otherwise
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) allow: Vec<RollbackAllow>,
    /// How long a statement may wait for a lock before it is tried again later, as 500ms, 5s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long to wait for another run
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) fleet: FleetArgs,
}

/// What a rollback refuses unless it is allowed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RollbackAllow {
    /// Rows or values are lost
    DataLoss,
    /// A migration was edited after it ran
    Edited,
    /// A down.sql does not lead back to where its up.sql began
    Unproven,
}

/// `schema squash`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct SquashArgs {
    /// The last migration to replace: its name, or the beginning of it; by default all
    #[arg(long, value_name = "ID")]
    pub(crate) to: Option<String>,
    /// The new migration's name
    #[arg(long, value_name = "NAME", default_value = "squashed")]
    pub(crate) name: String,
    /// Show the migration, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What may happen although it is refused otherwise
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) allow: Vec<SquashAllow>,
}

/// What a squash refuses unless it is allowed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SquashAllow {
    /// Rows that the migrations put in are left out
    DataStatements,
}

/// `schema baseline`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct BaselineArgs {
    /// The last migration that the database has already; needless where there is none yet, or only one
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// The name of the first migration
    #[arg(long, value_name = "NAME", default_value = "baseline")]
    pub(crate) name: String,
    /// The folder of the tool that migrated the database so far: it must add up to the database
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) from_folder: Option<PathBuf>,
    /// Show what would be done, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What may happen although it is refused otherwise
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) allow: Vec<BaselineAllow>,
}

/// What a baseline refuses unless it is allowed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaselineAllow {
    /// The database is not what the migrations add up to
    Differences,
}

/// `schema repair`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct RepairArgs {
    /// Do what was found to be done; without it, it is only shown
    #[arg(long)]
    pub(crate) apply: bool,
    /// An applied migration whose file as it is now counts as what has run
    #[arg(long, value_name = "ID")]
    pub(crate) accept: Vec<String>,
    /// A migration without folder of which the ledger shall know nothing
    #[arg(long, value_name = "ID")]
    pub(crate) forget: Vec<String>,
    /// A migration whose section that was cut off took effect
    #[arg(long, value_name = "ID")]
    pub(crate) done: Vec<String>,
    /// A migration whose section that was cut off did not take effect
    #[arg(long, value_name = "ID", conflicts_with = "done")]
    pub(crate) not_done: Vec<String>,
    /// What the ledger says of this tenant
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Option<String>,
    /// How long to wait for another run
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
}

/// `schema purge`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct PurgeArgs {
    /// Only what was parked longer ago than this, as 30d, 12h
    #[arg(long, value_name = "TIME", value_parser = age)]
    pub(crate) older_than: Option<Duration>,
    /// Show what would go, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What is accepted; without it nothing goes
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) allow: Vec<PurgeAllow>,
}

/// What a purge refuses unless it is allowed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PurgeAllow {
    /// The parked rows are gone for good
    DataLoss,
}

/// Reads `30d`, `12h`, `0d`.
fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "write a time as 30d or 12h".to_owned();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        _ => return Err(wrong()),
    };
    Ok(Duration::from_secs(u64::from(number) * hours * 3600))
}
