//! `sequence-restart`, `identity-reset`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const SEQUENCE_RESTART: Rule = Rule {
    name: "sequence-restart",
    group: Group::Data,
    levels: Levels::WARN,
    summary: "A sequence is set to a number that the rows do not give.",
    why: "Numbers that are in use come again: inserts fail on the key, or old references meet new rows.",
    recipe: "Take the number from the rows, in the same statement:\n\
             SELECT setval('public.t_id_seq', (SELECT COALESCE(max(id), 0) + 1 FROM public.t), false);",
    checks: &[Check::Up(sequence)],
};

pub(in crate::engine::lint) const IDENTITY_RESET: Rule = Rule {
    name: "identity-reset",
    group: Group::Data,
    levels: Levels::WARN,
    summary: "The numbers of an identity column begin anew.",
    why: "Numbers that are in use come again: inserts fail on the key, or old references meet new rows.",
    recipe: "Take the number from the rows:\n\
             SELECT setval(pg_get_serial_sequence('public.t', 'id'), (SELECT COALESCE(max(id), 0) + 1 FROM public.t), false);",
    checks: &[Check::Up(identity)],
};

fn sequence(site: &Site<'_>, found: &mut Found) {
    if let Action::RestartSequence { name, computed: false } = &site.placed.action {
        found.at(site, format!("sets the sequence {name} to a fixed number")).of(name);
    }
}

fn identity(site: &Site<'_>, found: &mut Found) {
    match &site.placed.action {
        Action::Alter { table, change: Change::RestartIdentity(column) } if site.is_old(table) => {
            let message = format!("the numbers of {table}.{column} begin anew");
            found.at(site, message).of(format!("{table}.{column}"));
        }
        Action::Truncate { tables, restart: true, .. } => {
            for table in tables.iter().filter(|table| site.is_old(table)) {
                found.at(site, format!("the numbers of {table} begin anew")).of(table);
            }
        }
        _other => {}
    }
}
