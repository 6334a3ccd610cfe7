//! What can be written after `schema check`.

use super::CargoArgs;
use clap::Args as Group;

/// `schema check`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct CheckArgs {
    /// Warnings fail too
    #[arg(long)]
    pub(crate) strict: bool,
    /// A commit whose migrations count as applied, as origin/main
    #[arg(long, value_name = "COMMIT")]
    pub(crate) base: Option<String>,
    /// Look into the configured database, too, for what has run there
    #[arg(long)]
    pub(crate) database: bool,
    /// Leave out what `schema lint` says
    #[arg(long)]
    pub(crate) no_lint: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}
