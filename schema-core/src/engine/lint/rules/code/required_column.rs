//! `new-required-column-breaks-writers`.

use super::super::locks::add_column::is_required;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const REQUIRED_COLUMN: Rule = Rule {
    name: "new-required-column-breaks-writers",
    group: Group::Code,
    levels: Levels::ERROR,
    summary: "A new column is NOT NULL and has no default.",
    why: "Programs that run do not know it: each of their inserts fails from now on.",
    recipe: "Give it a default, at least until all programs write it:\n\
             ALTER TABLE public.t ADD COLUMN c integer NOT NULL DEFAULT 0;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::AddColumn { column, .. } } = &site.placed.action else {
        return;
    };
    if site.is_old(table) && is_required(column) {
        let message = format!("programs that run do not write {table}.{}, which is required", column.name);
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}
