//! What the planner writes and what the rules want are one: a generated migration has no finding about locks that the
//! planner could have avoided, and what the planner calls a hazard is found.

use super::lines;
use crate::support::{catalog, load, scratch};
use schema_core::engine::diff::diff;
use schema_core::engine::files::Texts;
use schema_core::engine::findings::Finding;
use schema_core::engine::hazard::HazardKind;
use schema_core::engine::lint::config::{Config, Profile};
use schema_core::engine::lint::rule::Group;
use schema_core::engine::lint::unit::Unit;
use schema_core::engine::lint::{Input, lint, rule};
use schema_core::engine::plan::{Plan, plan, plan_online};
use schema_core::engine::postgres::scratch::Scratch;
use schema_core::engine::render::{Header, up};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// The findings of a migration in its plain form, and the hazards of its Steps.
fn generated(scratch: &mut Scratch, old: &str, new: &str) -> (Vec<Finding>, BTreeSet<HazardKind>) {
    let (mut from, mut to) = (load(scratch, old), load(scratch, new));
    let (before, after) = (catalog(&mut from), catalog(&mut to));
    let plan = plan(&before, &after).unwrap_or_else(|error| panic!("{error}"));
    let hazards = plan.steps().flat_map(|step| step.hazards.iter().map(|hazard| hazard.kind)).collect();
    (linted(old, &text(&plan)), hazards)
}

fn text(plan: &Plan) -> String {
    let header = Header { id: "2_new", parent: Some("1_old"), tool: "test", proven_on: "test" };
    up(plan, &BTreeMap::new(), &header)
}

fn linted(old: &str, new: &str) -> Vec<Finding> {
    let texts = |id: &str, up: &str| Texts {
        id: id.to_owned(),
        folder: id.to_owned(),
        up: up.to_owned(),
        down: None,
    };
    let units = Unit::of_migrations(&[texts("1_old", old), texts("2_new", new)]).unwrap();
    let config = Config { profile: Profile::Prod, ..Config::default() };
    let input = Input {
        units: &units,
        selected: &[false, true],
        history: false,
        status: None,
        usage: None,
        catalog: None,
        allowed: &[],
        config: &config,
    };
    lint(&input).findings
}

fn about_locks(finding: &&Finding) -> bool {
    rule(&finding.rule).is_some_and(|rule| rule.group == Group::Locks)
}

/// The online form of every case of the planner, in both directions: what lint has to say about its locks is what the
/// planner itself says.
#[test]
fn online_forms_are_free_of_what_could_be_avoided() {
    let mut scratch = scratch();
    let major = scratch.server().major;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut wrong, mut plans) = (Vec::new(), 0);
    for case in folders(&root).iter().flat_map(|kind| folders(kind)) {
        let read = |name: &str| read_to_string(case.join(name)).unwrap();
        let (old, new) = (read("old.sql"), read("new.sql"));
        let oldest = new.lines().next().and_then(|line| line.strip_prefix("-- min: "));
        if oldest.is_some_and(|oldest| major < oldest.parse().unwrap()) {
            continue;
        }
        let (mut from, mut to) = (load(&mut scratch, &old), load(&mut scratch, &new));
        let (before, after) = (catalog(&mut from), catalog(&mut to));
        for (old, before, after) in [(&old, &before, &after), (&new, &after, &before)] {
            let plan = plan_online(&diff(before, after), before, after).unwrap();
            let text = text(&plan);
            let lines: Vec<&str> = text.lines().collect();
            plans += 1;
            for finding in linted(old, &text).iter().filter(about_locks) {
                let line = finding.place.as_ref().unwrap().line as usize - 1;
                // What a name that nobody here has made is, would be observed.
                let said = lines[..line].iter().rev().take_while(|line| !line.is_empty());
                let unknown = finding.message.contains("is not known here");
                // How many tables somebody changes at once is not the planner's choice.
                let wide = finding.rule == "wide-lock-window";
                if !unknown && !wide && !said.clone().any(|line| line.starts_with("-- hazard: ")) {
                    let (case, rule, message) = (case.display(), &finding.rule, &finding.message);
                    wrong.push(format!("{case}: {rule}: {message}\n    {}", lines[line]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(plans > 100, "only {plans} plans were read");
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
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
    let found: Vec<Finding> = findings.iter().filter(about_locks).cloned().collect();
    assert!(found.is_empty(), "{}", lines(&found));
}
