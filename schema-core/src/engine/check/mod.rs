//! What `schema check` has to say, from what was found by running the history on scratch. Pure: `postgres::check` runs it.

pub mod applied;
pub mod forks;

use super::error::{Error, Location};
use super::findings::{Finding, Place, RuleText, Severity};
use super::history::{Down, History};
use forks::{Fork, unknown_parents};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What running the history has shown. Empty where all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The first migration that does not run from zero.
    pub broken: Option<Fault>,
    /// Whether `schema.sql` is not what the code declares.
    pub stale: Stale,
    /// What the code declares and the migrations don't make, and the other way round.
    pub ahead: Vec<Difference>,
    /// The same exactly: `-` is what the migrations make, `+` what is declared.
    pub lines: Vec<String>,
    /// Migrations, by their places, and what is wrong with their way back.
    pub downs: Vec<(usize, Verdict)>,
    /// Other orders of a fork, and what is wrong with them.
    pub orders: Vec<(Vec<usize>, Verdict)>,
    /// How much was proven now or earlier.
    pub proven: Proven,
}

/// How `schema.sql` stands to the code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stale {
    /// It is what the code declares.
    #[default]
    No,
    /// There is none.
    Absent,
    /// It differs; this is the first line of it that does.
    At(u32),
}

/// Something that did not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What PostgreSQL said.
    pub what: String,
    /// Where.
    pub at: Vec<Location>,
    /// What to do next, where that is known.
    pub next: Option<String>,
}

/// One object in which two Catalogs differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// `add`, `drop`, `alter`, `rename`.
    pub verb: String,
    /// The object.
    pub object: String,
    /// Where the code declares it.
    pub at: Option<Location>,
}

/// What is wrong with something that was run and read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It does not run.
    Fails(Fault),
    /// It ends in another schema: `-` is what was read back, `+` what it should be.
    Differs(Vec<String>),
}

/// How much was proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// Migrations that run from zero.
    pub ups: usize,
    /// Downs that undo their ups.
    pub downs: usize,
    /// Orders of branches that lead to the same.
    pub orders: usize,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { what: error.what, at: error.at, next: error.next }
    }
}

/// The rules, for whoever lists them.
pub fn rules() -> Vec<RuleText> {
    let rule =
        |name, severity, summary, help: &str| RuleText { name, summary, help: help.to_owned(), severity };
    vec![
        rule(AHEAD, Severity::Error, "The code declares what no migration makes", GENERATE),
        rule(BEHIND, Severity::Warn, "The migrations make what the code no longer declares", GENERATE),
        rule(STALE, Severity::Error, "schema.sql is not what the code declares", GENERATE),
        rule(REPLAY, Severity::Error, "The migrations do not run, or do not add up to schema.sql", HAND),
        rule(UNDO, Severity::Error, "A down.sql does not lead back to where its up.sql began", UNDONE),
        rule(NO_DOWN, Severity::Warn, "A migration has no down.sql", DOWN),
        rule(NO_REASON, Severity::Warn, "A migration cannot be undone, and does not say why", DOWN),
        rule(HEADS, Severity::Error, "Merged branches lead to another schema in another order", COMMUTE),
        rule(DIVERGED, Severity::Info, "Branches were merged; their order does not matter", COMMUTE),
        rule(applied::EDITED, Severity::Error, "A migration is not what has run", applied::PUT_BACK),
        rule(applied::MISSING, Severity::Error, "A migration that has run is gone", applied::PUT_BACK),
        rule(
            applied::ORDER,
            Severity::Warn,
            "A new migration stands before others that have run",
            applied::LATER,
        ),
        rule(UNREADABLE, Severity::Error, "Code or a migration that cannot be read", CORRECT),
        rule(PARENT, Severity::Warn, "A migration was made after one that is not there", MISSING),
    ]
}

const AHEAD: &str = "models-ahead-of-history";
const BEHIND: &str = "history-ahead-of-models";
const STALE: &str = "schema-sql-stale";
const REPLAY: &str = "snapshot-does-not-replay";
const UNDO: &str = "down-does-not-undo";
const NO_DOWN: &str = "downgrade-missing";
const NO_REASON: &str = "irreversible-without-reason";
const HEADS: &str = "non-commutative-heads";
const DIVERGED: &str = "diverged-heads";
const PARENT: &str = "unknown-parent";

