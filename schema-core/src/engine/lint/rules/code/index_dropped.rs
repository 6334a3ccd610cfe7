//! `index-dropped-in-use`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const INDEX_DROPPED: Rule = Rule {
    name: "index-dropped-in-use",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "An index is dropped, and nothing replaces it.",
    why: "Queries of programs that run may count on it: they read the whole table from now on.",
    recipe: "See on every server, the replicas too, that nobody has used it:\n\
             SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelid = 'public.t_c_idx'::regclass;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down {
        return;
    }
    for step in site.walked {
        let Action::Drop(drop) = &step.placed.action else { continue };
        if drop.kind != Kind::Index {
            continue;
        }
        for name in &drop.names {
            let Some(old) = site.before.index(name) else {
                // Made in this migration, or by nobody that is known here.
                if !made_here(site, name) {
                    found.step(site.unit, step, format!("drops the index {name}")).of(name);
                }
                continue;
            };
            let replaced = site.any(|action| match action {
                Action::CreateIndex(new) => new.table.full() == old.table,
                Action::Alter { table, change: Change::AddConstraint(constraint) } => {
                    table.full() == old.table && matches!(constraint.form, Form::Unique | Form::PrimaryKey)
                }
                _other => false,
            });
            if !replaced {
                found
                    .step(site.unit, step, format!("drops the index {name}, and nothing replaces it"))
                    .of(name);
            }
        }
    }
}

fn made_here(site: &UnitSite<'_>, name: &Name) -> bool {
    site.any(|action| match action {
        Action::CreateIndex(new) => new.name.as_ref() == Some(&name.name),
        _other => false,
    })
}
