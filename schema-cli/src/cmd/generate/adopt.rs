//! `schema generate --from`: a migration of what somebody changed by hand in a database.

use super::super::migrations;
use super::super::status::drift::{Live, read};
use super::{Terminal, answers, object, show};
use crate::args::GenerateArgs;
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::{Settings, now};
use crate::sources;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, NewMigration};
use schema_core::engine::history::Migration;
use schema_core::engine::postgres::adopt::{self, Found, Request};
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::source::Source;
use serde_json::json;

/// Runs the command; `from` is a URL, or `live` for the database that is configured.
pub(crate) fn run(
    settings: &Settings,
    args: &GenerateArgs,
    from: &str,
    prompt: &Prompt,
    report: Report,
) -> Result<Outcome, Error> {
    let target = target(settings, from, report)?;
    let history = settings.history()?;
    let status = run::status(&mut target.connect()?, &history, &settings.run_options())?;
    if !status.ledger {
        return Err(adopt::no_ledger());
    }
    let mut live = Live::read(settings, &target, &history, &status)?;
    let request = Request {
        applied: &live.applied,
        pending: &live.pending,
        live: &live.catalog,
        name: args.name.as_deref(),
        now: now(),
        tool: env!("CARGO_PKG_VERSION"),
    };
    let mut terminal = Terminal { prompt, progress: Progress::new(report), report };
    let found = adopt::adopt(&mut live.bench, &request, answers(settings, args), &mut terminal);
    terminal.progress.clear();
    sources::tell_times(&mut live.bench, report);
    let place = target.display();
    match found? {
        Found::Nothing => {
            report.say(&format!("nothing to adopt: {place} is what its migrations make"));
            report.object(&json!({"changed": false, "written": false, "recorded": []}));
        }
        Found::Has(count) => {
            let has: Vec<&Migration> = live.pending.0.iter().take(count).collect();
            let ids: Vec<&str> = has.iter().map(|migration| migration.id.as_str()).collect();
            if !args.adopt || args.dry_run {
                report.say(&format!("{place} has already what these would make: {}", ids.join(", ")));
                report.say("next: the same with --adopt records them there as applied");
            } else {
                record(settings, &target, &live, &has, report)?;
            }
            let recorded = if args.adopt && !args.dry_run { ids } else { Vec::new() };
            report.object(&json!({"changed": false, "written": false, "recorded": recorded}));
        }
        Found::Changed(made) => {
            let texts = &made.texts;
            let folder = settings.migrations.join(&texts.id);
            show(&format!("changed by hand in {place}:"), &made, &folder, report);
            if args.dry_run {
                report.say(&format!("{GOOD}proven, not written (--dry-run){GOOD:#}: {}", folder.display()));
                report.object(&object(&made, &folder, true));
                return Ok(Outcome::Fine);
            }
            let migration = NewMigration { id: &texts.id, up: &texts.up, down: Some(&texts.down) };
            files::add(&settings.migrations, &migration)?;
            report.say(&format!("{GOOD}proven and written{GOOD:#}: {}", folder.display()));
            if args.adopt {
                let shown = folder.display().to_string();
                let migration = Migration::read(&texts.id, &shown, &texts.up, Some(&texts.down))?;
                record(settings, &target, &live, &[&migration], report)?;
            } else {
                report.say(&format!(
                    "next: {place} has it already, and `schema migrate` would run it there again: the same command \
                     with --adopt records it there as applied"
                ));
            }
            report.say("next: declare the same in the code; `schema check` says what is still missing");
            report.object(&object(&made, &folder, false));
        }
    }
    Ok(Outcome::Fine)
}

fn target(settings: &Settings, from: &str, report: Report) -> Result<Target, Error> {
    if from == "live" {
        return settings.target(report);
    }
    match Source::parse(from)? {
        Source::Live(url) => settings.target_of(&url, "--from"),
        Source::Code | Source::Migrations | Source::Empty | Source::Sql(_) => {
            Err(Error::usage(format!("--from {from} is no database"))
                .next("give a postgres:// URL, or `live` for the database that is configured"))
        }
    }
}

/// Tells the database that it has these, if it is still as it was read.
fn record(
    settings: &Settings,
    target: &Target,
    live: &Live,
    which: &[&Migration],
    report: Report,
) -> Result<(), Error> {
    let mut progress = Progress::new(report);
    let options = settings.run_options();
    let mut is_still = || Ok(read(settings, target)?.objects == live.catalog.objects);
    let recorded = adopt::record(
        &mut target.connect_directly()?,
        which,
        &options,
        &mut |event| progress.tell(event),
        &mut is_still,
    );
    progress.clear();
    recorded?;
    report.say(&format!(
        "{GOOD}recorded{GOOD:#} in {} as applied: {}",
        target.display(),
        migrations(which.len())
    ));
    Ok(())
}
