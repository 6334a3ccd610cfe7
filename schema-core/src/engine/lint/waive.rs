//! From what rules have found to what is said: levels, waivers, and what is wrong with waivers.

use super::config::Level;
use super::rule::{Check, Hit};
use super::rules::lint::{EXPIRED, UNKNOWN, UNUSED, WITHOUT_REASON};
use super::unit::{Part, Unit};
use super::waiver::Waiver;
use super::{Input, Linted, rule, unknown};
use crate::engine::findings::{Finding, Place, Severity};
use crate::engine::id::ObjectId;
use std::collections::BTreeSet;

/// Sets aside what is allowed, and drops what is off.
pub(super) fn sort_out(hits: Vec<Hit>, input: &Input<'_>) -> Linted {
    let mut linted = Linted::default();
    let mut waivers = all(input);
    for hit in hits {
        let waiver = waivers.iter_mut().find(|one| one.holds && one.covers(&hit));
        let reason = waiver.map(|one| {
            one.used = true;
            one.waiver.reason.clone()
        });
        let Some(finding) = finding(hit, input) else { continue };
        match reason {
            Some(reason) => linted.waived.push((finding, reason)),
            None => linted.findings.push(finding),
        }
    }
    for one in &waivers {
        linted.findings.extend(about(one, input).and_then(|hit| finding(hit, input)));
    }
    linted.findings.sort();
    linted.findings.dedup();
    linted
}

/// A waiver, where it stands, and what came of it.
struct One<'a> {
    waiver: Waiver,
    file: &'a str,
    scope: Scope<'a>,
    /// It can be read, has a reason, and is not over.
    holds: bool,
    used: bool,
}

/// What a waiver is about.
enum Scope<'a> {
    /// The statement below it.
    Statement(&'a Unit),
    /// An object, as findings name it; none stands for all.
    Object(Option<&'a str>),
    /// Objects that the code declares, and how statements may name them.
    Declared { of: &'a BTreeSet<ObjectId>, names: BTreeSet<String> },
}

impl One<'_> {
    fn covers(&self, hit: &Hit) -> bool {
        if hit.rule != self.waiver.rule {
            return false;
        }
        match &self.scope {
            Scope::Statement(unit) => {
                hit.place.as_ref().is_some_and(|place| place.file == unit.file)
                    && (hit.lines.is_none() || hit.lines == self.waiver.statement)
            }
            Scope::Object(object) => object.is_none() || *object == hit.object.as_deref(),
            Scope::Declared { of, names } => match &hit.id {
                Some(id) => {
                    std::iter::successors(Some(id.clone()), ObjectId::parent).any(|id| of.contains(&id))
                }
                None => hit.object.as_ref().is_some_and(|object| names.contains(object)),
            },
        }
    }
}

impl One<'_> {
    /// Whether all has been looked at that it could be about.
    fn is_settled(&self, input: &Input<'_>) -> bool {
        let seen = |check: &Check| match check {
            Check::Up(_) | Check::Action(_) | Check::Unit(_) | Check::History(_) => input.history,
            Check::Usage(_) => input.usage.is_some(),
            Check::Catalog(_) | Check::By(_) => true,
        };
        match self.scope {
            Scope::Statement(_) => true,
            // Without the code only some of the files may have been read.
            Scope::Object(_) | Scope::Declared { .. } => {
                input.catalog.is_some()
                    && rule(&self.waiver.rule).is_some_and(|rule| rule.checks.iter().all(seen))
            }
        }
    }
}

