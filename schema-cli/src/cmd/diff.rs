//! `schema diff`: the SQL that turns one schema into another. Never refuses, never asks.

use crate::args::{DiffArgs, Global};
use crate::objects;
use crate::report::{Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs, Word, major};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diff::{Change, beyond, diff};
use schema_core::engine::draft::{Side, one_sided};
use schema_core::engine::error::Error;
use schema_core::engine::id::ObjectId;
use schema_core::engine::managed::{Claim, Managed};
use schema_core::engine::plan::{Plan, plan_changes, plan_online};
use schema_core::engine::rename::{parse_flags, resolve};
use schema_core::engine::render;
use schema_core::engine::step::Step;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &DiffArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let declared = [&args.from, &args.to].map(|word| matches!(word.as_str(), "code" | "migrations"));
    let managed = managed(&settings, args, declared.contains(&true));
    let needs = Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed };
    let words = [(&args.from, "--from"), (&args.to, "--to")];
    let [old, new] = sources::read(words.map(|(text, argument)| Word { text, argument }), needs)?;
    let (mut old, said, new) = (old.catalog, new.renames, new.catalog);
    if major(&old) != major(&new) {
        report.note(&format!(
            "PostgreSQL {} printed the first schema and {} the second: a difference in text alone may be none",
            major(&old),
            major(&new)
        ));
    }
    let renames = resolve(&parse_flags(&args.rename, &said, &old, &new)?, &old, &new)?.steps;
    if !renames.is_empty() {
        let mut bench = sources::workbench(&settings, Some(major(&old)), &managed)?;
        old = bench.renamed(&old, &renames)?;
        sources::tell_times(&mut bench, report);
    }
    // What is claimed says the side that somebody declares.
    let (old, new) = match declared {
        [true, false] => {
            let (new, old) = managed.pair(new, old);
            (old, new)
        }
        [_, true] | [false, false] => managed.pair(old, new),
    };
    let changes = diff(&old, &new);
    let way = if args.online { plan_online } else { plan_changes };
    let plan = way(&changes, &old, &new)?.after(renames.clone());
    let unmodeled = unmodeled(&old, &new);
    let beyond = beyond(&old, &new);
    if plan.is_empty() {
        for line in &unmodeled {
            report.note(&format!("not compared: {line}"));
        }
        for line in &beyond {
            report.note(&format!("not changed: {line}"));
        }
    } else {
        let not_compared = unmodeled.iter().map(|line| format!("-- not compared: {line}\n"));
        let not_changed = beyond.iter().map(|line| format!("-- not changed: {}\n", one_line(line)));
        let notes: String = not_compared.chain(not_changed).collect();
        let gap = if notes.is_empty() { "" } else { "\n" };
        let sql = sql(&plan, &new, args.online);
        report.sql(&format!("{notes}{gap}{sql}"));
    }
    if report.is_json() {
        let sql = sql(&plan, &new, args.online);
        let notes = [unmodeled.as_slice(), &beyond];
        report.object(&object(&verbs(&changes, &renames), &plan, notes, &sql, (&old, &new)));
    }
    let differ = args.exit_code && !plan.is_empty();
    Ok(if differ { Outcome::Findings } else { Outcome::Fine })
}

/// The plan for psql.
fn sql(plan: &Plan, new: &Catalog, online: bool) -> String {
    if online { render::transactions(plan, &new.origins) } else { render::statements(plan, &new.origins) }
}

/// What is compared of grants, owners and roles.
fn managed(settings: &Settings, args: &DiffArgs, declared: bool) -> Managed {
    let mut managed = settings.managed(declared);
    if args.owners && managed.owners == Claim::None {
        managed.owners = if declared { Claim::Claimed } else { Claim::All };
    }
    managed.roles |= args.roles;
    managed
}

/// What only one side has and nobody can compare, a line each.
fn unmodeled(old: &Catalog, new: &Catalog) -> Vec<String> {
    let line = |(what, side): (String, Side)| {
        let side = match side {
            Side::Old => "first",
            Side::New => "second",
        };
        one_line(&format!("{what}: only in the {side}"))
    };
    one_sided(old, new).into_iter().map(line).collect()
}

/// Names can hold line ends; a comment must not.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Every Change as a verb and an object.
fn verbs(changes: &[Change<'_>], renames: &[Step]) -> Vec<(&'static str, ObjectId)> {
    let verb = |change: &Change<'_>| match change {
        Change::Create(_) => "add",
        Change::Drop(_) => "drop",
        Change::Alter(..) => "alter",
        Change::Rename(..) => "rename",
    };
    let renamed = renames.iter().flat_map(|step| &step.causes).map(|id| ("rename", id.clone()));
    renamed.chain(changes.iter().map(|change| (verb(change), change.id()))).collect()
}

fn object(
    changes: &[(&str, ObjectId)],
    plan: &Plan,
    [unmodeled, beyond]: [&[String]; 2],
    sql: &str,
    (old, new): (&Catalog, &Catalog),
) -> Value {
    json!({
        "equal": plan.is_empty(),
        "from": {"major": major(old)},
        "to": {"major": major(new)},
        "changes": objects::changes(changes, &new.origins),
        "sections": objects::sections(plan, &new.origins),
        "sql": sql,
        "unmodeled": unmodeled,
        "not_changed": beyond,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_compared_is_named() {
        let catalog = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            Catalog { unmodeled: [("thing".to_owned(), names)].into(), ..Catalog::default() }
        };
        let lines = unmodeled(&catalog(&["a", "both"]), &catalog(&["both", "b\nDROP TABLE x;"]));
        assert_eq!(lines, ["thing b DROP TABLE x;: only in the second", "thing a: only in the first"]);
        assert_eq!(unmodeled(&catalog(&["a"]), &catalog(&["a"])), [""; 0]);
    }
}
