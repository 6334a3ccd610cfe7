//! `schema prove`: runs migrations up and down again, after edits by hand, and brings their heads up to date.

use crate::args::{Format, Global, ProveArgs};
use crate::findings;
use crate::progress::Progress;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs};
use schema_core::engine::check as rules;
use schema_core::engine::declared::declare;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, SNAPSHOT};
use schema_core::engine::findings::Finding;
use schema_core::engine::header::{Shown, proven_line, refreshed_down, refreshed_up};
use schema_core::engine::history::{Down, History, Migration};
use schema_core::engine::postgres::check::{Request, find, of_code, reprove};
use schema_core::engine::postgres::workbench::Workbench;
use serde_json::{Map, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &ProveArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let places = places(&history, &args.ids)?;
    let managed = settings.managed(true);
    let mut bench = sources::workbench(&settings, None, &managed)?;
    let progress = Progress::new(report);
    let (mut found, mut proven) = (Vec::new(), Vec::new());
    for at in places {
        let migration = &history.0[at];
        progress.busy(&format!("running {} up and down", migration.id));
        let proof = prove(&mut bench, &history, at);
        progress.clear();
        match proof? {
            Some(finding) => found.push(finding),
            None => {
                let line = refresh(&settings, migration, &mut bench)?;
                report.say(&format!("{GOOD}proven{GOOD:#}  {}: {line}", migration.id));
                proven.push(migration.id.clone());
            }
        }
    }
    sources::tell_times(&mut bench, report);
    if found.is_empty() {
        let needs = Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed };
        found = against_code(needs, &mut bench, &history)?;
    }
    let more = Map::from_iter([("proven".to_owned(), json!(proven))]);
    let outcome = findings::show(report, &found, &rules::rules(), false, more);
    if report.format() == Format::Text && found.is_empty() {
        report.say("the migrations add up to what the code declares");
    }
    Ok(outcome)
}

/// Those that are named, else the last.
fn places(history: &History, ids: &[String]) -> Result<Vec<usize>, Error> {
    if history.0.is_empty() {
        return Err(Error::usage("there is no migration")
            .next("`schema generate` writes one, `schema generate --custom` an empty one"));
    }
    if ids.is_empty() {
        return Ok(vec![history.0.len() - 1]);
    }
    let mut places = ids.iter().map(|id| find(history, id)).collect::<Result<Vec<usize>, Error>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// What is wrong with it, if anything is.
fn prove(bench: &mut Workbench, history: &History, at: usize) -> Result<Option<Finding>, Error> {
    match reprove(bench, history, at) {
        Ok(verdict) => Ok(verdict.and_then(|verdict| rules::way_back(history, at, Some(&verdict)))),
        Err(error) if !error.at.is_empty() => Ok(Some(rules::broken(&error.into()))),
        Err(error) => Err(error),
    }
}

/// Writes into the head of its files what the proof has shown; gives that line.
fn refresh(settings: &Settings, migration: &Migration, bench: &mut Workbench) -> Result<String, Error> {
    let tool = env!("CARGO_PKG_VERSION");
    let on = format!("PostgreSQL {}", bench.server()?.version);
    let shown = match &migration.down {
        Down::Script(_) => Shown::BothWays,
        Down::Irreversible(_) | Down::Absent => Shown::OneWay,
    };
    let write = |name: &str, old: &str, new: &str| {
        if old == new { Ok(()) } else { files::rewrite(&settings.migrations, &migration.id, name, new) }
    };
    let up = refreshed_up(&migration.up.text, &migration.id, &on, shown, tool);
    write("up.sql", &migration.up.text, &up)?;
    if let Down::Script(down) = &migration.down {
        write("down.sql", &down.text, &refreshed_down(&down.text, tool))?;
    }
    Ok(proven_line(&on, shown).trim_start_matches("-- ").to_owned())
}

/// Whether the sum of all migrations is still what the code declares.
fn against_code(needs: Needs<'_>, bench: &mut Workbench, history: &History) -> Result<Vec<Finding>, Error> {
    let folder = &needs.settings.migrations;
    let declared = declare(&sources::build(needs)?.records)?;
    let snapshot = files::read_snapshot(folder)?;
    let request = Request { declared: &declared, history, forks: &[], snapshot: snapshot.as_deref() };
    let facts = of_code(bench, &request)?;
    Ok(rules::of_code(&facts, &folder.join(SNAPSHOT).display().to_string()))
}
