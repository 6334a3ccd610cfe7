//! `schema studio`: the schema and the data in the browser.

use crate::args::{Global, StudioArgs};
use crate::report::{Outcome, Report};
use schema_core::engine::error::Error;

/// Runs the command.
#[cfg(feature = "studio")]
pub(crate) fn run(global: &Global, args: &StudioArgs, report: Report) -> Result<Outcome, Error> {
    use crate::settings::Settings;
    use crate::studio::{self, Options, Project};
    use std::io::IsTerminal;
    use std::time::Duration;

    let settings = Settings::load(global, report)?;
    let target = settings.target(report)?;
    let root = settings.project();
    let directory = match &root {
        Some(root) => root.join(".schema"),
        None => settings.cache_dir()?.join("studio"),
    };
    let options = Options {
        port: args.port,
        open: !args.no_open && !report.is_json() && std::io::stdout().is_terminal(),
        write: args.write,
        ddl: args.allow_ddl,
        allow_production: args.allow_production,
        idle: args.idle.unwrap_or(Duration::from_secs(8 * 3600)),
        directory,
    };
    let project = Project { settings, global: global.clone(), report, root };
    studio::run(target, project, &options)?;
    Ok(Outcome::Fine)
}

/// Says why there is none.
#[cfg(not(feature = "studio"))]
pub(crate) fn run(_: &Global, _: &StudioArgs, _: Report) -> Result<Outcome, Error> {
    Err(Error::usage("this program was built without the studio")
        .next("build schema-cli with its feature `studio`"))
}
