//! What a database has of a History: pure comparison of the ledger's rows with the folders.

use super::run::Direction;
use crate::engine::history::{History, Migration, compare};
use crate::engine::script::Script;
use std::collections::{BTreeMap, BTreeSet};

/// A migration as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The folder's name.
    pub id: String,
    /// The checksum of the script that ran.
    pub checksum: String,
    /// How many sections it had.
    pub sections: usize,
    /// How many of them are done.
    pub done: usize,
    /// The version of the tool.
    pub tool: String,
    /// The role that ran it.
    pub by: String,
    /// When it was finished, else when it began: UTC, RFC 3339.
    pub at: String,
    /// How long the finished sections took.
    pub milliseconds: i64,
    /// The sections that were tried, in order of their numbers.
    pub tried: Vec<Tried>,
    /// The sections of the way back that were tried since.
    pub back: Vec<Tried>,
}

/// What happened to a migration beside being applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When: UTC, RFC 3339.
    pub at: String,
    /// What: rolled back, squashed, baselined, repaired, purged.
    pub event: String,
    /// The migration.
    pub migration: String,
    /// The version of the tool.
    pub tool: String,
    /// The role.
    pub by: String,
    /// How long it took, where that means something.
    pub milliseconds: Option<i64>,
    /// In some words.
    pub detail: Option<String>,
}

/// A section as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its number, counted from 1.
    pub number: usize,
    /// Its checksum.
    pub checksum: String,
    /// How far it came.
    pub outcome: Outcome,
}

/// How far a section came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It began outside of a transaction, and nobody wrote down how it ended.
    Started,
    /// It failed, with this message.
    Failed(String),
}

/// Every migration that the folders or the ledger know, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether the database has a ledger.
    pub ledger: bool,
    /// The migrations.
    pub migrations: Vec<MigrationStatus>,
    /// What happened beside, the latest first.
    pub events: Vec<Happened>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The folder's name.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// The ledger's row.
    pub recorded: Option<Recorded>,
    /// What has run is not what the file says now.
    pub edited: bool,
    /// It is pending, but a later one has run.
    pub out_of_order: bool,
    /// What of the migrations that it replaces has run.
    pub replaced: Replaced,
}

/// What a database has of the migrations that another one replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Replaced {
    /// Nothing, or it replaces none.
    #[default]
    None,
    /// All: there is nothing to run.
    All,
    /// A part.
    Some {
        /// What has run.
        applied: Vec<String>,
        /// What has not, or not as it was when it was replaced.
        left: Vec<String>,
    },
}

/// Where a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Every section has run.
    Applied,
    /// None has; what failed was rolled back.
    Pending,
    /// Some sections have run, or it is not known whether one has.
    HalfApplied,
    /// Some sections of the way back have run.
    HalfRolledBack,
    /// The ledger has it, but there is no such folder.
    Missing,
}

impl State {
    /// As people and programs are told it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::HalfApplied => "half-applied",
            Self::HalfRolledBack => "half-rolled-back",
            Self::Missing => "missing",
        }
    }
}

impl Recorded {
    /// Every section has run.
    pub fn is_applied(&self) -> bool {
        self.done >= self.sections
    }

    /// Something of it has run, or may have.
    pub fn has_run(&self) -> bool {
        self.is_applied() || self.done > 0 || self.tried.iter().any(|tried| tried.outcome == Outcome::Started)
    }

    /// Something of the way back has run, or may have.
    pub fn goes_back(&self) -> bool {
        self.back.iter().any(|tried| !matches!(tried.outcome, Outcome::Failed(_)))
    }

    /// How many sections of the way back are done.
    pub fn done_back(&self) -> usize {
        self.back.iter().filter(|tried| tried.outcome == Outcome::Done).count()
    }

    /// How the section of this number, counted from 1, ended when it was last tried.
    pub(crate) fn outcome(&self, direction: Direction, number: usize) -> Option<&Outcome> {
        let list = match direction {
            Direction::Up => &self.tried,
            Direction::Down => &self.back,
        };
        list.iter().find(|tried| tried.number == number).map(|tried| &tried.outcome)
    }

    /// The message of the last failure.
    pub fn failure(&self) -> Option<&str> {
        last_failure(&self.tried)
    }

    /// The message of the last failure on the way back.
    pub fn failure_back(&self) -> Option<&str> {
        last_failure(&self.back)
    }
}

