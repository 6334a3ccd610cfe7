//! `truncate`, `truncate-cascade`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const TRUNCATE: Rule = Rule {
    name: "truncate",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A table is emptied.",
    why: "All rows are gone, under a lock that readers wait for.",
    recipe: "Delete what is meant, in batches, and say which rows they are:\n\
             DELETE FROM public.t WHERE id IN (SELECT id FROM public.t WHERE expired LIMIT 1000);",
    checks: &[Check::Action(truncate)],
};

pub(in crate::engine::lint) const TRUNCATE_CASCADE: Rule = Rule {
    name: "truncate-cascade",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A table is emptied, and every table that references it.",
    why: "CASCADE empties tables that the statement does not name.",
    recipe: "Name every table that is meant, and leave CASCADE out:\nTRUNCATE public.items, public.orders;",
    checks: &[Check::Action(cascade)],
};

fn truncate(site: &Site<'_>, found: &mut Found) {
    let Action::Truncate { tables, .. } = &site.placed.action else { return };
    for table in tables.iter().filter(|table| site.is_old(table)) {
        found.at(site, format!("deletes all rows of {table}")).of(table);
    }
}

fn cascade(site: &Site<'_>, found: &mut Found) {
    let Action::Truncate { tables, cascade: true, .. } = &site.placed.action else { return };
    for table in tables {
        found
            .at(site, format!("deletes all rows of {table} and of every table that references it"))
            .of(table);
    }
}
