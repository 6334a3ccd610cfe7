//! What waits to run: what lint says of each migration, the locks that it takes, and what running it up and down on
//! scratch has shown.

use super::changes::{Comparing, Origins};
use crate::cmd::lint::{Looked, of_migrations};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::check as rules;
use schema_core::engine::diff::diff;
use schema_core::engine::error::Error;
use schema_core::engine::findings::Finding;
use schema_core::engine::header::Shown;
use schema_core::engine::history::{History, Migration};
use schema_core::engine::plan::{Plan, plan_changes};
use schema_core::engine::postgres::check::shown;
use schema_core::engine::postgres::status::{State, Status};
use serde_json::{Value, json};

/// So many pending migrations are looked into.
const MOST: usize = 30;

/// All of them in order.
pub(super) fn pending(comparing: &mut Comparing<'_>, status: &Status, origins: &Origins) -> Vec<Value> {
    let waits = |id: &str| {
        let of_it = status.migrations.iter().find(|one| one.id == id);
        of_it.is_some_and(|one| matches!(one.state, State::Pending | State::HalfApplied))
    };
    let all = &comparing.history.0;
    let waiting: Vec<usize> = (0..all.len()).filter(|&at| waits(&all[at].id)).collect();
    let ids: Vec<String> = waiting.iter().take(MOST).map(|&at| all[at].id.clone()).collect();
    let looked = of_migrations(comparing.settings, &mut comparing.bench, &ids, comparing.report);
    // What one migration leads to is what the next one begins with.
    let mut reached = None;
    let mut pending = Vec::with_capacity(waiting.len());
    for (number, at) in waiting.into_iter().enumerate() {
        let migration = comparing.history.0[at].clone();
        let mut told = json!({"id": migration.id, "sql": migration.up.text, "sections": sections(&migration),
            "hazards": [], "lint": [], "locks": [], "proof": {"state": "not known", "why": null, "on": null}});
        if number < MOST {
            told["hazards"] = hazards(plan_of(comparing, at, &mut reached), &migration, origins).into();
            if let Ok(looked) = &looked {
                told["lint"] = lint(looked, &migration.id).into();
                told["locks"] = locks(looked, &migration.id).into();
            }
            told["proof"] = proof(comparing, at);
        }
        pending.push(told);
    }
    pending
}

fn sections(migration: &Migration) -> Vec<String> {
    let sections = migration.up.sections.iter().map(|section| {
        let count = section.statements.len();
        let statements = if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
        if section.transaction { statements } else { format!("{statements}, outside of a transaction") }
    });
    sections.collect()
}

/// What a migration changes, seen from outside.
fn plan_of(
    comparing: &mut Comparing<'_>,
    at: usize,
    reached: &mut Option<(usize, Catalog)>,
) -> Result<Plan, Error> {
    let mut up_to = |count: usize| comparing.bench.recorded(&History(comparing.history.0[..count].to_vec()));
    let before = match reached.take() {
        Some((count, catalog)) if count == at => catalog,
        Some(_) | None => up_to(at)?,
    };
    let after = up_to(at + 1)?;
    let plan = plan_changes(&diff(&before, &after), &before, &after);
    *reached = Some((at + 1, after));
    plan
}

fn hazards(plan: Result<Plan, Error>, migration: &Migration, origins: &Origins) -> Vec<Value> {
    match plan {
        Ok(plan) => {
            let one = |hazard: &schema_core::engine::hazard::Hazard| {
                json!({"kind": hazard.kind.name(), "of": hazard.of.to_string(), "why": hazard.why,
                    "at": origins.get(&hazard.of).map(ToString::to_string)})
            };
            plan.hazards().map(|(_, hazard)| one(hazard)).collect()
        }
        Err(error) => vec![json!({"kind": "not known", "of": migration.id, "why": error.to_string()})],
    }
}

fn lint(looked: &Looked, id: &str) -> Vec<Value> {
    let of_it = looked.findings.iter().filter(|(of, _)| of == id);
    let one = |(_, finding): &(String, Finding)| {
        let line = finding.place.as_ref().map(|place| place.line);
        let file = finding.place.as_ref().and_then(|place| place.file.rsplit('/').next());
        json!({"rule": finding.rule, "severity": finding.severity, "message": finding.message, "file": file,
            "line": line, "why": finding.why, "next": finding.next})
    };
    of_it.map(one).collect()
}

/// The strongest on each relation, the strongest of all first.
fn locks(looked: &Looked, id: &str) -> Vec<Value> {
    let mut locks: Vec<_> = looked.locks.get(id).into_iter().flatten().collect();
    locks.sort_by_key(|(_, mode)| std::cmp::Reverse(**mode));
    let one = |(table, mode): (&schema_core::engine::name::QName, &schema_core::engine::step::LockMode)| json!({"table": table.to_string(), "mode": mode.to_string(), "blocks": mode.blocks()});
    locks.into_iter().map(one).collect()
}

/// It runs on scratch, up and down, unless it was proven before.
fn proof(comparing: &mut Comparing<'_>, at: usize) -> Value {
    let told =
        |state: &str, why: Option<String>, on: Option<String>| json!({"state": state, "why": why, "on": on});
    let found = shown(&mut comparing.bench, &comparing.history, at);
    let on = comparing.bench.used_server().map(|server| format!("PostgreSQL {}", server.version));
    match found {
        Ok(Ok(Shown::BothWays)) => told("up and down", None, on),
        Ok(Ok(Shown::OneWay)) => told("up", None, on),
        Ok(Err(verdict)) => {
            let finding = rules::way_back(&comparing.history, at, Some(&verdict));
            told("wrong", finding.map(|finding| finding.message), on)
        }
        Err(error) => told("wrong", Some(error.to_string()), on),
    }
}
