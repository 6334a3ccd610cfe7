//! The arguments of `schema lint`.

use super::CargoArgs;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use schema_core::engine::lint::config::Profile;

/// `schema lint`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LintArgs {
    /// Migrations or .sql files; by default all migrations, and the declared schema
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,
    /// Where the migrations are about to run: how much each rule matters there
    #[arg(id = "lint_profile", long = "profile", value_name = "dev|ci|prod", value_parser = profiles())]
    #[arg(hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,
    /// Exit with 1 for warnings too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave the declared schema out; nothing is built
    #[arg(long, conflicts_with = "code_only")]
    pub(crate) no_code: bool,
    /// Lint the declared schema alone
    #[arg(long, conflicts_with = "what")]
    pub(crate) code_only: bool,
    /// Run nothing on scratch: what a text does not tell stays open
    #[arg(long, conflicts_with = "code_only")]
    pub(crate) no_observe: bool,
    /// Print the documentation of a rule
    #[arg(long, value_name = "RULE", conflicts_with_all = ["what", "list"])]
    pub(crate) explain: Option<String>,
    /// List all rules
    #[arg(long, conflicts_with = "what")]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

fn profiles() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name)).try_map(|name| {
        Profile::ALL.into_iter().find(|profile| profile.name() == name).ok_or("not a profile")
    })
}
