//! `observed-lock`, `observed-rewrite`: what a statement that nobody could read was seen to do on scratch.

use crate::engine::lint::prelude::*;
use crate::engine::step::LockMode;

pub(in crate::engine::lint) const LOCK: Rule = Rule {
    name: "observed-lock",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A statement that lint cannot read was seen to take a strong lock.",
    why: "How long it holds it is not known: it may read or write all rows.",
    recipe: "See what PostgreSQL's documentation says about the statement; if it is short, say so in a waiver:\n\
             -- schema:allow observed-lock: takes a moment",
    checks: &[Check::Unit(lock)],
};

pub(in crate::engine::lint) const REWRITE: Rule = Rule {
    name: "observed-rewrite",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A statement that lint cannot read was seen to write a table or index anew.",
    why: "It takes as long as the table is large, under the lock that it holds.",
    recipe: "Make the new form beside the old one, fill it in batches, and change over.",
    checks: &[Check::Unit(rewrite)],
};

fn lock(site: &UnitSite<'_>, found: &mut Found) {
    for (_, statement) in site.unit.statements().filter(|(_, statement)| opaque(statement)) {
        for (mode, on) in statement.observed.iter().flat_map(|observed| &observed.locks) {
            if *mode >= LockMode::Share {
                let message = format!("took {mode} on {}, which {} (observed)", on.short(), mode.blocks());
                found.line(site.unit, statement, statement.line, message).of(on.short());
            }
        }
    }
}

fn rewrite(site: &UnitSite<'_>, found: &mut Found) {
    for (_, statement) in site.unit.statements().filter(|(_, statement)| opaque(statement)) {
        for what in statement.observed.iter().flat_map(|observed| &observed.rewritten) {
            let message = format!("wrote {} anew (observed)", what.short());
            found.line(site.unit, statement, statement.line, message).of(what.short());
        }
    }
}

/// What it does is not in its actions.
fn opaque(statement: &crate::engine::lint::unit::Statement) -> bool {
    statement.read.unread.is_some() || statement.actions().any(|action| matches!(action, Action::Do { .. }))
}
