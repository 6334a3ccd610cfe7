//! A Plan as the text of `up.sql` or `down.sql`: each statement with its origin, its locks and its hazards.

use super::error::Location;
use super::hazard::HazardKind;
use super::header::{Shown, proven_line};
use super::id::ObjectId;
use super::plan::{Plan, is_outside};
use super::step::{LockMode, Step};
use std::collections::{BTreeMap, BTreeSet};

/// What stands at the head of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'a> {
    /// The migration's id.
    pub id: &'a str,
    /// The migration before it.
    pub parent: Option<&'a str>,
    /// The version of the tool.
    pub tool: &'a str,
    /// The server that the proof ran on: `PostgreSQL 15.18`.
    pub proven_on: &'a str,
}

/// The text of `up.sql`.
pub fn up(plan: &Plan, origins: &BTreeMap<ObjectId, Location>, header: &Header<'_>) -> String {
    let mut text = format!("-- {}\n{}\n", header.id, proven_line(header.proven_on, Shown::BothWays));
    text.push_str(&directives(header));
    push_sections(&mut text, plan, origins);
    text
}

/// The text of `down.sql`; `up` says what does not come back.
pub fn down(plan: &Plan, up: &Plan, header: &Header<'_>) -> String {
    let mut text = format!("-- Undoes {}.\n", header.id);
    let lost: Vec<&str> = up
        .hazards()
        .filter(|(_, hazard)| hazard.kind == HazardKind::DataLoss)
        .map(|(_, hazard)| &*hazard.why)
        .collect();
    if !lost.is_empty() {
        text.push_str("-- The data that up.sql gave up does not come back:\n");
        for why in lost {
            text.push_str(&format!("--   {}\n", comment(why)));
        }
    }
    text.push_str(&directives(header));
    push_sections(&mut text, plan, &BTreeMap::new());
    text
}

pub(super) fn directives(header: &Header<'_>) -> String {
    format!("-- schema:parent {}\n-- schema:tool {}\n", header.parent.unwrap_or("none"), header.tool)
}

fn push_sections(text: &mut String, plan: &Plan, origins: &BTreeMap<ObjectId, Location>) {
    let sections = plan.sections.iter().filter(|steps| !steps.is_empty());
    let several = sections.clone().count() > 1;
    for steps in sections {
        if is_outside(steps) {
            text.push_str("\n-- schema:section no-transaction\n");
        } else if several {
            text.push_str("\n-- schema:section\n");
        }
        let settings: BTreeSet<&str> = steps.iter().flat_map(|step| step.settings.iter().copied()).collect();
        for setting in settings {
            text.push_str(&format!("\nSET LOCAL {setting};\n"));
        }
        for step in steps {
            text.push('\n');
            push_step(text, step, origins);
        }
    }
}

/// The statements of a plan with their comments, for psql: each commits by itself, so that sections need no mark.
pub fn statements(plan: &Plan, origins: &BTreeMap<ObjectId, Location>) -> String {
    let settings = plan.settings().into_iter();
    let mut text: String = settings.map(|setting| format!("SET {setting};\n")).collect();
    for step in plan.steps() {
        if !text.is_empty() {
            text.push('\n');
        }
        push_step(&mut text, step, origins);
    }
    text
}

/// The statements of a plan with their comments, for psql, with its transactions.
pub fn transactions(plan: &Plan, origins: &BTreeMap<ObjectId, Location>) -> String {
    let mut text = String::new();
    for steps in plan.sections.iter().filter(|steps| !steps.is_empty()) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let whole = !is_outside(steps);
        text.push_str(gap);
        if whole {
            text.push_str("BEGIN;\n\n");
        }
        for setting in steps.iter().flat_map(|step| &step.settings).collect::<BTreeSet<_>>() {
            text.push_str(&format!("SET LOCAL {setting};\n\n"));
        }
        let mut written: Vec<String> = Vec::new();
        for step in steps {
            let mut one = String::new();
            push_step(&mut one, step, origins);
            written.push(one);
        }
        text.push_str(&written.join("\n"));
        if whole {
            text.push_str("\nCOMMIT;\n");
        }
    }
    text
}

/// So many statements are a piece.
const A_PIECE: usize = 256;

/// The statements of a plan from nothing, for psql: nobody waits and nothing is lost, so there is nothing to say. In
/// pieces, because a large database has a lot of them.
pub fn dump(plan: &Plan) -> impl Iterator<Item = String> {
    let settings = plan.settings().into_iter().map(|setting| format!("SET {setting};\n"));
    let head = format!("SET client_encoding = 'UTF8';\n{}", settings.collect::<String>());
    let mut steps = plan.steps().map(|step| format!("\n{};\n", step.text()));
    let pieces = std::iter::from_fn(move || {
        let piece: String = steps.by_ref().take(A_PIECE).collect();
        (!piece.is_empty()).then_some(piece)
    });
    Some(head).filter(|_| !plan.is_empty()).into_iter().chain(pieces)
}

/// The sections of a plan, without the head of a migration.
pub fn sections(plan: &Plan) -> String {
    let mut text = String::new();
    push_sections(&mut text, plan, &BTreeMap::new());
    text
}

/// One statement with its comments.
fn push_step(text: &mut String, step: &Step, origins: &BTreeMap<ObjectId, Location>) {
    for line in notes(step, origins) {
        text.push_str(&format!("-- {}\n", comment(&line)));
    }
    text.push_str(&step.text());
    text.push_str(";\n");
}

/// What a reviewer should know about a Step, a line each.
pub fn notes(step: &Step, origins: &BTreeMap<ObjectId, Location>) -> Vec<String> {
    let mut lines = Vec::new();
    for cause in &step.causes {
        if let Some(location) = origins.get(cause) {
            lines.push(format!("{location}: {cause}"));
        }
    }
    for (mode, table) in &step.locks {
        if *mode > LockMode::AccessShare {
            lines.push(format!("lock: {mode} on {} ({})", table.short(), mode.blocks()));
        }
    }
    for hazard in &step.hazards {
        let line = format!("hazard: {}: {}", hazard.kind, hazard.why);
        // Several objects of one statement can have the same.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Names can hold line ends; a comment must not.
fn comment(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
