//! `vacuum-full-or-cluster`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const REBUILD: Rule = Rule {
    name: "vacuum-full-or-cluster",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A table is written anew to make it smaller or to sort it.",
    why: "Both hold ACCESS EXCLUSIVE until the copy is complete, and need room for it.",
    recipe: "Let autovacuum keep it small; to give room back, use pg_repack, which copies beside the writers:\n\
             VACUUM public.t;",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Rebuild { verb: verb @ ("CLUSTER" | "VACUUM FULL"), table } = &site.placed.action else {
        return;
    };
    if table.as_ref().is_none_or(|table| site.is_old(table)) {
        let what = table.as_ref().map_or_else(|| "every table".to_owned(), ToString::to_string);
        found.at(site, format!("{verb} writes {what} anew while nobody can read or write it")).of(what);
    }
}
