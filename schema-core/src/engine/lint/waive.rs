//! From what rules have found to what is said: levels, waivers, and what is wrong with waivers.

use super::config::Level;
use super::rule::Hit;
use super::rules::lint::{EXPIRED, UNKNOWN, UNUSED, WITHOUT_REASON};
use super::unit::{Part, Unit};
use super::waiver::Waiver;
use super::{Input, Linted, rule, unknown};
use crate::engine::findings::{Finding, Place, Severity};

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
    unit: Option<&'a Unit>,
    object: Option<&'a str>,
    /// It can be read, has a reason, and is not over.
    holds: bool,
    used: bool,
}

impl One<'_> {
    fn covers(&self, hit: &Hit) -> bool {
        if hit.rule != self.waiver.rule {
            return false;
        }
        match self.unit {
            Some(unit) => {
                hit.place.as_ref().is_some_and(|place| place.file == unit.file)
                    && (hit.lines.is_none() || hit.lines == self.waiver.statement)
            }
            None => self.object.is_none() || self.object == hit.object.as_deref(),
        }
    }
}

fn all<'a>(input: &Input<'a>) -> Vec<One<'a>> {
    let today = input.config.today.as_deref();
    let selected = |index: &usize| input.selected.get(*index).copied().unwrap_or(false);
    let holds = |waiver: &Waiver| {
        !waiver.reason.is_empty()
            && rule(&waiver.rule).is_some()
            && waiver.has_date()
            && !waiver.is_over(today)
    };
    let mut waivers = Vec::new();
    for (_, unit) in input.units.iter().enumerate().filter(|(index, _)| selected(index)) {
        for waiver in &unit.waivers {
            let holds = holds(waiver);
            let waiver = waiver.clone();
            waivers.push(One {
                waiver,
                file: &unit.file,
                unit: Some(unit),
                object: None,
                holds,
                used: false,
            });
        }
    }
    for object in &input.config.allow {
        let waiver = object.plain();
        let holds = holds(&waiver);
        let named = object.object.as_deref();
        waivers.push(One { waiver, file: &object.file, unit: None, object: named, holds, used: false });
    }
    waivers
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
    } else if !one.used && (one.unit.is_some() || (input.history && input.catalog.is_some())) {
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
