//! `drop-schema`, `drop-database`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_SCHEMA: Rule = Rule {
    name: "drop-schema",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A whole PostgreSQL schema is dropped.",
    why: "With CASCADE everything in it goes, whatever it is and whoever made it.",
    recipe: "Drop what is in it by name, one statement each; then an empty schema can go without CASCADE:\n\
             DROP TABLE old.t;\nDROP SCHEMA old;",
    checks: &[Check::Up(schema)],
};

pub(in crate::engine::lint) const DROP_DATABASE: Rule = Rule {
    name: "drop-database",
    group: Group::Data,
    levels: Levels::ALWAYS,
    summary: "A database is dropped.",
    why: "Everything in it is gone. No migration of one database should end another.",
    recipe: "Do it by hand, after a last backup.",
    checks: &[Check::Action(database)],
};

fn schema(site: &Site<'_>, found: &mut Found) {
    let Action::Drop(drop) = &site.placed.action else { return };
    if drop.kind == Kind::Schema {
        for name in &drop.names {
            let all = if drop.cascade { " with all that is in it" } else { "" };
            found.at(site, format!("drops the PostgreSQL schema {name}{all}")).of(name);
        }
    }
}

fn database(site: &Site<'_>, found: &mut Found) {
    let Action::Drop(drop) = &site.placed.action else { return };
    if drop.kind == Kind::Database {
        for name in &drop.names {
            found.at(site, format!("drops the database {name}")).of(name);
        }
    }
}
