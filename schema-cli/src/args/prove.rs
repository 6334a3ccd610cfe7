//! What can be written after `schema prove`.

use super::CargoArgs;
use clap::Args as Group;

/// `schema prove`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct ProveArgs {
    /// The migrations: their names, or the beginnings of them; by default the last one
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}
