//! `multiple-alter-same-table`.

use super::alter_type::converts;
use super::set_not_null::is_proven;
use crate::engine::lint::prelude::*;
use crate::engine::lint::world::World;
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
    if site.walked.iter().filter(|step| matches!(step.placed.action, Action::Alter { .. })).count() < 2 {
        return;
    }
    let mut first: BTreeMap<(usize, QName), &Walked<'_>> = BTreeMap::new();
    site.replay(|world, _, step| {
        let Action::Alter { table, change } = &step.placed.action else { return };
        if step.fresh || !goes_through(table, change, world) {
            return;
        }
        let earlier = first.entry((step.section, table.full())).or_insert(step);
        if !std::ptr::eq(earlier.statement, step.statement) {
            let line = earlier.placed.line;
            found
                .step(site.unit, step, format!("goes through {table} once more, after line {line}"))
                .of(table);
        }
    });
}

/// Whether all rows are read or written.
fn goes_through(table: &Name, change: &Change, world: &World) -> bool {
    match change {
        Change::SetType { column, to, .. } => {
            let known = world.column(table, column);
            known.is_none_or(|known| converts(column.as_str(), &known.data_type, to))
        }
        Change::SetNotNull(column) => !is_proven(world, table, column),
        Change::SetLogged(_) | Change::SetAccessMethod => true,
        Change::AddConstraint(constraint) => constraint.form == Form::Check && constraint.looks(),
        Change::AddColumn { column, .. } => {
            column.serial || column.identity || column.generated == Some(true)
        }
        Change::Expression { set, .. } => *set,
        _other => false,
    }
}
