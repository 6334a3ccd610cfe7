//! `schema repair`: shows what is not as it should be, and settles it where that is wanted.

use crate::args::Global;
use crate::args::back::RepairArgs;
use crate::fleet::{self, Call};
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, LOOK, NOTE, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, major};
use schema_core::engine::error::Error;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::repair::{Answers, Finding, Request, has_ledger, look, repair};
use schema_core::engine::postgres::source::read_live;
use schema_core::engine::postgres::tenants::prepare_back;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &RepairArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let mut options = settings.run_options_with(None, args.wait);
    let managed = settings.managed(true);
    let (target, mut client, history, live) = match &args.tenant {
        Some(tenant) => {
            let call = Call { global, settings: &settings, history: &history, options: &options, report };
            let (target, client, history) = fleet::one_tenant(call, tenant)?;
            options.tenant = Some(tenant.clone());
            (target, client, history, None)
        }
        None => {
            let target = settings.target(report)?;
            let client = target.connect_directly()?;
            let live = read_live(&target, &options.ledger_schema, &ReadOptions::from(&managed))?;
            (target, client, history, Some(live))
        }
    };
    let answers = Answers {
        accept: args.accept.clone(),
        forget: args.forget.clone(),
        done: args.done.clone(),
        not_done: args.not_done.clone(),
    };
    let mut bench = sources::workbench(&settings, live.as_ref().map(major), &managed)?;
    let request = Request { history: &history, live: live.as_ref(), answers: &answers };
    let mut progress = Progress::new(report);
    let findings = if has_ledger(&mut client, &options)? {
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
        if args.tenant.is_some() {
            prepare_back(&mut client, &options, &mut |event| progress.tell(event))?;
        }
        repair(&mut client, &mut bench, &request, &findings, &options, &mut |event| progress.tell(event))?;
    }
    let place = args.tenant.iter().fold(target.display(), |place, tenant| format!("{tenant} of {place}"));
    report.say(&match (findings.len(), open, wanted) {
        (0, _, _) => format!("nothing to repair in {place}"),
        (_, 0, _) => "nothing that a repair could do by itself".to_owned(),
        (_, count, true) => format!("{GOOD}{count} repaired{GOOD:#} in {place}"),
        (_, _, false) => "nothing was changed; `--apply` does what stands after `does`".to_owned(),
    });
    report.object(&json!({
        "database": target.display(),
        "tenant": args.tenant,
        "applied": wanted,
        "findings": findings.iter().map(object).collect::<Vec<_>>(),
    }));
    let settled = if wanted { open } else { 0 };
    Ok(if settled == findings.len() { Outcome::Fine } else { Outcome::Findings })
}

fn object(finding: &Finding) -> Value {
    json!({"what": finding.what, "does": finding.does, "next": finding.next})
}
