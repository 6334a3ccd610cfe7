//! `concurrent-in-transaction`, `concurrent-if-not-exists`, `many-concurrent-in-one-step`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const IN_TRANSACTION: Rule = Rule {
    name: "concurrent-in-transaction",
    group: Group::Locks,
    levels: Levels::ALWAYS,
    summary: "A statement that cannot run in a transaction stands in one.",
    why: "PostgreSQL refuses it, so the migration fails.",
    recipe: "Give it a section of its own:\n\
             -- schema:section no-transaction\nCREATE INDEX CONCURRENTLY t_c_idx ON public.t (c);",
    checks: &[Check::Action(in_transaction)],
};

pub(in crate::engine::lint) const IF_NOT_EXISTS: Rule = Rule {
    name: "concurrent-if-not-exists",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "An index is built concurrently unless one of its name exists.",
    why: "A build that was cut off leaves an invalid index behind. IF NOT EXISTS takes it for the real one, and nobody \
          uses it while every write pays for it.",
    recipe: "Leave IF NOT EXISTS out: the runner finds what is invalid, drops it and builds anew:\n\
             CREATE INDEX CONCURRENTLY t_c_idx ON public.t (c);",
    checks: &[Check::Action(if_not_exists)],
};

pub(in crate::engine::lint) const MANY: Rule = Rule {
    name: "many-concurrent-in-one-step",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "Several statements outside of a transaction stand in one section.",
    why: "If the second fails, a next run cannot tell that the first is done.",
    recipe: "Give each a section of its own:\n\
             -- schema:section no-transaction\nCREATE INDEX CONCURRENTLY a_idx ON public.t (a);\n\
             -- schema:section no-transaction\nCREATE INDEX CONCURRENTLY b_idx ON public.t (b);",
    checks: &[Check::Unit(many)],
};

/// What PostgreSQL refuses in a transaction, as SQL writes it.
fn outside_only(action: &Action) -> Option<&'static str> {
    match action {
        Action::CreateIndex(index) if index.concurrently => Some("CREATE INDEX CONCURRENTLY"),
        Action::Drop(drop) if drop.concurrently => Some("DROP INDEX CONCURRENTLY"),
        Action::Drop(drop) if drop.kind == Kind::Database => Some("DROP DATABASE"),
        Action::Reindex { concurrently: true, .. } => Some("REINDEX CONCURRENTLY"),
        Action::Reindex { what, .. } if ["SCHEMA", "DATABASE", "SYSTEM"].contains(&what.as_str()) => {
            Some("REINDEX")
        }
        Action::Alter { change: Change::Detach { concurrently: true, .. }, .. } => {
            Some("DETACH PARTITION CONCURRENTLY")
        }
        Action::Rebuild { verb: verb @ ("VACUUM" | "VACUUM FULL"), .. } => Some(verb),
        Action::Rebuild { table: None, .. } => Some("CLUSTER of all tables"),
        _other => None,
    }
}

fn in_transaction(site: &Site<'_>, found: &mut Found) {
    if site.section.transaction
        && let Some(what) = outside_only(&site.placed.action)
    {
        found.at(site, format!("{what} cannot run in a transaction, and this section is one"));
    }
}

fn if_not_exists(site: &Site<'_>, found: &mut Found) {
    if let Action::CreateIndex(index) = &site.placed.action
        && index.concurrently
        && index.if_not_exists
    {
        let name = index.name.as_ref().map(ToString::to_string).unwrap_or_default();
        found
            .at(site, format!("an invalid index {name} of an earlier try would be taken for this one"))
            .of(name);
    }
}

fn many(site: &UnitSite<'_>, found: &mut Found) {
    for section in site.unit.sections.iter().filter(|section| !section.transaction) {
        let outside = |action: &Action| outside_only(action).is_some();
        let mut several = section.statements.iter().filter(|statement| statement.actions().any(outside));
        if let (Some(_), Some(second)) = (several.next(), several.next()) {
            found.line(
                site.unit,
                second,
                second.line,
                "this section holds more than one statement of this sort",
            );
        }
    }
}
