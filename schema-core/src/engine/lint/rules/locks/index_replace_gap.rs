//! `index-replace-gap`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const REPLACE_GAP: Rule = Rule {
    name: "index-replace-gap",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "An index is dropped before the one that replaces it is there.",
    why: "Until the new one is built every query that used the old one reads the whole table; if the build fails, it \
          stays like that.",
    recipe: "Build the new one under another name, drop the old one, then rename:\n\
             -- schema:section no-transaction\nCREATE INDEX CONCURRENTLY t_c_new ON public.t (c, d);\n\
             -- schema:section no-transaction\nDROP INDEX CONCURRENTLY public.t_c_idx;\n\
             -- schema:section\nALTER INDEX public.t_c_new RENAME TO t_c_idx;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    for (index, step) in site.walked.iter().enumerate() {
        let Action::Drop(drop) = &step.placed.action else { continue };
        if drop.kind != Kind::Index {
            continue;
        }
        for name in &drop.names {
            let replaces = |later: &&Walked<'_>| match &later.placed.action {
                Action::CreateIndex(new) => {
                    !later.fresh
                        && (new.name.as_ref() == Some(&name.name)
                            || site.before.index(name).is_some_and(|old| old.table == new.table.full()))
                }
                _other => false,
            };
            // In one transaction nobody sees the gap; but then the lock is held through the build.
            if let Some(later) = site.walked[index + 1..].iter().find(replaces)
                && later.section != step.section
            {
                let line = later.placed.line;
                let message = format!(
                    "drops the index {name} before the one that replaces it, on line {line}, is built"
                );
                found.step(site.unit, step, message).of(name);
            }
        }
    }
}
