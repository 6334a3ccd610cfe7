//! One file per command: from arguments to the engine and from its answer to the report.

mod diff;
mod generate;
mod init;
mod inspect;
mod migrate;
mod pull;
mod push;
mod status;
mod studio;

use crate::args::{Args, Command, Format};
use crate::report::{Outcome, Report};
use schema_core::engine::error::Error;

/// Runs the command.
pub(crate) fn run(args: &Args, report: Report) -> Result<Outcome, Error> {
    let draws = matches!(args.global.format, Format::Mermaid | Format::Dot);
    if draws && !matches!(args.command, Command::Inspect(_)) {
        return Err(Error::usage("only `schema inspect` draws diagrams").next("take --format text or json"));
    }
    match &args.command {
        Command::Init => init::run(&args.global, report),
        Command::Generate(generate) => generate::run(&args.global, generate, report),
        Command::Migrate(migrate) => migrate::run(&args.global, migrate, report),
        Command::Pull(pull) => pull::run(&args.global, pull, report),
        Command::Diff(diff) => diff::run(&args.global, diff, report),
        Command::Inspect(inspect) => inspect::run(&args.global, inspect, report),
        Command::Push(push) => push::run(&args.global, push, report),
        Command::Studio(studio) => studio::run(&args.global, studio, report),
        Command::Status => status::run(&args.global, report),
    }
}

/// `1 migration`, `2 migrations`.
fn migrations(count: usize) -> String {
    format!("{count} migration{}", if count == 1 { "" } else { "s" })
}
