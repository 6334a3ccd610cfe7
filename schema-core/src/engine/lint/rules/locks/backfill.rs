//! `data-and-ddl-in-one-tx`, `unbatched-backfill`.

use crate::engine::lint::prelude::*;
use crate::engine::step::LockMode;

pub(in crate::engine::lint) const DATA_AND_DDL: Rule = Rule {
    name: "data-and-ddl-in-one-tx",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "One transaction changes a table's definition and writes many rows.",
    why: "The lock of the change is held until the last row is written, and the rows stay locked until the change is done.",
    recipe: "Change the definition in one section, write the rows in others, in batches:\n\
             ALTER TABLE public.t ADD COLUMN c integer;\n\
             -- schema:section\nUPDATE public.t SET c = 0 WHERE id BETWEEN 1 AND 10000 AND c IS NULL;",
    checks: &[Check::Unit(data_and_ddl)],
};

pub(in crate::engine::lint) const UNBATCHED: Rule = Rule {
    name: "unbatched-backfill",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "Many rows are written in one statement.",
    why: "Each stays locked until the last is written, replicas fall behind, and if it fails all of it was for nothing.",
    recipe: "Go through the key in batches, each in a section of its own, or leave it to a job outside of migrations:\n\
             UPDATE public.t SET c = 0 WHERE id BETWEEN 1 AND 10000 AND c IS NULL;",
    checks: &[Check::Action(unbatched)],
};

fn data_and_ddl(site: &UnitSite<'_>, found: &mut Found) {
    for step in site.walked.iter().filter(|step| !step.fresh) {
        let Action::Write { verb, table, batched: false, .. } = &step.placed.action else { continue };
        if !site.unit.sections[step.section].transaction {
            continue;
        }
        let strong = |other: &&Walked<'_>| {
            other.section == step.section
                && other.locks.iter().any(|(mode, _)| *mode >= LockMode::ShareRowExclusive)
        };
        if let Some(other) = site.walked.iter().find(strong) {
            let line = other.placed.line;
            let message =
                format!("{} of {table} in the transaction of the schema change on line {line}", verb.word());
            found.step(site.unit, step, message).of(table);
        }
    }
}

fn unbatched(site: &Site<'_>, found: &mut Found) {
    let Action::Write { verb: verb @ (Verb::Update | Verb::Delete), table, filtered: true, batched: false } =
        &site.placed.action
    else {
        return;
    };
    if site.is_old(table) {
        found.at(site, format!("{} goes through all of {table} in one statement", verb.word())).of(table);
    }
}
