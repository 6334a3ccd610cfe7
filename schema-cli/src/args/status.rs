//! What can be written after `schema status`.

use clap::Args as Group;

/// `schema status`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct StatusArgs {
    /// Compare the database with what its migrations add up to, too
    #[arg(long)]
    pub(crate) drift: bool,
}
