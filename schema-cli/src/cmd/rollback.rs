//! `schema rollback`: undoes what was applied last, or shows what it would run.

use super::migrate::{dry_object, report_object};
use super::migrations;
use crate::args::Global;
use crate::args::back::{RollbackAllow, RollbackArgs};
use crate::fleet::{self, Call};
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources;
use schema_core::engine::error::Error;
use schema_core::engine::name::QName;
use schema_core::engine::postgres::back::{Back, choose};
use schema_core::engine::postgres::losses::{losses, refuse_losses, refuse_unproven, try_back};
use schema_core::engine::postgres::push::{major, told};
use schema_core::engine::postgres::rollback::{Request, dry_rollback, rollback};
use schema_core::engine::postgres::rows::Obstacle;
use schema_core::engine::postgres::run::{self, Allow, RunOptions};
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &RollbackArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let options = options(&settings, args);
    let back = back(args);
    if args.fleet.many.is_meant() {
        let call = Call { global, settings: &settings, history: &history, options: &options, report };
        return fleet::rollback::run(call, args, &back);
    }
    let target = settings.target(report)?;
    let mut client = target.connect_directly()?;
    let status = run::status(&mut client, &history, &options)?;
    let chosen = choose(&history, &status, &back, &options)?;
    let expected: Vec<String> = chosen.iter().map(|one| one.migration.id.clone()).collect();
    if expected.is_empty() {
        report.say(&format!("nothing to roll back in {}", target.display()));
        report.object(
            &json!({"database": target.display(), "dry_run": args.dry_run, "rolled_back": [], "losses": []}),
        );
        return Ok(Outcome::Fine);
    }
    let mut progress = Progress::new(report);
    progress.busy("trying the way back on scratch");
    let mut bench = sources::workbench(&settings, Some(major(&mut client)?), &settings.managed(true))?;
    let tried = try_back(&mut bench, &status.ran(&history), &chosen);
    progress.clear();
    sources::tell_times(&mut bench, report);
    let tried = tried?;
    drop(bench);
    let losses = losses(&mut client, &tried, &QName::clone)?;
    let lines: Vec<String> = losses.iter().map(|loss| told(loss).join("\n")).collect();
    let prompt = Prompt::new(global, report);
    if !args.allow.contains(&RollbackAllow::Unproven) {
        refuse_unproven(&tried)?;
    }
    if !args.dry_run && !args.allow.contains(&RollbackAllow::DataLoss) && !may_lose(&lines, &prompt, report)?
    {
        refuse_losses(&lines)?;
    }
    let request = Request { history: &history, back: &back, others: &tried.half, expected: &expected };
    if args.dry_run {
        for loss in &lines {
            report.warn(&format!("this loses data: {}", loss.trim_start()));
        }
        let dry = dry_rollback(&mut client, &request, &options)?;
        report.result(&format!("{}\n", dry.sql(global.verbose)));
        let mut object = dry_object(&dry, &target);
        object["losses"] = lost(&losses);
        report.object(&object);
        return Ok(Outcome::Fine);
    }
    let undone = rollback(&mut client, &request, &options, &mut |event| progress.tell(event));
    progress.clear();
    let undone = undone?;
    let count = migrations(undone.len());
    report.say(&format!("{GOOD}{count} rolled back{GOOD:#} in {}", target.display()));
    let done: Vec<Value> = undone.iter().map(report_object).collect();
    report.object(&json!({
        "database": target.display(),
        "dry_run": false,
        "rolled_back": done,
        "losses": lost(&losses),
    }));
    Ok(Outcome::Fine)
}

fn options(settings: &Settings, args: &RollbackArgs) -> RunOptions {
    let mut options = settings.run_options_with(args.lock_timeout, args.wait);
    if args.allow.contains(&RollbackAllow::Edited) {
        options.allow.insert(Allow::Edited);
    }
    options
}

fn back(args: &RollbackArgs) -> Back {
    match args.to.as_deref() {
        Some("none") => Back::ToNone,
        Some(id) => Back::To(id.to_owned()),
        None => Back::Steps(args.steps.unwrap_or(1)),
    }
}

/// Asks whether what these lines say may be lost.
pub(crate) fn may_lose(losses: &[String], prompt: &Prompt, report: Report) -> Result<bool, Error> {
    if losses.is_empty() {
        return Ok(true);
    }
    if !prompt.asks() {
        return Ok(false);
    }
    for loss in losses {
        report.warn(loss.trim_start());
    }
    let no_answer = || Error::refused("there was no answer, so nothing was rolled back");
    prompt.confirm("This rollback loses data. Go on?").ok_or_else(no_answer)
}

fn lost(losses: &[Obstacle]) -> Value {
    losses.iter().map(|loss| json!({"what": loss.what, "rows": loss.count})).collect()
}
