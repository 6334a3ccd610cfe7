//! `schema diff`: the SQL that turns one schema into another. Never refuses, never asks.

use crate::args::{DiffArgs, Global};
use crate::objects;
use crate::report::{Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs, Word, major};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diff::{Change, diff};
use schema_core::engine::draft::{Side, one_sided};
use schema_core::engine::error::Error;
use schema_core::engine::id::ObjectId;
use schema_core::engine::plan::{Plan, plan_changes};
use schema_core::engine::render;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &DiffArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let needs = Needs { settings: &settings, global, cargo: &args.cargo, report };
    let words = [(&args.from, "--from"), (&args.to, "--to")];
    let [old, new] = sources::read(words.map(|(text, argument)| Word { text, argument }), needs)?;
    if major(&old) != major(&new) {
        report.note(&format!(
            "PostgreSQL {} printed the first schema and {} the second: a difference in text alone may be none",
            major(&old),
            major(&new)
        ));
    }
    let changes = diff(&old, &new);
    let plan = plan_changes(&changes, &old, &new)?;
    let unmodeled = unmodeled(&old, &new);
    if plan.is_empty() {
        for line in &unmodeled {
            report.note(&format!("not compared: {line}"));
        }
    } else {
        let notes: String = unmodeled.iter().map(|line| format!("-- not compared: {line}\n")).collect();
        let gap = if notes.is_empty() { "" } else { "\n" };
        let sql = render::statements(&plan, &new.origins);
        report.sql(&format!("{notes}{gap}{sql}"));
    }
    report.object(&object(&changes, &plan, &unmodeled, &old, &new));
    let differ = args.exit_code && !plan.is_empty();
    Ok(if differ { Outcome::Findings } else { Outcome::Fine })
}

/// What only one side has and nobody can compare, a line each.
fn unmodeled(old: &Catalog, new: &Catalog) -> Vec<String> {
    let line = |(what, side): (String, Side)| {
        let side = match side {
            Side::Old => "first",
            Side::New => "second",
        };
        // Names can hold line ends; a comment must not.
        format!("{what}: only in the {side}").replace(['\n', '\r'], " ")
    };
    one_sided(old, new).into_iter().map(line).collect()
}

fn object(changes: &[Change<'_>], plan: &Plan, unmodeled: &[String], old: &Catalog, new: &Catalog) -> Value {
    let verb = |change: &Change<'_>| match change {
        Change::Create(_) => "add",
        Change::Drop(_) => "drop",
        Change::Alter(..) => "alter",
        Change::Rename(..) => "rename",
    };
    let changes: Vec<(&str, ObjectId)> = changes.iter().map(|change| (verb(change), change.id())).collect();
    let sections: Vec<Value> = plan
        .sections
        .iter()
        .filter(|steps| !steps.is_empty())
        .map(|steps| json!({"steps": objects::steps(steps.iter(), &new.origins)}))
        .collect();
    json!({
        "equal": plan.is_empty(),
        "from": {"major": major(old)},
        "to": {"major": major(new)},
        "changes": objects::changes(&changes, &new.origins),
        "sections": sections,
        "sql": render::statements(plan, &new.origins),
        "unmodeled": unmodeled,
    })
}
