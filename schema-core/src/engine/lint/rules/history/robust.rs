//! `missing-if-exists-guard`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const GUARD: Rule = Rule {
    name: "missing-if-exists-guard",
    group: Group::History,
    levels: Levels::INFO,
    summary: "A file that is run by hand cannot be run again.",
    why: "If it stops halfway, the next try fails on what is there already. (A migration need not care: the runner knows \
          what has run, and a section is all or nothing).",
    recipe: "Ask first:\nCREATE TABLE IF NOT EXISTS public.t (id bigint PRIMARY KEY);\nDROP TABLE IF EXISTS public.old;",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    if site.unit.part != Part::Loose || site.section.transaction {
        return;
    }
    let guarded = match &site.placed.action {
        Action::CreateTable(table) => table.if_not_exists || table.temporary,
        // Concurrently it would take an invalid index for the real one.
        Action::CreateIndex(index) => index.if_not_exists || index.concurrently,
        Action::CreateSchema { if_not_exists, .. }
        | Action::CreateSequence { if_not_exists, .. }
        | Action::CreateExtension { if_not_exists, .. } => *if_not_exists,
        Action::Drop(drop) => drop.if_exists,
        Action::Alter {
            change:
                Change::AddColumn { if_not_exists: guarded, .. }
                | Change::DropColumn { if_exists: guarded, .. }
                | Change::DropConstraint { if_exists: guarded, .. },
            ..
        } => *guarded,
        _other => true,
    };
    if !guarded {
        found.at(site, "a second try fails here on what the first has done");
    }
}
