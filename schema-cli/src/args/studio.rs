//! `schema studio`.

use super::duration;
use clap::Args as Group;
use std::time::Duration;

/// `schema studio`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct StudioArgs {
    /// The port on 127.0.0.1; by default one that is free
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// Do not open the browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Writing may be turned on though the database is not on this machine
    #[arg(long)]
    pub(crate) write: bool,
    /// The SQL editor may change the schema: for databases that are thrown away
    #[arg(long)]
    pub(crate) allow_ddl: bool,
    /// Writing may be turned on though it looks like production
    #[arg(long)]
    pub(crate) allow_production: bool,
    /// End when nobody has asked anything for so long, as 30m; by default 480m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) idle: Option<Duration>,
}
