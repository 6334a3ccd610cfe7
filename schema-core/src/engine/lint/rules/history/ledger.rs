//! `applied-migration-edited`, `missing-applied-file`: what a database says about the files.

use crate::engine::lint::prelude::*;
use crate::engine::postgres::status::{Recorded, State};

pub(in crate::engine::lint) const EDITED: Rule = Rule {
    name: "applied-migration-edited",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "A migration was edited after it ran.",
    why: "The database got other SQL than the file says: what the files add up to is not what is there.",
    recipe: "Restore the file, and put the change into a new migration. Comments may change.",
    checks: &[Check::History(edited)],
};

pub(in crate::engine::lint) const MISSING: Rule = Rule {
    name: "missing-applied-file",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "A migration has run, and its folder is not there.",
    why: "Nobody can tell what it did, and a new database will not get it.",
    recipe: "Get the folder back: from another branch, or from an older checkout.",
    checks: &[Check::History(missing)],
};

fn ran(recorded: Option<&Recorded>) -> String {
    recorded.map_or_else(String::new, |row| format!(" ({} by {})", row.at, row.by))
}

fn edited(site: &HistorySite<'_>, found: &mut Found) {
    for migration in site.status.iter().flat_map(|status| &status.migrations).filter(|m| m.edited) {
        let message = format!("it was edited after it ran{}", ran(migration.recorded.as_ref()));
        let unit = site
            .units
            .iter()
            .find(|unit| unit.part == Part::Up && unit.migration.as_deref() == Some(migration.id.as_str()));
        match unit {
            Some(unit) => found.file(unit, 1, message),
            None => found.nowhere(format!("{}: {message}", migration.id)),
        }
        .of(&migration.id);
    }
}

fn missing(site: &HistorySite<'_>, found: &mut Found) {
    let migrations = site.status.iter().flat_map(|status| &status.migrations);
    for migration in migrations.filter(|migration| migration.state == State::Missing) {
        let message = format!(
            "{} has run{}, and there is no such folder",
            migration.id,
            ran(migration.recorded.as_ref())
        );
        found.nowhere(message).of(&migration.id);
    }
}
