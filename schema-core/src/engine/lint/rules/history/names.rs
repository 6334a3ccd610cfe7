//! `unqualified-names`, `mixed-search-path`, `identifier-too-long`, `reserved-or-quoted-identifier`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;
use crate::engine::name::{Ident, QName};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::engine::lint) const UNQUALIFIED: Rule = Rule {
    name: "unqualified-names",
    group: Group::History,
    levels: Levels::WARN,
    summary: "A table is named without its PostgreSQL schema.",
    why: "Which table it is depends on the search_path of whoever runs the migration.",
    recipe: "Write the schema:\nALTER TABLE public.t ADD COLUMN c integer;",
    checks: &[Check::Unit(unqualified)],
};

pub(in crate::engine::lint) const MIXED: Rule = Rule {
    name: "mixed-search-path",
    group: Group::History,
    levels: Levels::WARN,
    summary: "A migration changes search_path, or names one table with and without its schema.",
    why: "Two ways to name one thing hide that they are two things on a server with another search_path.",
    recipe: "Name everything with its schema, and leave search_path alone:\nALTER TABLE public.t ADD COLUMN c integer;",
    checks: &[Check::Unit(mixed)],
};

pub(in crate::engine::lint) const TOO_LONG: Rule = Rule {
    name: "identifier-too-long",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "A name is longer than 63 bytes.",
    why: "PostgreSQL cuts it off without an error. Two long names become one, and a program that compares names finds none.",
    recipe: "Choose a shorter name.",
    checks: &[Check::Unit(too_long)],
};

pub(in crate::engine::lint) const QUOTED: Rule = Rule {
    name: "reserved-or-quoted-identifier",
    group: Group::History,
    levels: Levels::INFO,
    summary: "A new table or column has a name that must be quoted.",
    why: "Everybody who writes SQL by hand must quote it from now on, and gets a puzzling error if not.",
    recipe: "Small letters, digits and underscores, and no keyword:\nCREATE TABLE public.orders (id bigint PRIMARY KEY);",
    checks: &[Check::Up(quoted)],
};

/// The relations that an action names.
fn relations(action: &Action) -> Vec<&Name> {
    match action {
        Action::CreateTable(table) => std::iter::once(&table.name).chain(&table.partition_of).collect(),
        Action::Alter { table, .. } | Action::CreateTrigger { table, .. } | Action::Write { table, .. } => {
            vec![table]
        }
        Action::CreateIndex(index) => vec![&index.table],
        Action::CreateView(view) => vec![&view.name],
        Action::Policy(policy) => vec![&policy.table],
        Action::Truncate { tables, .. } | Action::Lock { tables, .. } => tables.iter().collect(),
        Action::Refresh { view, .. } => vec![view],
        Action::Drop(drop) => {
            let relation = [Kind::Table, Kind::View, Kind::MaterializedView, Kind::Index, Kind::Sequence]
                .contains(&drop.kind);
            drop.names.iter().filter(|_| relation).chain(&drop.on).collect()
        }
        _other => Vec::new(),
    }
}

/// Named without a schema, and not one of PostgreSQL's own.
fn is_bare(name: &Name) -> bool {
    name.schema.is_none() && !name.name.as_str().starts_with("pg_")
}

/// Once for a file: who writes one name so writes all so.
fn unqualified(site: &UnitSite<'_>, found: &mut Found) {
    // Temporary tables have no schema to speak of.
    let temporary = |step: &Walked<'_>| match &step.placed.action {
        Action::CreateTable(table) if table.temporary => Some(table.name.name.clone()),
        _other => None,
    };
    let temporary: BTreeSet<Ident> = site.walked.iter().filter_map(temporary).collect();
    let mut first: Option<(u32, &Name)> = None;
    let mut names: BTreeSet<&Name> = BTreeSet::new();
    for step in site.walked {
        for name in relations(&step.placed.action) {
            if is_bare(name) && !temporary.contains(&name.name) {
                first.get_or_insert((step.placed.line, name));
                names.insert(name);
            }
        }
    }
    if let Some((line, name)) = first {
        let more = match names.len() - 1 {
            0 => String::new(),
            others => format!(", and so are {others} more"),
        };
        found.file(site.unit, line, format!("{name} is named without its PostgreSQL schema{more}")).of(name);
    }
}

fn mixed(site: &UnitSite<'_>, found: &mut Found) {
    let mut written: BTreeMap<QName, bool> = BTreeMap::new();
    for step in site.walked {
        if let Action::Set { name, .. } = &step.placed.action
            && name == "search_path"
        {
            found.step(site.unit, step, "search_path is changed");
        }
        for name in relations(&step.placed.action) {
            let qualified = name.schema.is_some();
            if *written.entry(name.full()).or_insert(qualified) != qualified {
                let message =
                    format!("{} is named with and without its PostgreSQL schema in this file", name.name);
                found.step(site.unit, step, message).of(name);
                written.insert(name.full(), qualified);
            }
        }
    }
}

fn too_long(site: &UnitSite<'_>, found: &mut Found) {
    for (_, statement) in site.unit.statements() {
        for (word, quoted, line) in Words::of(&statement.sql).identifiers() {
            let length = if quoted { word.len() - 2 } else { word.len() };
            if length > crate::engine::default_name::MAX_BYTES {
                let message = format!("{word} has {length} bytes and is cut to 63");
                found.line(site.unit, statement, statement.line + line - 1, message).of(word);
            }
        }
    }
}

fn quoted(site: &Site<'_>, found: &mut Found) {
    let names: Vec<&Ident> = match &site.placed.action {
        Action::CreateTable(table) => {
            std::iter::once(&table.name.name).chain(table.columns.iter().map(|column| &column.name)).collect()
        }
        Action::Alter { change: Change::AddColumn { column, .. }, .. } => vec![&column.name],
        Action::Alter { change: Change::RenameColumn { to, .. } | Change::RenameTable { to }, .. } => {
            vec![to]
        }
        _other => Vec::new(),
    };
    for name in names.into_iter().filter(|name| name.to_string() != name.as_str()) {
        found.at(site, format!("{name} must be quoted wherever it is named")).of(name);
    }
}
