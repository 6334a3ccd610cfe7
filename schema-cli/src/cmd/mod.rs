//! One file per command: from arguments to the engine and from its answer to the report.

mod baseline;
mod check;
mod diff;
mod generate;
mod init;
mod inspect;
pub(crate) mod lint;
mod migrate;
mod prove;
mod pull;
mod purge;
mod push;
mod repair;
pub(crate) mod rollback;
mod squash;
pub(crate) mod status;
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
    let annotates = matches!(args.global.format, Format::Github | Format::Sarif);
    let finds = matches!(args.command, Command::Check(_) | Command::Lint(_) | Command::Prove(_));
    if annotates && !finds {
        return Err(
            Error::usage("this command has no findings to annotate").next("take --format text or json")
        );
    }
    match &args.command {
        Command::Init => init::run(&args.global, report),
        Command::Generate(generate) => generate::run(&args.global, generate, report),
        Command::Migrate(migrate) => migrate::run(&args.global, migrate, report),
        Command::Rollback(rollback) => rollback::run(&args.global, rollback, report),
        Command::Squash(squash) => squash::run(&args.global, squash, report),
        Command::Baseline(baseline) => baseline::run(&args.global, baseline, report),
        Command::Repair(repair) => repair::run(&args.global, repair, report),
        Command::Purge(purge) => purge::run(&args.global, purge, report),
        Command::Pull(pull) => pull::run(&args.global, pull, report),
        Command::Check(check) => check::run(&args.global, check, report),
        Command::Prove(prove) => prove::run(&args.global, prove, report),
        Command::Lint(lint) => lint::run(&args.global, lint, report),
        Command::Diff(diff) => diff::run(&args.global, diff, report),
        Command::Inspect(inspect) => inspect::run(&args.global, inspect, report),
        Command::Push(push) => push::run(&args.global, push, report),
        Command::Studio(studio) => studio::run(&args.global, studio, report),
        Command::Status(status) => status::run(&args.global, status, report),
    }
}

/// `1 migration`, `2 migrations`.
pub(crate) fn migrations(count: usize) -> String {
    format!("{count} migration{}", if count == 1 { "" } else { "s" })
}
