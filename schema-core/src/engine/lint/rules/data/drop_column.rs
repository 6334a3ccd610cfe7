//! `drop-column`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_COLUMN: Rule = Rule {
    name: "drop-column",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A column of a table that may hold rows is dropped.",
    why: "Its values are gone, and programs that still select or write it fail.",
    recipe: "Make it nullable, release programs that no longer name it, then drop it in a migration of its own with a \
             waiver:\n-- schema:allow drop-column: no release since 4.2 reads it\nALTER TABLE public.t DROP COLUMN c;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::DropColumn { column, .. } } = &site.placed.action else {
        return;
    };
    if site.is_old(table) {
        found
            .at(site, format!("drops the column {table}.{column} with its values"))
            .of(format!("{table}.{column}"));
    }
}
