//! What several commands say as JSON: Changes, and Steps with their locks, hazards and origins.

use schema_core::engine::error::Location;
use schema_core::engine::id::ObjectId;
use schema_core::engine::plan::{Plan, is_outside};
use schema_core::engine::step::Step;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A verb and an object each.
pub(crate) fn changes(changes: &[(&str, ObjectId)], origins: &BTreeMap<ObjectId, Location>) -> Vec<Value> {
    let one = |(verb, id): &(&str, ObjectId)| {
        json!({"verb": verb, "kind": id.kind(), "object": id.short(),
            "origin": origins.get(id).map(ToString::to_string)})
    };
    changes.iter().map(one).collect()
}

/// The statements in order.
pub(crate) fn steps<'a>(
    steps: impl Iterator<Item = &'a Step>,
    origins: &BTreeMap<ObjectId, Location>,
) -> Vec<Value> {
    let one = |step: &Step| {
        let locks: Vec<Value> = step
            .locks
            .iter()
            .map(|(mode, table)| json!({"mode": mode.to_string(), "table": table}))
            .collect();
        let found: Vec<String> =
            step.causes.iter().filter_map(|id| origins.get(id)).map(ToString::to_string).collect();
        let causes: Vec<String> = step.causes.iter().map(ToString::to_string).collect();
        let hazards: Vec<Value> = step
            .hazards
            .iter()
            .map(|hazard| json!({"kind": hazard.kind.name(), "of": hazard.of.to_string(), "why": hazard.why}))
            .collect();
        json!({"sql": step.shown(), "causes": causes, "origins": found, "locks": locks, "hazards": hazards})
    };
    steps.map(one).collect()
}

/// The statements of a plan; each section is one transaction, or a statement outside of any.
pub(crate) fn sections(plan: &Plan, origins: &BTreeMap<ObjectId, Location>) -> Vec<Value> {
    let filled = plan.sections.iter().filter(|section| !section.is_empty());
    filled
        .map(|section| json!({"transaction": !is_outside(section), "steps": steps(section.iter(), origins)}))
        .collect()
}