fn all<'a>(input: &Input<'a>) -> Vec<One<'a>> {
    let today = input.config.today.as_deref();
    let one = |waiver: Waiver, file: &'a str, scope: Scope<'a>| {
        let holds = !waiver.reason.is_empty()
            && rule(&waiver.rule).is_some()
            && waiver.has_date()
            && !waiver.is_over(today);
        One { waiver, file, scope, holds, used: false }
    };
    let mut waivers = Vec::new();
    for (unit, _) in input.units.iter().zip(input.selected).filter(|(_, selected)| **selected) {
        waivers.extend(unit.waivers.iter().map(|said| one(said.clone(), &unit.file, Scope::Statement(unit))));
    }
    for said in input.allowed {
        let waiver = Waiver {
            rule: said.rule.clone(),
            reason: said.reason.clone(),
            until: said.until.clone(),
            line: said.at.line,
            statement: None,
        };
        let names = said.of.iter().flat_map(written).collect();
        waivers.push(one(waiver, &said.at.file, Scope::Declared { of: &said.of, names }));
    }
    for said in &input.config.allow {
        waivers.push(one(said.waiver.clone(), &said.file, Scope::Object(said.object.as_deref())));
    }
    waivers
}

/// How rules may say what a statement names: with its PostgreSQL schema and, in `public`, without; quoted or not.
fn written(id: &ObjectId) -> Vec<String> {
    let (relation, part) = if let ObjectId::Column(name, part) | ObjectId::Constraint(name, part) = id {
        (name, Some(part))
    } else if let ObjectId::Table(name)
    | ObjectId::View(name)
    | ObjectId::MaterializedView(name)
    | ObjectId::Index(name) = id
    {
        (name, None)
    } else {
        return Vec::new();
    };
    let bare = (relation.schema.as_str() == "public").then(|| relation.name.to_string());
    let names = [Some(relation.to_string()), Some(relation.short()), bare].into_iter().flatten();
    names.map(|name| part.map_or_else(|| name.clone(), |part| format!("{name}.{part}"))).collect()
}

/// What is wrong with a waiver.
fn about(one: &One<'_>, input: &Input<'_>) -> Option<Hit> {
    let waiver = &one.waiver;
    let name = &waiver.rule;
    let (rule, message) = if let Some(message) = unknown(name) {
        (UNKNOWN.name, message)
    } else if waiver.reason.is_empty() {
        (WITHOUT_REASON.name, format!("the waiver of {name} does not say why"))
    } else if !waiver.has_date() {
        let until = waiver.until.as_deref().unwrap_or_default();
        (EXPIRED.name, format!("the waiver of {name} ends `{until}`, which is no day as 2027-01-31"))
    } else if waiver.is_over(input.config.today.as_deref()) {
        let until = waiver.until.as_deref().unwrap_or_default();
        (EXPIRED.name, format!("the waiver of {name} ended on {until}: {}", waiver.reason))
    } else if !one.used && one.is_settled(input) {
        (UNUSED.name, format!("the waiver of {name} waives nothing"))
    } else {
        return None;
    };
    Some(Hit {
        rule,
        at_most: None,
        place: Some(Place::new(one.file, waiver.line)),
        lines: None,
        message,
        object: None,
        id: None,
        recipe: None,
    })
}

/// The finding with its severity; none where the rule is off.
fn finding(hit: Hit, input: &Input<'_>) -> Option<Finding> {
    let rule = rule(hit.rule)?;
    let level: Level = match input.config.levels.get(rule.name) {
        Some(level) => *level,
        None => rule.levels.of(input.config.profile),
    };
    let is_down =
        |place: &Place| input.units.iter().any(|unit| unit.part == Part::Down && unit.file == place.file);
    // Who goes back has reasons of their own: nothing in a way back fails the run.
    let down = hit.place.as_ref().is_some_and(is_down).then_some(Severity::Warn);
    let most = [hit.at_most, down].into_iter().flatten().min().unwrap_or(Severity::Error);
    let mut finding = Finding::new(rule.name, level?.min(most), hit.message).why(rule.why);
    finding.next = Some(hit.recipe.unwrap_or_else(|| rule.recipe.to_owned())).filter(|next| !next.is_empty());
    finding.place = hit.place;
    finding.object = hit.object;
    Some(finding)
}
