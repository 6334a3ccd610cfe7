//! `schema repair`: shows what is not as it should be, and settles it where that is wanted.

use crate::args::Global;
use crate::args::back::RepairArgs;
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, LOOK, NOTE, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, major};
use schema_core::engine::error::Error;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::repair::{Answers, Finding, Request, has_ledger, look, repair};
use schema_core::engine::postgres::source::read_live;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &RepairArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let target = settings.target(report)?;
    let options = settings.run_options_with(None, args.wait);
    let mut client = target.connect_directly()?;
    let managed = settings.managed(true);
    let answers = Answers {
        accept: args.accept.clone(),
        forget: args.forget.clone(),
        done: args.done.clone(),
        not_done: args.not_done.clone(),
    };
    let live = read_live(&target, &options.ledger_schema, &ReadOptions::from(&managed))?;
    let mut bench = sources::workbench(&settings, Some(major(&live)), &managed)?;
    let request = Request { history: &history, live: &live, answers: &answers };
    let mut progress = Progress::new(report);
    let ledger = has_ledger(&mut client, &history, &options)?;
    let findings = if ledger {
        look(&mut client, &mut bench, &request, &options, &mut |event| progress.tell(event))?
    } else {
        Vec::new()
    };
    for finding in &findings {
        report.result(&format!("{LOOK}found{LOOK:#}  {}\n", finding.what));
        for (word, line) in [("does", &finding.does), ("next", &finding.next)] {
            if let Some(line) = line {
                report.result(&format!("  {NOTE}{word}{NOTE:#} {}\n", line.replace('\n', "\n       ")));
            }
        }
    }
    let open = findings.iter().filter(|finding| finding.does.is_some()).count();
    let prompt = Prompt::new(global, report);
    let wanted = open > 0
        && (args.apply
            || prompt.asks() && prompt.confirm("Do what stands after `does`?").unwrap_or_default());
    if wanted {
        repair(&mut client, &mut bench, &request, &findings, &options, &mut |event| progress.tell(event))?;
    }
    report.say(&match (findings.len(), open, wanted) {
        (0, _, _) => format!("nothing to repair in {}", target.display()),
        (_, 0, _) => "nothing that a repair could do by itself".to_owned(),
        (_, count, true) => format!("{GOOD}{count} repaired{GOOD:#} in {}", target.display()),
        (_, _, false) => "nothing was changed; `--apply` does what stands after `does`".to_owned(),
    });
    report.object(&json!({
        "database": target.display(),
        "applied": wanted,
        "findings": findings.iter().map(object).collect::<Vec<_>>(),
    }));
    let settled = if wanted { open } else { 0 };
    Ok(if settled == findings.len() { Outcome::Fine } else { Outcome::Findings })
}

fn object(finding: &Finding) -> Value {
    json!({"what": finding.what, "does": finding.does, "next": finding.next})
}
