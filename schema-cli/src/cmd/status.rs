//! `schema status`: where every migration stands in a database. Only reads, and builds nothing.

pub(super) mod drift;

use super::migrations;
use crate::args::{Global, StatusArgs};
use crate::fleet::{self, Call};
use crate::report::{BAD, DIM, GOOD, LOOK, NOTE, Outcome, Report};
use crate::settings::Settings;
use anstyle::Style;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::status::{MigrationStatus, Replaced, State, Status};
use serde_json::{Value, json};

/// How many events are shown.
const EVENTS: usize = 10;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &StatusArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let options = settings.run_options();
    if args.many.is_meant() {
        let call = Call { global, settings: &settings, history: &history, options: &options, report };
        return fleet::status::run(call, &args.many);
    }
    let target = settings.target(report)?;
    let status = run::status(&mut target.connect()?, &history, &options)?;
    report.result(&text(&target.display(), &status));
    let mut object = object(&target.display(), &status);
    let mut fine =
        status.migrations.iter().all(|migration| migration.state == State::Applied && !migration.edited);
    if args.drift {
        let found = drift::find(&settings, &target, &history, &status, report)?;
        report.result(&format!("\n{}", drift::text(&found)));
        object["drift"] = drift::object(&found);
        fine &= found.is_none();
    }
    report.object(&object);
    Ok(if fine { Outcome::Fine } else { Outcome::Findings })
}

fn count(status: &Status, state: State) -> usize {
    status.migrations.iter().filter(|migration| migration.state == state).count()
}

/// How many stand where.
pub(crate) fn counts(status: &Status) -> Vec<String> {
    let mut counts = vec![format!("{} applied", count(status, State::Applied))];
    for state in [State::Pending, State::HalfApplied, State::HalfRolledBack, State::Missing] {
        match count(status, state) {
            0 => {}
            some => counts.push(format!("{some} {}", state.word())),
        }
    }
    counts
}

fn style(migration: &MigrationStatus) -> Style {
    match migration.state {
        State::Applied if migration.edited => BAD,
        State::Applied => GOOD,
        State::Pending if migration.out_of_order => BAD,
        State::Pending => LOOK,
        State::HalfApplied | State::HalfRolledBack | State::Missing => BAD,
    }
}

/// For people.
pub(crate) fn text(place: &str, status: &Status) -> String {
    let width = status.migrations.iter().map(|migration| migration.id.len()).max().unwrap_or_default();
    let mut text = format!("{place}\n");
    for migration in &status.migrations {
        let style = style(migration);
        let line = format!(
            "  {style}{:<12}{style:#}  {:<width$}  {}",
            migration.state.word(),
            migration.id,
            remarks(migration).join("; ")
        );
        text += &format!("{}\n", line.trim_end());
        if let Some(failure) = failure(migration) {
            text += &format!("                {}\n", failure.replace('\n', "\n                "));
        }
    }
    text += &format!("{}\n", counts(status).join(", "));
    for event in status.events.iter().take(EVENTS) {
        let detail = event.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
        text += &format!(
            "  {DIM}{} {} {} by {}{detail}{DIM:#}\n",
            event.at, event.event, event.migration, event.by
        );
    }
    let refused = |migration: &MigrationStatus| {
        migration.edited
            || migration.out_of_order
            || migration.state == State::Missing
            || matches!(migration.replaced, Replaced::Some { .. })
    };
    if status.migrations.iter().any(|migration| migration.state == State::HalfRolledBack) {
        text += &format!("{NOTE}next:{NOTE:#} `schema rollback` goes on with it\n");
    } else if status.migrations.iter().any(refused) {
        text += &format!("{NOTE}next:{NOTE:#} `schema migrate` refuses this, and says what to do\n");
    } else if status.pending().next().is_some() {
        let pending = migrations(status.pending().count());
        text += &format!("{NOTE}next:{NOTE:#} `schema migrate` applies {pending}\n");
    }
    text
}

/// What is to be said beside the state.
fn remarks(migration: &MigrationStatus) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(row) = &migration.recorded {
        remarks.push(match migration.state {
            State::HalfApplied => format!("section {} of {} is next", row.done + 1, row.sections),
            State::HalfRolledBack => format!("section {} of its down.sql is next", row.done_back() + 1),
            State::Pending => format!("failed {} by {}", row.at, row.by),
            State::Applied | State::Missing => {
                format!("{DIM}{} by {}, {} ms{DIM:#}", row.at, row.by, row.milliseconds)
            }
        });
    }
    if migration.edited {
        remarks.push("edited: the file is not what has run".to_owned());
    }
    if migration.out_of_order {
        remarks.push("out of order: a later one has run".to_owned());
    }
    match &migration.replaced {
        Replaced::None => {}
        Replaced::All => remarks.push("all that it replaces has run; `schema migrate` records it".to_owned()),
        Replaced::Some { left, .. } => {
            remarks.push(format!("of what it replaces this has not run: {}", left.join(", ")));
        }
    }
    if migration.state == State::Missing {
        remarks.push("it has run, but there is no such folder".to_owned());
    }
    remarks
}

/// Why it is not applied, where it was tried.
pub(crate) fn failure(migration: &MigrationStatus) -> Option<&str> {
    let row = migration.recorded.as_ref()?;
    match migration.state {
        State::Pending | State::HalfApplied => row.failure(),
        State::HalfRolledBack | State::Applied => row.failure_back(),
        State::Missing => None,
    }
}

/// For programs, in short.
pub(crate) fn numbers(place: &str, status: &Status) -> Value {
    json!({
        "database": place,
        "applied": count(status, State::Applied),
        "pending": count(status, State::Pending),
        "half_applied": count(status, State::HalfApplied),
        "half_rolled_back": count(status, State::HalfRolledBack),
        "missing": count(status, State::Missing),
    })
}

/// For programs.
pub(crate) fn object(place: &str, status: &Status) -> Value {
    let migrations: Vec<Value> = status
        .migrations
        .iter()
        .map(|migration| {
            let row = migration.recorded.as_ref();
            json!({
                "id": migration.id,
                "state": migration.state.word(),
                "edited": migration.edited,
                "out_of_order": migration.out_of_order,
                "at": row.map(|row| &row.at),
                "by": row.map(|row| &row.by),
                "milliseconds": row.map(|row| row.milliseconds),
                "tool": row.map(|row| &row.tool),
                "sections": row.map(|row| row.sections),
                "sections_done": row.map(|row| row.done),
                "failure": failure(migration),
            })
        })
        .collect();
    let events: Vec<Value> = status
        .events
        .iter()
        .map(|event| {
            json!({"at": event.at, "event": event.event, "migration": event.migration, "by": event.by,
                "tool": event.tool, "milliseconds": event.milliseconds, "detail": event.detail})
        })
        .collect();
    let mut object = numbers(place, status);
    object["ledger"] = json!(status.ledger);
    object["migrations"] = json!(migrations);
    object["events"] = json!(events);
    object
}
