//! `schema check`: whether code, `schema.sql` and migrations agree, for CI.

use super::{lint, migrations};
use crate::args::{CheckArgs, Format, Global};
use crate::findings;
use crate::git;
use crate::progress::Progress;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs};
use schema_core::engine::check::applied::{applied, as_if_run};
use schema_core::engine::check::forks::{Fork, forks};
use schema_core::engine::check::{self as rules, Facts};
use schema_core::engine::declared::declare;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, SNAPSHOT};
use schema_core::engine::findings::{Count, Finding};
use schema_core::engine::history::History;
use schema_core::engine::lint::docs;
use schema_core::engine::postgres::check::{Request, check};
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::record::Records;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &CheckArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let managed = settings.managed(true);
    let extracted =
        sources::build(Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed })?;
    let begun = Instant::now();
    let own = rules::rules();
    let mut bench = sources::workbench(&settings, None, &managed)?;
    let (history, facts, mut found) = match found(&mut bench, &settings, args, &extracted.records, report) {
        Ok(found) => found,
        // What stands in a file is a finding, and does not hide behind the format.
        Err(error) if !error.at.is_empty() => {
            (History::default(), Facts::default(), vec![rules::unreadable(&error)])
        }
        Err(error) => return Err(error),
    };
    // What cannot be run need not be read.
    if !args.no_lint && facts.broken.is_none() && !found.iter().any(rules::is_unreadable) {
        found.extend(lint::of_project(&mut bench, &settings, &extracted.records, &own, report)?);
    }
    report.detail(&format!("checked in {} ms", begun.elapsed().as_millis()));
    let mut texts = own;
    let more: Vec<_> =
        docs::texts().into_iter().filter(|text| texts.iter().all(|own| own.name != text.name)).collect();
    texts.extend(more);
    let outcome = findings::show(report, &found, &texts, args.strict, object(&history, &facts));
    if report.format() == Format::Text {
        report.say(&summary(&history, &facts, Count::of(&found)));
    }
    Ok(outcome)
}

/// The migrations, what is so, and what there is to say.
fn found(
    bench: &mut Workbench,
    settings: &Settings,
    args: &CheckArgs,
    records: &Records,
    report: Report,
) -> Result<(History, Facts, Vec<Finding>), Error> {
    let history = settings.history_or_none()?;
    let forks = forks(&history);
    let facts = facts(bench, settings, records, &history, &forks, report)?;
    let snapshot = settings.migrations.join(SNAPSHOT).display().to_string();
    let mut found = rules::findings(&history, &forks, &facts, &snapshot);
    let folder = settings.migrations.display().to_string();
    if let Some(base) = args.base.as_ref().filter(|_| settings.migrations.exists()) {
        let before = git::migrations_at(base, &settings.migrations, &history)?;
        found.extend(applied(&history, &as_if_run(&history, &before), base, &folder));
    }
    if args.database {
        let target = settings.target(report)?;
        let status = run::status(&mut target.connect()?, &history, &settings.run_options())?;
        found.extend(applied(&history, &status, &target.display(), &folder));
    }
    Ok((history, facts, found))
}

/// What is so, from an earlier run on the same files if there was one.
fn facts(
    bench: &mut Workbench,
    settings: &Settings,
    records: &Records,
    history: &History,
    forks: &[Fork],
    report: Report,
) -> Result<Facts, Error> {
    if let Some(facts) = bench.known_facts(records, &settings.migrations) {
        report.detail("nothing has changed since an earlier check");
        return Ok(facts);
    }
    let declared = declare(records)?;
    let snapshot = files::read_snapshot(&settings.migrations)?;
    let request = Request { declared: &declared, history, forks, snapshot: snapshot.as_deref() };
    let progress = Progress::new(report);
    let facts = check(bench, &request, &mut |what| progress.busy(what));
    progress.clear();
    sources::tell_times(bench, report);
    let facts = facts?;
    bench.keep_facts(records, &settings.migrations, &facts);
    Ok(facts)
}

fn object(history: &History, facts: &Facts) -> Map<String, Value> {
    let checked = json!({
        "migrations": history.0.len(),
        "ups": facts.proven.ups,
        "downs": facts.proven.downs,
        "orders": facts.proven.orders,
    });
    Map::from_iter([("checked".to_owned(), checked)])
}

fn summary(history: &History, facts: &Facts, count: Count) -> String {
    let mut parts = vec![
        format!("{} run from zero", migrations(facts.proven.ups)),
        format!("{} lead back", facts.proven.downs),
    ];
    if facts.proven.orders > 0 {
        parts.push(format!("{} in other orders", facts.proven.orders));
    }
    let text = format!("of {}: {}", migrations(history.0.len()), parts.join(", "));
    if count == Count::default() {
        format!("{GOOD}nothing to find{GOOD:#} {text}")
    } else {
        format!("{count} ({text})")
    }
}
