//! `refresh-matview`, `refresh-concurrent-still-exclusive`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const REFRESH: Rule = Rule {
    name: "refresh-matview",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A materialized view is refreshed while its readers wait.",
    why: "REFRESH holds ACCESS EXCLUSIVE on the view until its query is done.",
    recipe: "With a unique index it can be refreshed beside them; better not in a migration at all:\n\
             CREATE UNIQUE INDEX v_id_idx ON public.v (id);\nREFRESH MATERIALIZED VIEW CONCURRENTLY public.v;",
    checks: &[Check::Action(plain)],
};

pub(in crate::engine::lint) const CONCURRENT: Rule = Rule {
    name: "refresh-concurrent-still-exclusive",
    group: Group::Locks,
    levels: Levels::INFO,
    summary: "A materialized view is refreshed concurrently.",
    why: "Readers go on, but it holds EXCLUSIVE on the view: a second refresh waits, and so does every schema change.",
    recipe: "Leave it to a job outside of migrations, one at a time.",
    checks: &[Check::Action(concurrent)],
};

fn plain(site: &Site<'_>, found: &mut Found) {
    let Action::Refresh { view, concurrently: false } = &site.placed.action else { return };
    if site.is_old(view) {
        found.at(site, format!("nobody can read {view} until its query is done")).of(view);
    }
}

fn concurrent(site: &Site<'_>, found: &mut Found) {
    let Action::Refresh { view, concurrently: true } = &site.placed.action else { return };
    if site.is_old(view) {
        found.at(site, format!("holds EXCLUSIVE on {view} until its query is done")).of(view);
    }
}
