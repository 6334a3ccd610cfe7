//! What can be written after `schema check`.

use super::CargoArgs;
use clap::Args as Group;

/// `schema check`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct CheckArgs {
    /// Warnings fail too
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}
