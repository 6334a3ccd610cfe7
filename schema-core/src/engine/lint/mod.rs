//! Lint: rules about migrations and about the declared schema. Pure; what was observed on a server comes from outside.

pub mod action;
pub mod change;
pub mod config;
pub mod docs;
pub mod locks;
mod prelude;
pub mod read;
pub mod rule;
pub mod rules;
pub mod unit;
mod waive;
pub mod waiver;
pub mod world;

use super::catalog::Catalog;
use super::findings::Finding;
use super::history::compare;
use super::name::QName;
use super::postgres::status::Status;
use super::step::LockMode;
use action::{Action, Change};
use config::Config;
use rule::{CatalogSite, Check, Found, HistorySite, Hit, Rule, Site, UnitSite, Walked};
use rules::RULES;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use unit::{Part, Unit};
use world::World;

/// What is linted.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// All files, each migration's up.sql before its down.sql, in the order of the history; then files by themselves.
    pub units: &'a [Unit],
    /// Which of them are linted; the others only tell what is there.
    pub selected: &'a [bool],
    /// Whether the history as a whole is looked at.
    pub history: bool,
    /// What a database says about the history.
    pub status: Option<&'a Status>,
    /// The declared schema.
    pub catalog: Option<&'a Catalog>,
    /// What the project wants.
    pub config: &'a Config,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linted {
    /// What stands.
    pub findings: Vec<Finding>,
    /// What is allowed, with the reason.
    pub waived: Vec<(Finding, String)>,
}

/// Runs all rules.
pub fn lint(input: &Input<'_>) -> Linted {
    let mut found = Found { rule: "", hits: Vec::new() };
    walk(input.units, |index, before, unit, walked, after| {
        if input.selected.get(index).copied().unwrap_or(false) {
            let site = UnitSite { unit, walked, before, after, config: input.config };
            in_unit(&site, &mut found);
        }
    });
    for rule in RULES {
        found.rule = rule.name;
        for check in rule.checks {
            match check {
                Check::History(check) if input.history => {
                    let site = HistorySite { units: input.units, status: input.status, config: input.config };
                    check(&site, &mut found);
                }
                Check::Catalog(check) => {
                    if let Some(catalog) = input.catalog {
                        check(&CatalogSite { catalog, config: input.config }, &mut found);
                    }
                }
                Check::History(_) | Check::Up(_) | Check::Action(_) | Check::Unit(_) | Check::By(_) => {}
            }
        }
    }
    found.hits.retain(|hit| is_wanted(hit, input));
    waive::sort_out(found.hits, input)
}

/// What is about a file that is not linted is not said.
fn is_wanted(hit: &Hit, input: &Input<'_>) -> bool {
    let Some(place) = &hit.place else { return true };
    let index = input.units.iter().position(|unit| unit.file == place.file);
    index.is_none_or(|index| input.selected.get(index).copied().unwrap_or(false))
}

/// The statements whose effect the texts do not tell: by unit and by section and statement.
pub fn doubtful(units: &[Unit], selected: &[bool]) -> Vec<(usize, usize, usize)> {
    let mut doubtful = Vec::new();
    walk(units, |index, before, unit, _, _| {
        let linted = selected.get(index).copied().unwrap_or(false);
        // A way back begins where its up.sql has just ended: there nothing is observed.
        if !linted || unit.part == Part::Down {
            return;
        }
        let mut world = before.clone();
        for (number, section) in unit.sections.iter().enumerate() {
            for (place, statement) in section.statements.iter().enumerate() {
                if statement.read.unread.is_some()
                    || statement.actions().any(|action| is_doubtful(action, &world))
                {
                    doubtful.push((index, number, place));
                }
                statement.actions().for_each(|action| world.apply(action));
            }
        }
    });
    doubtful
}

/// The locks that files take on what was there before, by unit: each relation with the strongest. Of what the texts do not
/// tell, those that were observed.
pub fn locks_taken(units: &[Unit], selected: &[bool]) -> Vec<BTreeMap<QName, LockMode>> {
    let mut taken = vec![BTreeMap::new(); units.len()];
    walk(units, |index, _, unit, walked, _| {
        if !selected.get(index).copied().unwrap_or(false) {
            return;
        }
        let observed = unit.statements().filter_map(|(_, statement)| statement.observed.as_ref());
        let observed = observed.flat_map(|observed| &observed.locks);
        for (mode, table) in walked.iter().flat_map(|walked| &walked.locks).chain(observed) {
            let strongest = taken[index].entry(table.clone()).or_insert(*mode);
            *strongest = (*mode).max(*strongest);
        }
    });
    taken
}

/// A change of a type that nobody knows; code that is no SQL.
fn is_doubtful(action: &Action, world: &World) -> bool {
    if let Action::Do { .. } = action {
        return true;
    }
    let Action::Alter { table, change: Change::SetType { column, .. } } = action else { return false };
    !world.is_fresh(table) && world.column(table, column).is_none()
}

/// Goes through the files in order: each with what is there before and after it.
fn walk(units: &[Unit], mut visit: impl FnMut(usize, &World, &Unit, &[Walked<'_>], &World)) {
    let mut world = World::default();
    for (index, unit) in units.iter().enumerate() {
        let mut here = world.clone();
        // A way back begins with what its up.sql has just made.
        if unit.part != Part::Down {
            here.settle();
        }
        let before = here.clone();
        let mut walked = Vec::new();
        for (section, statement) in unit.statements() {
            for placed in &statement.read.actions {
                let fresh = is_about_fresh(&placed.action, &here);
                let locks = locks::locks(&placed.action, &here);
                walked.push(Walked { section, statement, placed, locks, fresh });
                here.apply(&placed.action);
            }
        }
        visit(index, &before, unit, &walked, &here);
        if unit.part == Part::Up {
            world = here;
        }
    }
}

/// Whether an action is only about what the migration has made itself.
fn is_about_fresh(action: &Action, world: &World) -> bool {
    if let Action::Alter { table, .. } | Action::Write { table, .. } = action {
        return world.is_fresh(table);
    }
    if let Action::CreateIndex(index) = action {
        return world.is_fresh(&index.table);
    }
    false
}

fn in_unit(site: &UnitSite<'_>, found: &mut Found) {
    for rule in RULES {
        found.rule = rule.name;
        for check in rule.checks {
            if let Check::Unit(check) = check {
                check(site, found);
            }
        }
    }
    let mut world = site.before.clone();
    for section in &site.unit.sections {
        for statement in &section.statements {
            for placed in &statement.read.actions {
                let at =
                    Site { unit: site.unit, section, statement, placed, world: &world, config: site.config };
                for rule in RULES {
                    found.rule = rule.name;
                    rule.checks.iter().for_each(|check| at_action(*check, &at, found));
                }
                world.apply(&placed.action);
            }
        }
    }
}

fn at_action(check: Check, site: &Site<'_>, found: &mut Found) {
    match check {
        Check::Up(check) if site.unit.part != Part::Down => check(site, found),
        Check::Action(check) => check(site, found),
        Check::Up(_) | Check::Unit(_) | Check::History(_) | Check::Catalog(_) | Check::By(_) => {}
    }
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// Whether a migration is not before the one with which lint begins.
pub fn is_since(id: &str, since: Option<&str>) -> bool {
    since.is_none_or(|since| id.starts_with(since) || compare(id, since) != Ordering::Less)
}
