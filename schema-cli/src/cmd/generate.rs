//! `schema generate`: writes the migration from what the migrations add up to, to what the Rust code says.

use crate::args::{GenerateArgs, Global};
use crate::extract::{Extracted, extract};
use crate::prompt::Prompt;
use crate::report::{Outcome, Report};
use crate::settings::Settings;
use schema_core::engine::error::Error;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &GenerateArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let options = args.cargo.build_options(global, &settings.package, &settings.features);
    let extracted = extract(&options)?;
    report.detail(&format!("cargo took {} ms", extracted.cargo_time.as_millis()));
    write(&settings, args, &extracted, &Prompt::new(global, report), report)
}

/// Compares, proves and writes; the one place where the engine's workbench is called.
fn write(
    settings: &Settings,
    args: &GenerateArgs,
    extracted: &Extracted,
    prompt: &Prompt,
    report: Report,
) -> Result<Outcome, Error> {
    let _ = (settings, args, extracted, prompt, report);
    Err(Error::failed("this build of schema cannot generate yet"))
}
