//! What can be written after `schema status`.

use super::ManyArgs;
use clap::Args as Group;

/// `schema status`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct StatusArgs {
    /// Compare the database with what its migrations add up to, too
    #[arg(long, conflicts_with_all = ["all", "databases", "tenants", "tenant"])]
    pub(crate) drift: bool,
    #[command(flatten)]
    pub(crate) many: ManyArgs,
}
