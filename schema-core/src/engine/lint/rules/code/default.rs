//! `drop-default-breaks-writers`, `change-default`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP: Rule = Rule {
    name: "drop-default-breaks-writers",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "A column loses its default.",
    why: "A program that runs and leaves it out gets NULL from now on, or an error where the column is NOT NULL.",
    recipe: "Release programs that always write it, then drop the default.",
    checks: &[Check::Up(drop)],
};

pub(in crate::engine::lint) const CHANGE: Rule = Rule {
    name: "change-default",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "A column gets another default.",
    why: "Programs that run and leave it out write another value than before, without a change of their own.",
    recipe: "See that what runs means the new value; rows that are there keep the old one.",
    checks: &[Check::Up(change)],
};

fn drop(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::DropDefault(column) } = &site.placed.action else { return };
    let had = site.world.column(table, column).is_none_or(|column| column.default.is_some() || column.serial);
    if site.is_old(table) && had {
        let message = format!("{table}.{column} has no default any more");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}

fn change(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetDefault { column, value } } = &site.placed.action else {
        return;
    };
    let old = site.world.column(table, column).and_then(|column| column.default.as_ref());
    if let Some(old) = old.filter(|old| site.is_old(table) && *old != value) {
        let message = format!("the default of {table}.{column} is {value}, and was {old}");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}
