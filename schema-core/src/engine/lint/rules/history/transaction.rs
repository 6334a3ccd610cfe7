//! `transaction-control-in-tx-file`, `uncommitted-transaction`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const CONTROL: Rule = Rule {
    name: "transaction-control-in-tx-file",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "A migration begins or ends a transaction itself.",
    why: "The runner has begun one: the record of what has run would no longer be one with what has run. It refuses the file.",
    recipe: "Delete it; to begin another transaction, write\n-- schema:section",
    checks: &[Check::Action(control)],
};

pub(in crate::engine::lint) const UNCOMMITTED: Rule = Rule {
    name: "uncommitted-transaction",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "A file begins a transaction and does not end it.",
    why: "What it did is rolled back when the connection ends; until then its locks are held.",
    recipe: "End it:\nCOMMIT;",
    checks: &[Check::Unit(uncommitted)],
};

fn control(site: &Site<'_>, found: &mut Found) {
    if matches!(site.placed.action, Action::Transaction(_)) && site.unit.part != Part::Loose {
        let word = site.statement.sql.split_whitespace().next().unwrap_or_default().to_uppercase();
        found.at(site, format!("{word} begins or ends a transaction; a section is one by itself"));
    }
}

fn uncommitted(site: &UnitSite<'_>, found: &mut Found) {
    if let Some(line) = site.unit.unfinished
        && site.unit.part == Part::Loose
        && let Some((_, statement)) = site.unit.statements().find(|(_, statement)| statement.line == line)
    {
        found.line(site.unit, statement, line, "the transaction that begins here is never ended");
    }
}
