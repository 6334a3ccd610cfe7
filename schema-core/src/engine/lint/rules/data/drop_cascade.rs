//! `drop-cascade`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_CASCADE: Rule = Rule {
    name: "drop-cascade",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "Something is dropped with CASCADE.",
    why: "CASCADE drops whatever depends on it: foreign keys, views, columns, also those that nobody here knows of.",
    recipe: "Drop what depends on it by name first, and leave CASCADE out; PostgreSQL then names what is still there:\n\
             DROP VIEW public.v;\nDROP TABLE public.t;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    if let Action::Drop(drop) = &site.placed.action
        && drop.cascade
    {
        let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
        found.at(site, format!("drops {} and whatever depends on it", names.join(", "))).of(names.join(", "));
    }
    let Action::Alter { table, change } = &site.placed.action else { return };
    if let Change::DropColumn { column: name, cascade: true, .. }
    | Change::DropConstraint { name, cascade: true, .. } = change
    {
        found
            .at(site, format!("drops {table}.{name} and whatever depends on it"))
            .of(format!("{table}.{name}"));
    }
}
