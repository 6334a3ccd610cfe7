//! `delete-without-where`, `update-without-where`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DELETE: Rule = Rule {
    name: "delete-without-where",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "All rows of a table are deleted.",
    why: "A condition that was forgotten looks just like this.",
    recipe: "Say which rows are meant, and delete them in batches:\n\
             DELETE FROM public.t WHERE id IN (SELECT id FROM public.t WHERE expired LIMIT 1000);",
    checks: &[Check::Action(delete)],
};

pub(in crate::engine::lint) const UPDATE: Rule = Rule {
    name: "update-without-where",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "All rows of a table are updated in one statement.",
    why: "What they held is gone, every row stays locked until the end, and the table doubles in size.",
    recipe: "Say which rows are meant, in batches, each in a section of its own:\n\
             UPDATE public.t SET c = 0 WHERE id BETWEEN 1 AND 10000 AND c IS NULL;",
    checks: &[Check::Action(update)],
};

fn delete(site: &Site<'_>, found: &mut Found) {
    check(site, Verb::Delete, "deletes", found);
}

fn update(site: &Site<'_>, found: &mut Found) {
    check(site, Verb::Update, "updates", found);
}

fn check(site: &Site<'_>, wanted: Verb, word: &str, found: &mut Found) {
    let Action::Write { verb, table, filtered: false, .. } = &site.placed.action else { return };
    if *verb == wanted && site.is_old(table) {
        found.at(site, format!("{word} every row of {table}")).of(table);
    }
}
