//! `multiple-alter-same-table`.

use crate::engine::lint::prelude::*;
use crate::engine::name::QName;
use std::collections::BTreeMap;

pub(in crate::engine::lint) const MULTIPLE_ALTER: Rule = Rule {
    name: "multiple-alter-same-table",
    group: Group::Locks,
    levels: Levels::INFO,
    summary: "Two ALTER TABLE of one transaction each read or write the whole table.",
    why: "Together in one statement they go through it once.",
    recipe: "Write them as one:\nALTER TABLE public.t ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    let mut first: BTreeMap<(usize, QName), &Walked<'_>> = BTreeMap::new();
    for step in site.walked.iter().filter(|step| !step.fresh) {
        let Action::Alter { table, change } = &step.placed.action else { continue };
        if !goes_through(change) {
            continue;
        }
        let earlier = first.entry((step.section, table.full())).or_insert(step);
        if !std::ptr::eq(earlier.statement, step.statement) {
            let line = earlier.placed.line;
            found
                .step(site.unit, step, format!("goes through {table} once more, after line {line}"))
                .of(table);
        }
    }
}

/// Whether all rows are read or written.
fn goes_through(change: &Change) -> bool {
    match change {
        Change::SetType { .. } | Change::SetNotNull(_) | Change::SetLogged(_) | Change::SetAccessMethod => {
            true
        }
        Change::AddConstraint(constraint) => {
            constraint.form == Form::Check && !constraint.not_valid && !constraint.not_enforced
        }
        Change::AddColumn { column, .. } => {
            column.serial || column.identity || column.generated == Some(true)
        }
        Change::Expression { set, .. } => *set,
        _other => false,
    }
}
