//! `create-trigger`, `toggle-trigger`, `drop-trigger`: short locks, which hurt where they are waited for without end.

use super::timeout::waits_without_end;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const CREATE: Rule = Rule {
    name: "create-trigger",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A trigger is created on a table in use, without a lock timeout.",
    why: "It takes SHARE ROW EXCLUSIVE: only for a moment, but it waits for every writer, and all writers wait behind it.",
    recipe: "Let it give up and try again later:\nSET lock_timeout = '5s';",
    checks: &[Check::Action(create)],
};

pub(in crate::engine::lint) const TOGGLE: Rule = Rule {
    name: "toggle-trigger",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "Triggers of a table in use are switched on or off, without a lock timeout.",
    why: "It takes SHARE ROW EXCLUSIVE, and while they are off nobody checks what they check.",
    recipe: "Let it give up and try again later; for a bulk load switch them off for the session alone:\n\
             SET lock_timeout = '5s';\nSET session_replication_role = replica;",
    checks: &[Check::Action(toggle)],
};

pub(in crate::engine::lint) const DROP: Rule = Rule {
    name: "drop-trigger",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A trigger of a table in use is dropped, without a lock timeout.",
    why: "It takes ACCESS EXCLUSIVE: only for a moment, but it waits for all who use the table, and all others wait behind.",
    recipe: "Let it give up and try again later:\nSET lock_timeout = '5s';",
    checks: &[Check::Action(drop)],
};

fn create(site: &Site<'_>, found: &mut Found) {
    let Action::CreateTrigger { name, table } = &site.placed.action else { return };
    if site.is_old(table) && waits_without_end(site.unit, site.placed.line) {
        found
            .at(site, format!("creates the trigger {name}, and all writers of {table} wait behind it"))
            .of(table);
    }
}

fn toggle(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::ToggleTrigger } = &site.placed.action else { return };
    if site.is_old(table) && waits_without_end(site.unit, site.placed.line) {
        found.at(site, format!("switches triggers, and all writers of {table} wait behind it")).of(table);
    }
}

fn drop(site: &Site<'_>, found: &mut Found) {
    let Action::Drop(drop) = &site.placed.action else { return };
    let Some(table) = drop.on.as_ref().filter(|_| drop.kind == Kind::Trigger) else { return };
    if site.is_old(table) && waits_without_end(site.unit, site.placed.line) {
        found.at(site, format!("drops a trigger, and all who use {table} wait behind it")).of(table);
    }
}
