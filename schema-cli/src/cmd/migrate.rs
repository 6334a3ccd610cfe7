//! `schema migrate`: applies what is pending, or shows what it would run.

use super::migrations;
use crate::args::{Global, MigrateArgs};
use crate::fleet::{self, Call};
use crate::progress::Progress;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::dry::{DryRun, dry_run};
use schema_core::engine::postgres::run::{self, RunOptions};
use schema_core::engine::postgres::watch::Watch;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &MigrateArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let options = options(&settings, args);
    let history = settings.history()?;
    if args.fleet.many.is_meant() {
        let call = Call { global, settings: &settings, history: &history, options: &options, report };
        return fleet::migrate::run(call, args);
    }
    let target = settings.target(report)?;
    if args.dry_run {
        let mut client = target.connect()?;
        let dry = dry_run(&mut client, &history, &options)?;
        if dry.sections.is_empty() {
            report.note("nothing is pending");
        } else {
            report.result(&format!("{}\n", dry.sql(global.verbose)));
        }
        report.object(&dry_object(&dry, &target));
        return Ok(Outcome::Fine);
    }
    let mut client = target.connect_directly()?;
    let mut progress = Progress::new(report);
    let _watch = Watch::start(&target, &mut client, progress.noter())?;
    let done = run::migrate(&mut client, &history, &options, &mut |event| progress.tell(event));
    progress.clear();
    let done = done?;
    report.say(&summary(&done, &target));
    report.object(&object(&done, &target));
    Ok(Outcome::Fine)
}

fn options(settings: &Settings, args: &MigrateArgs) -> RunOptions {
    let mut options = settings.run_options_with(args.lock_timeout, args.wait);
    options.to.clone_from(&args.to);
    options.allow = args.allow.iter().copied().collect();
    if let Some(retries) = args.lock_retries {
        options.lock_retries = retries;
    }
    options
}

fn summary(done: &run::Report, target: &Target) -> String {
    let place = target.display();
    match done.applied.len() {
        0 => format!("nothing to apply: {} already applied to {place}", migrations(done.already)),
        count => format!("{GOOD}{} applied{GOOD:#} to {place}", migrations(count)),
    }
}

fn object(done: &run::Report, target: &Target) -> Value {
    let applied: Vec<Value> = done.applied.iter().map(report_object).collect();
    json!({
        "database": target.display(),
        "dry_run": false,
        "applied": applied,
        "already": done.already,
    })
}

/// What was done with one migration.
pub(super) fn report_object(migration: &run::Applied) -> Value {
    json!({
        "id": migration.id,
        "sections": migration.sections,
        "milliseconds": u64::try_from(migration.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

pub(super) fn dry_object(dry: &DryRun, target: &Target) -> Value {
    let sections: Vec<Value> = dry
        .sections
        .iter()
        .map(|section| {
            let statements: Vec<&str> =
                section.statements.iter().map(|statement| statement.sql.as_str()).collect();
            json!({
                "id": section.id,
                "section": section.number,
                "transaction": section.transaction,
                "statements": statements,
            })
        })
        .collect();
    json!({
        "database": target.display(),
        "dry_run": true,
        "sections": sections,
        "sql": dry.sql(true),
    })
}
