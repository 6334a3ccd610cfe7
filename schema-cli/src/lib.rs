//! The program `schema`: arguments, wiring and reports. No rule about schemas or migrations lives here.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the program is all I/O and wiring")]

mod args;
mod cmd;
mod config;
mod editor;
pub mod extract;
mod findings;
mod fleet;
mod git;
mod objects;
mod progress;
mod prompt;
mod report;
mod secret;
mod settings;
mod sources;
#[cfg(feature = "studio")]
mod studio;

use report::Report;
use schema_core::engine::error::Class;
use std::process::ExitCode;

/// Runs the program with the process's own arguments.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report::bug));
    // The hook has told about it.
    std::panic::catch_unwind(run).unwrap_or_else(|_| report::exit_code(Class::Failed))
}

fn run() -> ExitCode {
    let args = match args::read(std::env::args_os()) {
        Ok(args) => args,
        Err(code) => return code,
    };
    let report = Report::new(&args.global);
    let outcome = cmd::run(&args, report).and_then(|outcome| report::complete().map(|()| outcome));
    match outcome {
        Ok(outcome) => outcome.code(),
        Err(error) => report.error(&error),
    }
}
