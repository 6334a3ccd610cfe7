//! `schema purge`: removes for good what migrations have parked.

use crate::args::Global;
use crate::args::back::{PurgeAllow, PurgeArgs};
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::ledger::Ledger;
use schema_core::engine::postgres::purge::{Parked, parked, purge};
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &PurgeArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let target = settings.target(report)?;
    let options = settings.run_options();
    let mut client = target.connect_directly()?;
    let rows = Ledger::new(&options.ledger_schema).read(&mut client)?.unwrap_or_default();
    let found = parked(&mut client, &rows, args.older_than)?;
    let lines: Vec<String> = found.iter().flat_map(lines).collect();
    let object = |purged: bool| {
        let found: Vec<Value> = found.iter().map(object).collect();
        json!({"database": target.display(), "purged": purged, "parked": found})
    };
    if found.is_empty() || args.dry_run {
        for line in &lines {
            report.result(&format!("{line}\n"));
        }
        if found.is_empty() {
            report.say(&format!("nothing to purge in {}", target.display()));
        }
        report.object(&object(false));
        return Ok(Outcome::Fine);
    }
    if !args.allow.contains(&PurgeAllow::DataLoss) && !may_go(&lines, &Prompt::new(global, report), report)? {
        let mut error = Error::refused(format!(
            "nothing was purged; this would be gone, and its migration could not be rolled back:\n{}",
            lines.join("\n")
        ));
        error.answers.push(vec!["--allow data-loss".to_owned()]);
        return Err(error.next("if that is meant, run the command again with --allow data-loss"));
    }
    let mut progress = Progress::new(report);
    purge(&mut client, &found, &options, &mut |event| progress.tell(event))?;
    report.say(&format!("{GOOD}purged{GOOD:#} in {}:", target.display()));
    for line in &lines {
        report.say(line);
    }
    report.object(&object(true));
    Ok(Outcome::Fine)
}

fn may_go(lines: &[String], prompt: &Prompt, report: Report) -> Result<bool, Error> {
    if !prompt.asks() {
        return Ok(false);
    }
    for line in lines {
        report.warn(line.trim_start());
    }
    let no_answer = || Error::refused("there was no answer, so nothing was purged");
    prompt.confirm("This is gone then for good. Go on?").ok_or_else(no_answer)
}

fn lines(parked: &Parked) -> Vec<String> {
    let of = parked.migration.as_deref().unwrap_or("a migration that the ledger does not know");
    let head = format!("  {} since {} by {of}", parked.schema, parked.since);
    let tables = parked.tables.iter().map(|(table, count)| {
        let rows = if *count == 1 { "row" } else { "rows" };
        format!("    {}: {count} {rows}", table.name)
    });
    std::iter::once(head).chain(tables).collect()
}

fn object(parked: &Parked) -> Value {
    let tables: Vec<Value> =
        parked.tables.iter().map(|(table, count)| json!({"table": table, "rows": count})).collect();
    json!({"schema": parked.schema, "migration": parked.migration, "since": parked.since, "tables": tables})
}
