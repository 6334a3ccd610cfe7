//! `statement-after-access-exclusive`, `wide-lock-window`: what happens while a transaction holds strong locks.

use crate::engine::lint::prelude::*;
use crate::engine::name::QName;
use crate::engine::step::LockMode;
use std::collections::BTreeSet;

pub(in crate::engine::lint) const AFTER: Rule = Rule {
    name: "statement-after-access-exclusive",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A slow statement follows one that has locked a table, in the same transaction.",
    why: "A lock is held until its transaction ends: whoever needs the table waits for the slow statement too.",
    recipe: "Put the slow statement first, or into a section of its own:\n-- schema:section",
    checks: &[Check::Unit(after)],
};

pub(in crate::engine::lint) const WIDE: Rule = Rule {
    name: "wide-lock-window",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "One transaction locks more than five tables against readers and writers.",
    why: "It holds the first while it waits for the last, and may meet a program that takes them in another order: a \
          deadlock.",
    recipe: "One section for each table, or few of them:\n-- schema:section",
    checks: &[Check::Unit(wide)],
};

/// How many tables one transaction may lock before it is wide.
const MANY: usize = 5;

fn after(site: &UnitSite<'_>, found: &mut Found) {
    for (index, step) in site.walked.iter().enumerate() {
        if !is_slow(&step.placed.action) || step.fresh || !site.unit.sections[step.section].transaction {
            continue;
        }
        let earlier = site.walked[..index].iter().filter(|earlier| {
            earlier.section == step.section && !std::ptr::eq(earlier.statement, step.statement)
        });
        let mut locked = earlier.flat_map(|earlier| earlier.locks.iter().map(move |lock| (earlier, lock)));
        if let Some((earlier, (_, table))) = locked.find(|(_, (mode, _))| *mode == LockMode::AccessExclusive)
        {
            let line = earlier.placed.line;
            let message =
                format!("runs while nobody can read or write {}, locked on line {line}", table.short());
            found.step(site.unit, step, message).of(table.short());
        }
    }
}

/// What takes longer the more rows there are.
fn is_slow(action: &Action) -> bool {
    match action {
        Action::Write { batched, .. } => !batched,
        Action::CreateIndex(index) => !index.only,
        Action::Refresh { .. } | Action::Reindex { .. } | Action::Rebuild { .. } => true,
        Action::Alter { change, .. } => matches!(change, Change::Validate(_)),
        _other => false,
    }
}

fn wide(site: &UnitSite<'_>, found: &mut Found) {
    for number in 0..site.unit.sections.len() {
        if !site.unit.sections[number].transaction {
            continue;
        }
        let mut tables: BTreeSet<&QName> = BTreeSet::new();
        let mut last = None;
        for step in site.walked.iter().filter(|step| step.section == number) {
            let is_table = |on: &QName| site.before.tables.contains_key(on);
            let strong =
                step.locks.iter().filter(|(mode, on)| *mode == LockMode::AccessExclusive && is_table(on));
            let before = tables.len();
            tables.extend(strong.map(|(_, table)| table));
            if tables.len() > before && tables.len() == MANY + 1 {
                last = Some(step);
            }
        }
        if let Some(step) = last {
            let message =
                format!("locks {} tables against readers and writers in one transaction", tables.len());
            found.step(site.unit, step, message);
        }
    }
}
