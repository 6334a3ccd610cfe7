//! `non-idempotent-non-tx-step`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const NON_IDEMPOTENT: Rule = Rule {
    name: "non-idempotent-non-tx-step",
    group: Group::History,
    levels: Levels::ERROR,
    summary: "A statement that cannot be repeated runs outside of a transaction.",
    why: "If the connection breaks while it runs, nobody knows whether it is done, and running it again fails or does it \
          twice.",
    recipe: "Let it run in a transaction; or write it so that it can be repeated:\n\
             -- schema:section no-transaction\nALTER TYPE public.status ADD VALUE IF NOT EXISTS 'paused';",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    // A file by itself may be run as one likes.
    if !site.section.transaction && site.unit.part != Part::Loose && !is_repeatable(site) {
        found.at(site, "it cannot be run again if it is cut off");
    }
}

fn is_repeatable(site: &Site<'_>) -> bool {
    let words = site.statement.sql.to_ascii_lowercase();
    let guarded =
        words.contains("if not exists") || words.contains("if exists") || words.contains("or replace");
    match &site.placed.action {
        // The runner sees what an attempt has left behind.
        Action::CreateIndex(index) => index.concurrently || guarded,
        Action::Drop(drop) => drop.concurrently || guarded,
        Action::Reindex { .. }
        | Action::Rebuild { .. }
        | Action::Refresh { .. }
        | Action::Set { .. }
        | Action::Query
        | Action::Transaction(_)
        | Action::Other
        | Action::Truncate { .. } => true,
        Action::Alter { change, .. } => {
            matches!(change, Change::Validate(_) | Change::Light | Change::Detach { concurrently: true, .. })
                || guarded
        }
        // Rows that are changed already are found unchanged the second time, if a condition asks for it.
        Action::Write { verb: Verb::Update | Verb::Delete | Verb::Merge, filtered, .. } => *filtered,
        Action::Write { verb: Verb::Insert, .. } => words.contains("on conflict"),
        _other => guarded,
    }
}
