//! What some commands take for many databases, or for the many tenants of one.

use clap::Args as Group;
use std::path::PathBuf;

/// Which of many, and how many at once.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Many databases, many tenants")]
pub(crate) struct ManyArgs {
    /// All databases of these environments of schema.toml, as eu,us
    #[arg(long, value_name = "ENVIRONMENTS", value_delimiter = ',', conflicts_with_all = ["env", "database_url", "tenants", "tenant"])]
    pub(crate) all: Vec<String>,
    /// The databases in this file, a URL in each line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["env", "database_url", "tenants", "tenant"])]
    pub(crate) databases: Option<PathBuf>,
    /// All tenants of the database, which [tenants] of schema.toml says where to find
    #[arg(long)]
    pub(crate) tenants: bool,
    /// Only this tenant; may be given again
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Vec<String>,
    /// How many at once
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
}

/// The same for what changes them.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Many databases, many tenants")]
pub(crate) struct FleetArgs {
    #[command(flatten)]
    pub(crate) many: ManyArgs,
    /// Who comes first and alone: a name, or how many; if one of them fails, nothing else begins
    #[arg(long, value_name = "NAME|NUMBER", default_value = "1")]
    pub(crate) canary: String,
    /// Go on with the others when one has failed
    #[arg(long)]
    pub(crate) keep_going: bool,
}

impl ManyArgs {
    /// Whether the arguments are about many.
    pub(crate) fn is_meant(&self) -> bool {
        self.of_tenants() || !self.all.is_empty() || self.databases.is_some()
    }

    /// Whether they are about tenants.
    pub(crate) fn of_tenants(&self) -> bool {
        self.tenants || !self.tenant.is_empty()
    }
}

impl Default for ManyArgs {
    fn default() -> Self {
        Self { all: Vec::new(), databases: None, tenants: false, tenant: Vec::new(), jobs: 4 }
    }
}

impl Default for FleetArgs {
    fn default() -> Self {
        Self { many: ManyArgs::default(), canary: "1".to_owned(), keep_going: false }
    }
}
