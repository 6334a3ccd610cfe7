//! `drop-not-null-breaks-readers`, `set-not-null-breaks-writers`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const READERS: Rule = Rule {
    name: "drop-not-null-breaks-readers",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A column may be NULL from now on.",
    why: "A program that runs reads it as `T`, not as `Option<T>`: the first NULL is an error while decoding.",
    recipe: "Release programs that read `Option<T>` first; then drop NOT NULL; only then write a NULL.",
    checks: &[Check::Up(readers)],
};

pub(in crate::engine::lint) const WRITERS: Rule = Rule {
    name: "set-not-null-breaks-writers",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A column without a default may no longer be NULL.",
    why: "A program that runs may still leave it out or write NULL: its inserts fail.",
    recipe: "Release programs that always write it, or give it a default first:\n\
             ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 0;",
    checks: &[Check::Up(writers)],
};

fn readers(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::DropNotNull(column) } = &site.placed.action else { return };
    if site.is_old(table) {
        let message = format!("{table}.{column} may be NULL, and programs that run do not expect it");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}

fn writers(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change } = &site.placed.action else { return };
    let column = match change {
        Change::SetNotNull(column) => Some(column),
        Change::AddConstraint(constraint) if constraint.form == Form::NotNull => constraint.columns.first(),
        _other => None,
    };
    let Some(column) = column.filter(|_| site.is_old(table)) else { return };
    let known = site.world.column(table, column);
    let filled = known.is_some_and(|column| {
        column.default.is_some() || column.identity || column.generated.is_some() || column.not_null
    });
    if !filled {
        let message = format!("programs that leave {table}.{column} out fail from now on");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}
