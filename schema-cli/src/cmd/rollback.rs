//! `schema rollback`: undoes what was applied last, or shows what it would run.

use super::migrate::{dry_object, report_object};
use super::migrations;
use crate::args::Global;
use crate::args::back::{RollbackAllow, RollbackArgs};
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::back::{Back, choose};
use schema_core::engine::postgres::losses::{Tried, refuse_losses, refuse_unproven, try_back};
use schema_core::engine::postgres::push::{major, told};
use schema_core::engine::postgres::rollback::{Request, dry_rollback, rollback};
use schema_core::engine::postgres::run::{self, Allow, RunOptions};
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &RollbackArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let target = settings.target(report)?;
    let options = options(&settings, args);
    let back = back(args);
    let mut client = target.connect()?;
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
    let mut bench = sources::workbench(&settings, Some(major(&target)?), &settings.managed(true))?;
    let tried = try_back(&mut bench, &mut client, &status.ran(&history), &chosen);
    progress.clear();
    sources::tell_times(&mut bench, report);
    let tried = tried?;
    drop(bench);
    let prompt = Prompt::new(global, report);
    if !args.allow.contains(&RollbackAllow::Unproven) {
        refuse_unproven(&tried)?;
    }
    if !args.dry_run && !args.allow.contains(&RollbackAllow::DataLoss) && !may_lose(&tried, &prompt, report)?
    {
        refuse_losses(&tried)?;
    }
    let request = Request { history: &history, back: &back, half: &tried.half, expected: &expected };
    if args.dry_run {
        for loss in &tried.losses {
            report.warn(&format!("this loses data: {}", told(loss).join("\n").trim_start()));
        }
        let dry = dry_rollback(&mut client, &request, &options)?;
        report.result(&format!("{}\n", dry.sql(global.verbose)));
        let mut object = dry_object(&dry, &target);
        object["losses"] = losses(&tried);
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
        "losses": losses(&tried),
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

fn may_lose(tried: &Tried, prompt: &Prompt, report: Report) -> Result<bool, Error> {
    if tried.losses.is_empty() {
        return Ok(true);
    }
    if !prompt.asks() {
        return Ok(false);
    }
    for loss in &tried.losses {
        report.warn(told(loss).join("\n").trim_start());
    }
    let no_answer = || Error::refused("there was no answer, so nothing was rolled back");
    prompt.confirm("This rollback loses data. Go on?").ok_or_else(no_answer)
}

fn losses(tried: &Tried) -> Value {
    let one =
        |loss: &schema_core::engine::postgres::rows::Obstacle| json!({"what": loss.what, "rows": loss.count});
    tried.losses.iter().map(one).collect()
}
