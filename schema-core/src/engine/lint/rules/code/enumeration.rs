//! `rename-enum-value`, `enum-value-unknown-to-readers`, `enum-add-value-order`, `enum-add-value-used-in-same-tx`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const RENAME: Rule = Rule {
    name: "rename-enum-value",
    group: Group::Code,
    levels: Levels::PROD,
    summary: "A label of an enum gets another name.",
    why: "Programs that run write the old label, which fails, and read the new one, which they do not know.",
    recipe: "Add the new label, release programs that know both, move the rows, then take the old one out of use:\n\
             ALTER TYPE public.status ADD VALUE 'cancelled' AFTER 'canceled';",
    checks: &[Check::Up(rename)],
};

pub(in crate::engine::lint) const UNKNOWN: Rule = Rule {
    name: "enum-value-unknown-to-readers",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "An enum in use gets a label.",
    why: "A program that runs cannot decode a row that holds it: a Rust enum has no variant for it.",
    recipe: "Release programs that know the label (or have a variant for unknown ones) before any program writes it.",
    checks: &[Check::Up(unknown)],
};

pub(in crate::engine::lint) const ORDER: Rule = Rule {
    name: "enum-add-value-order",
    group: Group::Code,
    levels: Levels::INFO,
    summary: "A label is added to an enum without saying where.",
    why: "It comes last. ORDER BY and comparisons follow the order of the labels, and it cannot be changed later.",
    recipe: "Say where:\nALTER TYPE public.status ADD VALUE 'paused' AFTER 'running';",
    checks: &[Check::Up(order)],
};

pub(in crate::engine::lint) const SAME_TX: Rule = Rule {
    name: "enum-add-value-used-in-same-tx",
    group: Group::Code,
    levels: Levels::ALWAYS,
    summary: "A label is used in the transaction that adds it.",
    why: "PostgreSQL refuses it: unsafe use of new value of enum type. The migration fails.",
    recipe: "End the transaction between them:\n\
             ALTER TYPE public.status ADD VALUE 'paused';\n\
             -- schema:section\nALTER TABLE public.t ALTER COLUMN status SET DEFAULT 'paused';",
    checks: &[Check::Unit(same_tx)],
};

fn rename(site: &Site<'_>, found: &mut Found) {
    let Action::RenameLabel { name, from, to } = &site.placed.action else { return };
    if site.is_old(name) {
        found.at(site, format!("the label '{from}' of {name} is called '{to}' from now on")).of(name);
    }
}

fn unknown(site: &Site<'_>, found: &mut Found) {
    let Action::AddLabel { name, label, .. } = &site.placed.action else { return };
    if site.is_old(name) {
        found.at(site, format!("programs that run do not know the label '{label}' of {name}")).of(name);
    }
}

fn order(site: &Site<'_>, found: &mut Found) {
    if let Action::AddLabel { name, label, placed: false } = &site.placed.action {
        found.at(site, format!("the label '{label}' of {name} comes last, as nothing else is said")).of(name);
    }
}

fn same_tx(site: &UnitSite<'_>, found: &mut Found) {
    for (index, step) in site.walked.iter().enumerate() {
        let Action::AddLabel { name, label, .. } = &step.placed.action else { continue };
        // A type of the same transaction may be used at once.
        let fresh = site.walked[..index].iter().any(|earlier| match &earlier.placed.action {
            Action::CreateEnum { name: made, .. } => {
                made.full() == name.full() && earlier.section == step.section
            }
            _other => false,
        });
        if fresh || !site.unit.sections[step.section].transaction {
            continue;
        }
        let uses = |later: &&Walked<'_>| {
            let adds = matches!(&later.placed.action, Action::AddLabel { .. } | Action::RenameLabel { .. });
            later.section == step.section
                && !adds
                && Words::of(&later.statement.sql).literals().contains(label)
        };
        if let Some(later) = site.walked[index + 1..].iter().find(uses) {
            let message = format!(
                "'{label}' is used in the transaction that adds it to {name} on line {}",
                step.placed.line
            );
            found.step(site.unit, later, message).of(name);
        }
    }
}