fn last_failure(tried: &[Tried]) -> Option<&str> {
    tried.iter().rev().find_map(|tried| match &tried.outcome {
        Outcome::Failed(message) => Some(message.as_str()),
        Outcome::Started => Some("it is not known how its last try ended"),
        Outcome::Done => None,
    })
}

impl Status {
    /// Compares the folders with the ledger's rows; `None` is a database without ledger.
    pub fn of(history: &History, ledger: Option<&[Recorded]>) -> Self {
        let rows: BTreeMap<&str, &Recorded> =
            ledger.unwrap_or_default().iter().map(|row| (row.id.as_str(), row)).collect();
        let has_run = rows.values().copied().filter(|row| row.has_run());
        let last = has_run.clone().map(|row| row.id.as_str()).max_by(|a, b| compare(a, b));
        let known = history.0.iter().map(|migration| {
            let row = rows.get(migration.id.as_str()).copied();
            let replaced =
                if row.is_some_and(Recorded::has_run) { Replaced::None } else { replaced(migration, &rows) };
            MigrationStatus {
                id: migration.id.clone(),
                state: match row {
                    _ if replaced == Replaced::All => State::Applied,
                    None => State::Pending,
                    Some(row) if row.goes_back() => State::HalfRolledBack,
                    Some(row) if row.is_applied() => State::Applied,
                    Some(row) if row.has_run() => State::HalfApplied,
                    Some(_) => State::Pending,
                },
                recorded: row.cloned(),
                edited: row.is_some_and(|row| is_edited(migration, row)),
                out_of_order: !row.is_some_and(Recorded::has_run)
                    && replaced == Replaced::None
                    && last.is_some_and(|last| compare(last, &migration.id).is_gt()),
                replaced,
            }
        });
        let replaced = history.0.iter().flat_map(|m| &m.replaces).map(|old| old.id.as_str());
        let there: BTreeSet<&str> = history.0.iter().map(|m| m.id.as_str()).chain(replaced).collect();
        let missing = has_run.filter(|row| !there.contains(row.id.as_str()));
        let missing = missing.map(|row| MigrationStatus {
            id: row.id.clone(),
            state: State::Missing,
            recorded: Some(row.clone()),
            edited: false,
            out_of_order: false,
            replaced: Replaced::None,
        });
        let mut migrations: Vec<_> = known.chain(missing).collect();
        migrations.sort_by(|a, b| compare(&a.id, &b.id));
        Self { ledger: ledger.is_some(), migrations, events: Vec::new() }
    }

    /// Of the migrations all that has run, or a part of which has, as far as there are folders.
    pub fn ran(&self, history: &History) -> History {
        let ran = |id: &str| self.migrations.iter().any(|m| m.id == id && m.state != State::Pending);
        History(history.0.iter().filter(|migration| ran(&migration.id)).cloned().collect())
    }

    /// Those of which the ledger has only what they replace.
    pub fn recognized(&self) -> impl Iterator<Item = &MigrationStatus> {
        self.migrations.iter().filter(|m| m.replaced == Replaced::All)
    }

    /// Those that a run would apply or finish.
    pub fn pending(&self) -> impl Iterator<Item = &MigrationStatus> {
        self.migrations.iter().filter(|m| matches!(m.state, State::Pending | State::HalfApplied))
    }
}

/// What the ledger has of the migrations that this one replaces.
fn replaced(migration: &Migration, rows: &BTreeMap<&str, &Recorded>) -> Replaced {
    let row = |id: &str| rows.get(id).filter(|row| row.has_run());
    let whole = |row: &Recorded| row.is_applied() && !row.goes_back();
    let (mut applied, mut left) = (Vec::new(), Vec::new());
    for old in &migration.replaces {
        match row(&old.id) {
            Some(row) if whole(row) && row.checksum == old.checksum => applied.push(old.id.clone()),
            Some(_) | None => left.push(old.id.clone()),
        }
    }
    let touched = migration.replaces.iter().any(|old| row(&old.id).is_some());
    match (touched, left.is_empty()) {
        (false, _) => Replaced::None,
        (true, true) => Replaced::All,
        (true, false) => Replaced::Some { applied, left },
    }
}

/// Of a half-applied migration only what has run must be the same.
fn is_edited(migration: &Migration, row: &Recorded) -> bool {
    if row.is_applied() {
        return row.checksum != migration.up.checksum;
    }
    differs(&row.tried, &migration.up)
}

