//! Which migrations a rollback undoes, and what it refuses before anything is touched. Pure.

use super::refuse;
use super::run::{Allow, RunOptions};
use super::status::{Happened, MigrationStatus, Outcome, Replaced, State, Status, differs};
use crate::engine::error::Error;
use crate::engine::history::{Down, History, Migration};
use crate::engine::script::Script;
use std::collections::BTreeMap;

/// How far back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// So many migrations.
    Steps(usize),
    /// All after this one: an id, the beginning of one, or a name.
    To(String),
    /// All.
    ToNone,
}

/// A migration that is undone.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// Where it stands.
    pub standing: &'a MigrationStatus,
}

impl Chosen<'_> {
    /// How many sections of the way back are done.
    pub fn done_back(&self) -> usize {
        self.standing.recorded.as_ref().map_or(0, super::status::Recorded::done_back)
    }

    /// What undoes it: one of these scripts, by id, else its down.sql.
    ///
    /// # Errors
    /// When there is neither.
    pub fn way<'s>(&'s self, others: &'s BTreeMap<String, Script>) -> Result<&'s Script, Error> {
        let id = &self.migration.id;
        match (others.get(id), &self.migration.down) {
            (Some(script), _) | (None, Down::Script(script)) => Ok(script),
            (None, Down::Irreversible(_) | Down::Absent) => {
                Err(Error::failed(format!("there is no way back from {id}")))
            }
        }
    }

    /// Only its first sections have run, so that its down.sql does not fit.
    pub fn is_half(&self) -> bool {
        self.standing.recorded.as_ref().is_some_and(|row| !row.is_applied())
    }
}

/// The migrations to undo, the last first.
///
/// # Errors
/// When one of them cannot be undone; nothing has run then.
pub fn choose<'a>(
    history: &'a History,
    status: &'a Status,
    back: &Back,
    options: &RunOptions,
) -> Result<Vec<Chosen<'a>>, Error> {
    let stands = |m: &&MigrationStatus| m.state != State::Pending;
    let applied: Vec<&MigrationStatus> = status.migrations.iter().filter(stands).collect();
    let count = match back {
        Back::Steps(count) => *count,
        Back::ToNone => applied.len(),
        Back::To(to) => {
            let wanted = refuse::wanted(history, Some(to))?;
            let last = &history.0[wanted - 1].id;
            let at = applied.iter().position(|m| m.id == *last).ok_or_else(|| {
                Error::usage(format!("{last} is not applied, so there is no way back to it"))
                    .next("`schema status` shows what is applied")
            })?;
            applied.len() - at - 1
        }
    };
    let mut chosen = Vec::new();
    for standing in applied.into_iter().rev().take(count) {
        chosen.push(allowed(history, status, standing, options)?);
    }
    Ok(chosen)
}

fn allowed<'a>(
    history: &'a History,
    status: &Status,
    standing: &'a MigrationStatus,
    options: &RunOptions,
) -> Result<Chosen<'a>, Error> {
    let id = &standing.id;
    let refused = |why: String| Error::refused(format!("nothing was rolled back: {why}"));
    let Some(migration) = history.get(id) else {
        return Err(refused(format!("{id} has run here, but there is no such folder"))
            .next("get the folder back (another branch, an older checkout?): its down.sql is the way back"));
    };
    if standing.replaced != Replaced::None {
        return Err(refused(format!("{id} replaces migrations that have run here, and is not recorded yet"))
            .next("`schema migrate` records it; after that it can be rolled back as a whole"));
    }
    if standing.edited && (standing.state == State::HalfApplied || !options.allow.contains(&Allow::Edited)) {
        return Err(refused(format!("{id} was edited after it ran: its down.sql may undo something else"))
            .at(&migration.up.file, 1)
            .next("restore the file; `--allow edited` goes on as it is"));
    }
    if let Some(unknown) = unknown(standing) {
        return Err(refused(format!("of section {unknown} of {id} it is not known whether it took effect"))
            .next("`schema repair` settles that"));
    }
    let chosen = Chosen { migration, standing };
    if chosen.is_half() {
        return Ok(chosen);
    }
    match &migration.down {
        Down::Script(script) => {
            if standing.recorded.as_ref().is_some_and(|row| differs(&row.back, script)) {
                return Err(refused(format!("sections of the down.sql of {id} that have run are edited"))
                    .at(&script.file, 1)
                    .next("restore them as they were; what has not run may change"));
            }
        }
        Down::Irreversible(reason) => {
            let reason = if reason.is_empty() { "no reason is given" } else { reason };
            return Err(refused(format!("{id} is irreversible: {reason}"))
                .next("what it did can only be undone by a new migration; or write a down.sql by hand"));
        }
        Down::Absent => {
            return Err(refused(format!("{id} has no down.sql"))
                .at(&migration.up.file, 1)
                .next("write one by hand beside its up.sql, or undo it with a new migration"));
        }
    }
    // One that replaces others has parked nothing: what has its digits was theirs, and its way back ends before them.
    if let Some(purged) = purged(status, id).filter(|_| migration.replaces.is_empty()) {
        return Err(refused(format!("what {id} had parked was purged {} by {}", purged.at, purged.by))
            .next("the rows are gone; undo the rest with a new migration"));
    }
    Ok(chosen)
}

/// The number of a section outside of a transaction that was begun, and nobody knows how it ended.
fn unknown(standing: &MigrationStatus) -> Option<usize> {
    let row = standing.recorded.as_ref()?;
    // What is begun of the way back, the runner itself looks at.
    row.tried.iter().find(|tried| tried.outcome == Outcome::Started).map(|tried| tried.number)
}

/// The last thing that happened to it, if that was a purge.
fn purged<'a>(status: &'a Status, id: &str) -> Option<&'a Happened> {
    status.events.iter().find(|event| event.migration == id).filter(|event| event.event == "purged")
}
