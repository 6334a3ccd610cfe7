//! `check-not-valid`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const CHECK_NOT_VALID: Rule = Rule {
    name: "check-not-valid",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A check reads all rows while readers and writers wait.",
    why: "ADD CONSTRAINT ... CHECK holds ACCESS EXCLUSIVE until every row has been checked.",
    recipe: "Add it without looking, and look in another transaction, which lets everybody in:\n\
             ALTER TABLE public.t ADD CONSTRAINT t_c_check CHECK (c > 0) NOT VALID;\n\
             -- schema:section\nALTER TABLE public.t VALIDATE CONSTRAINT t_c_check;",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::AddConstraint(constraint) } = &site.placed.action else {
        return;
    };
    if constraint.form == Form::Check && constraint.looks() && site.is_old(table) {
        found.at(site, format!("checks all rows of {table} while nobody can read or write it")).of(table);
    }
}