/// Whether a section that is done is another now.
pub(crate) fn differs(tried: &[Tried], script: &Script) -> bool {
    let done = tried.iter().filter(|tried| tried.outcome == Outcome::Done);
    let mut same = done.map(|tried| {
        let section = tried.number.checked_sub(1).and_then(|index| script.sections.get(index));
        section.is_some_and(|section| section.checksum == tried.checksum)
    });
    !same.all(|same| same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(id: &str, up: &str) -> Migration {
        Migration::read(id, id, up, None).expect("valid")
    }

    fn row(migration: &Migration, done: usize) -> Recorded {
        let tried = |(index, section): (usize, &crate::engine::script::Section)| Tried {
            number: index + 1,
            checksum: section.checksum.clone(),
            outcome: Outcome::Done,
        };
        Recorded {
            id: migration.id.clone(),
            checksum: migration.up.checksum.clone(),
            sections: migration.up.sections.len(),
            done,
            tool: String::new(),
            by: String::new(),
            at: String::new(),
            milliseconds: 0,
            tried: migration.up.sections.iter().enumerate().take(done).map(tried).collect(),
            back: Vec::new(),
        }
    }

    fn shape(status: &Status) -> Vec<(&str, State, bool, bool)> {
        status.migrations.iter().map(|m| (m.id.as_str(), m.state, m.edited, m.out_of_order)).collect()
    }

    #[test]
    fn every_state() {
        let (a, b, c) =
            (migration("1_a", "select 1"), migration("2_b", "select 2"), migration("10_c", "select 3"));
        let history = History::new(vec![a.clone(), b.clone(), c.clone()]).expect("valid");
        assert!(Status::of(&history, None).pending().count() == 3 && !Status::of(&history, None).ledger);

        let gone = migration("3_gone", "select 4");
        let edited = Recorded { checksum: "x".into(), ..row(&a, 1) };
        let status = Status::of(&history, Some(&[edited, row(&gone, 1)]));
        let expected = [
            ("1_a", State::Applied, true, false),
            ("2_b", State::Pending, false, true),
            ("3_gone", State::Missing, false, false),
            ("10_c", State::Pending, false, false),
        ];
        assert_eq!(shape(&status), expected);
    }

    #[test]
    fn half_applied_may_change_in_what_has_not_run() {
        let old = migration("1_a", "select 1;\n-- schema:section\nselect 2;");
        let rows = [row(&old, 1)];
        let edited = |up: &str| {
            let history = History(vec![migration("1_a", up)]);
            let status = Status::of(&history, Some(&rows));
            assert_eq!(status.migrations[0].state, State::HalfApplied);
            status.migrations[0].edited
        };
        assert!(!edited("select 1;\n-- schema:section\nselect 2;"));
        assert!(!edited("select 1;\n-- schema:section\nselect 3;\n-- schema:section\nselect 4"));
        assert!(!edited("select 1;"));
        assert!(edited("select 5;\n-- schema:section\nselect 2;"));
        assert!(edited(""));
    }

    #[test]
    fn what_failed_before_anything_ran_is_pending_and_may_go() {
        let (a, b) = (migration("1_a", "select 1"), migration("2_b", "select 2"));
        let failed = |migration: &Migration| Recorded {
            tried: vec![Tried { number: 1, checksum: "x".into(), outcome: Outcome::Failed("no".into()) }],
            ..row(migration, 0)
        };
        let history = History(vec![a.clone()]);
        let status = Status::of(&history, Some(&[failed(&a), failed(&b)]));
        assert_eq!(shape(&status), [("1_a", State::Pending, false, false)]);
        assert_eq!(status.migrations[0].recorded.as_ref().and_then(Recorded::failure), Some("no"));
        // Where nobody knows, it counts as run.
        let mut unknown = failed(&b);
        unknown.tried[0].outcome = Outcome::Started;
        let status = Status::of(&history, Some(&[unknown]));
        assert_eq!(
            shape(&status),
            [("1_a", State::Pending, false, true), ("2_b", State::Missing, false, false)]
        );
    }

    #[test]
    fn an_empty_migration_is_applied_once_recorded() {
        let empty = migration("1_a", "-- nothing");
        let history = History(vec![empty.clone()]);
        assert_eq!(Status::of(&history, Some(&[])).migrations[0].state, State::Pending);
        assert_eq!(Status::of(&history, Some(&[row(&empty, 0)])).migrations[0].state, State::Applied);
    }
}