const UNREADABLE: &str = "unreadable";

const CORRECT: &str = "correct it; everything else is checked only then";
const GENERATE: &str = "run `schema generate`, and commit what it writes";
const HAND: &str =
    "a migration was edited, removed or merged: put it back, or let `schema generate` write what is missing";
const UNDONE: &str = "correct down.sql, then `schema prove ID`; or say in it why there is no way back: \
                      `-- schema:irreversible REASON`";
const DOWN: &str = "write down.sql, then `schema prove ID`; or say in it why there is no way back: \
                    `-- schema:irreversible REASON`";
const COMMUTE: &str = "databases that ran them in the other order have another schema: change the later migration so that \
                       both orders end in the same, before it is applied anywhere";
const MISSING: &str =
    "get the folder back from version control; or, if it is gone for good, correct `-- schema:parent`";

/// The findings, in the order of the history. `snapshot` is the path of `schema.sql`.
pub fn findings(history: &History, forks: &[Fork], facts: &Facts, snapshot: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(facts.broken.as_ref().map(broken));
    found.extend(of_code(facts, snapshot));
    let downs: BTreeMap<usize, &Verdict> = facts.downs.iter().map(|(at, verdict)| (*at, verdict)).collect();
    let parents: BTreeMap<usize, &str> = unknown_parents(history).into_iter().collect();
    for (at, migration) in history.0.iter().enumerate() {
        found.extend(way_back(history, at, downs.get(&at).copied()));
        if let Some(parent) = parents.get(&at) {
            let what = format!("{} was made after {parent}, which is not there", migration.id);
            found.push(Finding::new(PARENT, Severity::Warn, what).at(head(&migration.up.file)).next(MISSING));
        }
    }
    found.extend(facts.orders.iter().map(|(order, verdict)| disordered(history, order, verdict)));
    if facts.orders.is_empty() && facts.broken.is_none() {
        let last = forks.iter().filter(|fork| fork.end == history.0.len());
        found.extend(last.map(|fork| diverged(history, fork)));
    }
    found
}

/// Something in the code or in a file that keeps everything else from being checked.
pub fn unreadable(error: &Error) -> Finding {
    let mut finding = Finding::new(UNREADABLE, Severity::Error, &error.what);
    finding.place = error.at.first().map(Place::from);
    finding.next(error.next.as_deref().unwrap_or(CORRECT))
}

/// Whether a finding is one of those.
pub fn is_unreadable(finding: &Finding) -> bool {
    finding.rule == UNREADABLE
}

/// The beginning of a file.
fn head(file: &str) -> Place {
    Place::new(file, 1)
}

/// A migration that does not run.
pub fn broken(fault: &Fault) -> Finding {
    let mut finding =
        Finding::new(REPLAY, Severity::Error, format!("the migrations do not run from zero: {}", fault.what));
    finding.place = fault.at.first().map(Place::from);
    finding.next(fault.next.as_deref().unwrap_or(HAND))
}

