//! `drop-table`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_TABLE: Rule = Rule {
    name: "drop-table",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A table that may hold rows is dropped.",
    why: "Its rows are gone, and programs that still read it fail.",
    recipe: "Release programs that no longer use it, put it out of sight, and drop it once nobody has missed it:\n\
             CREATE SCHEMA IF NOT EXISTS parked;\nALTER TABLE public.t SET SCHEMA parked;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Drop(drop) = &site.placed.action else { return };
    if drop.kind == Kind::Table {
        for table in drop.names.iter().filter(|table| site.is_old(table)) {
            found.at(site, format!("drops the table {table} with its rows")).of(table);
        }
    }
}
