//! `reindex-not-concurrent`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const REINDEX: Rule = Rule {
    name: "reindex-not-concurrent",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "An index is rebuilt while writers wait.",
    why: "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on the index: writers wait, and so do readers that would \
          use it.",
    recipe: "Rebuild it beside them, in a section of its own:\n\
             -- schema:section no-transaction\nREINDEX INDEX CONCURRENTLY public.t_c_idx;",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Reindex { what, name, concurrently: false } = &site.placed.action else { return };
    if what == "SYSTEM" || name.as_ref().is_some_and(|name| !site.is_old(name)) {
        return;
    }
    let name = name.as_ref().map(ToString::to_string).unwrap_or_default();
    found.at(site, format!("rebuilds {} {name} while nobody can write", what.to_lowercase())).of(name);
}