/// What the code says beside what the migrations and `schema.sql` say.
pub fn of_code(facts: &Facts, snapshot: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let line = match facts.stale {
        Stale::No | Stale::Absent => 1,
        Stale::At(line) => line,
    };
    if facts.stale == Stale::No && !(facts.ahead.is_empty() && facts.lines.is_empty()) {
        // The code has not changed since somebody generated: the migrations have.
        let what = format!(
            "the migrations do not add up to {snapshot} (- is what they make, + is what is declared):\n{}",
            facts.lines.join("\n")
        );
        found.push(Finding::new(REPLAY, Severity::Error, what).at(head(snapshot)).next(HAND));
        return found;
    }
    for Difference { verb, object, at } in &facts.ahead {
        let (rule, severity, what) = match verb.as_str() {
            // Code that no longer uses something may be released first, and the drop later.
            "drop" => (
                BEHIND,
                Severity::Warn,
                format!("the migrations make {object}, and the code no longer declares it"),
            ),
            "unmodeled" => (AHEAD, Severity::Error, format!("schema does not manage this yet: {object}")),
            "add" => {
                (AHEAD, Severity::Error, format!("the code declares {object}, and no migration makes it"))
            }
            verb => {
                (AHEAD, Severity::Error, format!("the code says {verb} {object}, and no migration does it"))
            }
        };
        let place = at.as_ref().map_or_else(|| Place::new(snapshot, line), Place::from);
        found.push(Finding::new(rule, severity, what).at(place).of(object).next(GENERATE));
    }
    if found.iter().all(|finding| finding.rule != AHEAD) && facts.stale != Stale::No {
        let what = if facts.stale == Stale::Absent {
            format!("there is no {snapshot}")
        } else {
            format!("{snapshot} is not what the code declares")
        };
        found.push(Finding::new(STALE, Severity::Error, what).at(Place::new(snapshot, line)).next(GENERATE));
    }
    found
}

/// What is wrong with a migration's way back.
pub fn way_back(history: &History, at: usize, verdict: Option<&Verdict>) -> Option<Finding> {
    let migration = &history.0[at];
    let warn =
        |rule, what: String, file: &str| Finding::new(rule, Severity::Warn, what).at(head(file)).next(DOWN);
    match (&migration.down, verdict) {
        (Down::Script(script), Some(Verdict::Fails(fault))) => {
            let what = format!("{} cannot be undone on scratch: {}", migration.id, fault.what);
            let mut finding = Finding::new(UNDO, Severity::Error, what).next(UNDONE);
            finding.place = Some(fault.at.first().map_or_else(|| head(&script.file), Place::from));
            Some(finding)
        }
        (Down::Script(script), Some(Verdict::Differs(lines))) => {
            let what = format!(
                "after up and down of {} the schema is not what it was (- is what was read back, + is what it was):\n{}",
                migration.id,
                lines.join("\n")
            );
            Some(Finding::new(UNDO, Severity::Error, what).at(head(&script.file)).next(UNDONE))
        }
        (Down::Script(_), None) => None,
        (Down::Irreversible(reason), _) if reason.trim().is_empty() => {
            let file = migration.up.file.replace("up.sql", "down.sql");
            Some(warn(NO_REASON, format!("{} cannot be undone, and does not say why", migration.id), &file))
        }
        (Down::Irreversible(_), _) => None,
        (Down::Absent, _) => {
            Some(warn(NO_DOWN, format!("{} has no down.sql", migration.id), &migration.up.file))
        }
    }
}

fn disordered(history: &History, order: &[usize], verdict: &Verdict) -> Finding {
    let ids = |order: &mut dyn Iterator<Item = &usize>| -> String {
        let ids: Vec<&str> = order.map(|at| history.0[*at].id.as_str()).collect();
        ids.join(", ")
    };
    let mut by_id = order.to_vec();
    by_id.sort_unstable();
    let said = match verdict {
        Verdict::Fails(fault) => format!("fails: {}", fault.what),
        Verdict::Differs(lines) => format!(
            "ends in another schema (- is what it ends in, + is what the order of the ids does):\n{}",
            lines.join("\n")
        ),
    };
    let what = format!(
        "{} did not know of each other, and the order {} {said}",
        ids(&mut by_id.iter()),
        ids(&mut order.iter())
    );
    let last = by_id.last().map_or("", |at| history.0[*at].up.file.as_str());
    Finding::new(HEADS, Severity::Error, what).at(head(last)).next(COMMUTE)
}

fn diverged(history: &History, fork: &Fork) -> Finding {
    let id = |at: &usize| history.0[*at].id.as_str();
    let heads: Vec<&str> = fork.lines.iter().filter_map(|line| line.last()).map(id).collect();
    let what = format!(
        "{} are the ends of merged branches; every order of them leads to the same",
        heads.join(", ")
    );
    let last = history.last().map_or("", |last| last.up.file.as_str());
    Finding::new(DIVERGED, Severity::Info, what).at(head(last))
}
