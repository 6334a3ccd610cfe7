//! What the planner writes and what the rules want are one: a generated migration has no finding about locks that the
//! planner could have avoided, and what the planner calls a hazard is found.

use super::lines;
use crate::support::{catalog, load, scratch};
use schema_core::engine::files::Texts;
use schema_core::engine::findings::Finding;
use schema_core::engine::hazard::HazardKind;
use schema_core::engine::lint::config::{Config, Profile};
use schema_core::engine::lint::rule::Group;
use schema_core::engine::lint::unit::Unit;
use schema_core::engine::lint::{Input, lint, rule};
use schema_core::engine::plan::plan;
use schema_core::engine::postgres::scratch::Scratch;
use schema_core::engine::render::{Header, up};
use std::collections::{BTreeMap, BTreeSet};

/// The findings of a generated migration, and the hazards of its Steps.
fn generated(scratch: &mut Scratch, old: &str, new: &str) -> (Vec<Finding>, BTreeSet<HazardKind>) {
    let (mut from, mut to) = (load(scratch, old), load(scratch, new));
    let (before, after) = (catalog(&mut from), catalog(&mut to));
    let plan = plan(&before, &after).unwrap_or_else(|error| panic!("{error}"));
    let hazards = plan.steps().flat_map(|step| step.hazards.iter().map(|hazard| hazard.kind)).collect();
    let header = Header { id: "2_new", parent: Some("1_old"), tool: "test", proven_on: "test" };
    let texts = |id: &str, up: String| Texts { id: id.to_owned(), folder: id.to_owned(), up, down: None };
    let units = Unit::of_migrations(&[
        texts("1_old", old.to_owned()),
        texts("2_new", up(&plan, &BTreeMap::new(), &header)),
    ])
    .unwrap();
    let config = Config { profile: Profile::Prod, ..Config::default() };
    let input = Input {
        units: &units,
        selected: &[false, true],
        history: false,
        status: None,
        catalog: None,
        config: &config,
    };
    (lint(&input).findings, hazards)
}

const OLD: &str = "CREATE TABLE public.u (id bigint PRIMARY KEY);
    CREATE TABLE public.t (id bigint PRIMARY KEY, a integer, b text, u bigint);";

fn old_with(columns: &str, after: &str) -> String {
    format!(
        "CREATE TABLE public.u (id bigint PRIMARY KEY);
         CREATE TABLE public.t (id bigint PRIMARY KEY, {columns}); {after}"
    )
}

/// Whatever the planner says is said by a rule of that group too.
#[test]
fn hazards_are_found() {
    let mut scratch = scratch();
    for (columns, after, hazard, expected) in [
        ("a integer, u bigint", "", HazardKind::DataLoss, "drop-column"),
        ("a text, b text, u bigint", "", HazardKind::Rewrite, "change-column-type"),
        ("a bigint, b text, u bigint", "", HazardKind::Rewrite, "int-to-bigint"),
        ("a integer, b varchar(5), u bigint", "", HazardKind::MayFail, "narrowing-type-change"),
        (
            "a integer, b text, u bigint, d uuid NOT NULL DEFAULT gen_random_uuid()",
            "",
            HazardKind::Rewrite,
            "add-column-volatile-default",
        ),
    ] {
        let (findings, hazards) = generated(&mut scratch, OLD, &old_with(columns, after));
        assert!(hazards.contains(&hazard), "the planner says {hazards:?} of {columns}");
        let found = findings.iter().any(|finding| finding.rule == expected);
        assert!(found, "{expected} is not found in {columns}:\n{}", lines(&findings));
    }
}

/// A new schema holds nothing up.
#[test]
fn new_tables_wait_for_nobody() {
    let mut scratch = scratch();
    let new = old_with(
        "a integer NOT NULL UNIQUE CHECK (a > 0), u bigint REFERENCES public.u",
        "CREATE INDEX ON public.t (u);",
    );
    let (findings, _) = generated(&mut scratch, "", &new);
    let about_locks = |finding: &&Finding| rule(&finding.rule).is_some_and(|rule| rule.group == Group::Locks);
    let found: Vec<Finding> = findings.iter().filter(about_locks).cloned().collect();
    assert!(found.is_empty(), "{}", lines(&found));
}
