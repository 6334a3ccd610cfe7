//! `rename-column`, `rename-table`, `rename-schema`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const COLUMN: Rule = Rule {
    name: "rename-column",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A column gets another name.",
    why: "Programs that run name the old one: each of their statements fails from this moment until all are replaced.",
    recipe: "Where programs cannot stop: add the new column, write both, fill it, read the new one, then drop the old one:\n\
             ALTER TABLE public.t ADD COLUMN new_name text;",
    checks: &[Check::Up(column)],
};

pub(in crate::engine::lint) const TABLE: Rule = Rule {
    name: "rename-table",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A table gets another name or another PostgreSQL schema.",
    why: "Programs that run name the old one: each of their statements fails from this moment until all are replaced.",
    recipe: "Leave a view under the old name, in the same transaction, until no program needs it:\n\
             ALTER TABLE public.t RENAME TO u;\nCREATE VIEW public.t WITH (security_invoker) AS SELECT * FROM public.u;",
    checks: &[Check::Unit(table)],
};

pub(in crate::engine::lint) const SCHEMA: Rule = Rule {
    name: "rename-schema",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A PostgreSQL schema gets another name.",
    why: "Everything in it gets another name at once, for programs, functions and search_path settings that name the old one.",
    recipe: "Make the new schema, move table by table, and leave views under the old names:\n\
             CREATE SCHEMA new;\nALTER TABLE old.t SET SCHEMA new;\nCREATE VIEW old.t AS SELECT * FROM new.t;",
    checks: &[Check::Up(schema)],
};

fn column(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::RenameColumn { column, to } } = &site.placed.action else {
        return;
    };
    if site.is_old(table) {
        let message = format!("{table}.{column} is called {to} from now on");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}

fn table(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down {
        return;
    }
    for (index, step) in site.walked.iter().enumerate().filter(|(_, step)| !step.fresh) {
        let (table, now) = match &step.placed.action {
            Action::Alter { table, change: Change::RenameTable { to } } => (table, to.to_string()),
            Action::Alter { table, change: Change::SetSchema { schema } } => {
                (table, format!("{schema}.{}", table.name))
            }
            _other => continue,
        };
        let stands_in = |later: &Walked<'_>| match &later.placed.action {
            Action::CreateView(view) => later.section == step.section && view.name.full() == table.full(),
            _other => false,
        };
        if !site.walked[index + 1..].iter().any(stands_in) {
            found.step(site.unit, step, format!("{table} is called {now} from now on")).of(table);
        }
    }
}

fn schema(site: &Site<'_>, found: &mut Found) {
    if let Action::Rename { kind: Kind::Schema, name, to } = &site.placed.action {
        found.at(site, format!("the PostgreSQL schema {name} is called {to} from now on")).of(name);
    }
}
