//! `exclusion-constraint`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const EXCLUSION: Rule = Rule {
    name: "exclusion-constraint",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "An exclusion constraint is added to a table that is in use.",
    why: "It holds ACCESS EXCLUSIVE while its index is built and every row is compared. There is neither NOT VALID nor a \
          concurrent form.",
    recipe: "Add it while the table is small; else make a new table that has it, copy the rows in batches, and exchange \
             the names:\nCREATE TABLE public.t_new (LIKE public.t INCLUDING ALL);",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::AddConstraint(constraint) } = &site.placed.action else {
        return;
    };
    if constraint.form == Form::Exclude && site.is_old(table) {
        found.at(site, format!("compares all rows of {table} while nobody can read or write it")).of(table);
    }
}
