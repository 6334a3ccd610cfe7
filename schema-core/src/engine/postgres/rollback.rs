//! The runner, backwards: undoes migrations section by section, and resumes where it stopped.

use super::back::{Back, Chosen, choose};
use super::dry::{DryRun, planned};
use super::outside;
use super::run::{Applied, Direction, Event, Job, Run, RunOptions, locked, locked_in};
use super::session::Session;
use super::status::{Recorded, Status};
use super::{refuse, run};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::script::Script;
use postgres::Client;
use std::collections::BTreeMap;
use std::time::Instant;

/// What a rollback undoes, and by which scripts.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The migrations that there are.
    pub history: &'a History,
    /// How far back.
    pub back: &'a Back,
    /// The ways back that are not the down.sql as it is, by id: from migrations of which only some sections have run, and
    /// for tenants all of them.
    pub others: &'a BTreeMap<String, Script>,
    /// The ids that were looked at, the first to undo first: if others would be undone, nothing is.
    pub expected: &'a [String],
}

/// Undoes migrations, the last first.
///
/// # Errors
/// When it is refused, or when a section fails: what was undone before it stays undone, and the next rollback goes on.
pub fn rollback(
    client: &mut Client,
    request: &Request<'_>,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Vec<Applied>, Error> {
    locked(client, options, observer, |run| undo_all(run, request))
}

/// The same in a session that goes on to others.
pub(crate) fn rollback_in(
    client: &mut Client,
    session: &Session,
    request: &Request<'_>,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Vec<Applied>, Error> {
    locked_in(client, session, options, observer, |run| undo_all(run, request))
}

fn undo_all(run: &mut Run<'_>, request: &Request<'_>) -> Result<Vec<Applied>, Error> {
    let status = run::status(run.client, request.history, run.options)?;
    let chosen = checked(request, &status, run.options)?;
    if !chosen.is_empty() && run.options.tenant.is_none() {
        run.ledger.prepare(run.client, None)?;
    }
    let mut undone: Vec<Applied> = Vec::new();
    for (index, one) in chosen.iter().enumerate() {
        let begun = Instant::now();
        let sections = undo(run, request, one).map_err(|error| {
            let left = chosen[index + 1..].iter().map(|one| one.migration.id.as_str());
            refuse::with_outlook(error, Direction::Down, &undone, left.collect())
        })?;
        let elapsed = begun.elapsed();
        (run.observer)(&Event::RolledBack { id: &one.migration.id, elapsed });
        undone.push(Applied { id: one.migration.id.clone(), sections, elapsed });
    }
    verify(run, &undone)?;
    Ok(undone)
}

/// What `rollback` would run. Refuses what it refuses.
///
/// # Errors
/// As [`rollback`].
pub fn dry_rollback(
    client: &mut Client,
    request: &Request<'_>,
    options: &RunOptions,
) -> Result<DryRun, Error> {
    let status = run::status(client, request.history, options)?;
    let ledger = run::ledger(options);
    let mut dry = DryRun { lock_timeout: options.lock_timeout, ..DryRun::default() };
    let chosen = checked(request, &status, options)?;
    if !chosen.is_empty() && options.tenant.is_none() {
        dry.ledger = ledger.prepare_sql(client, None)?;
    }
    for one in chosen {
        let job = job(request, &one)?;
        dry.sections.extend(planned(&ledger, &job, one.done_back()));
    }
    Ok(dry)
}

fn checked<'a>(
    request: &Request<'a>,
    status: &'a Status,
    options: &RunOptions,
) -> Result<Vec<Chosen<'a>>, Error> {
    let chosen = choose(request.history, status, request.back, options)?;
    let ids: Vec<&str> = chosen.iter().map(|one| one.migration.id.as_str()).collect();
    if ids != request.expected {
        return Err(Error::failed(
            "nothing was rolled back: another run has changed meanwhile what is applied",
        )
        .next("run the command again"));
    }
    Ok(chosen)
}

fn job<'a>(request: &'a Request<'_>, one: &'a Chosen<'_>) -> Result<Job<'a>, Error> {
    let script = one.way(request.others)?;
    Ok(Job { id: &one.migration.id, script, direction: Direction::Down })
}

fn undo(run: &mut Run<'_>, request: &Request<'_>, one: &Chosen<'_>) -> Result<usize, Error> {
    let job = job(request, one)?;
    let done = one.done_back();
    if one.is_half() {
        drop_unfinished(run, one)?;
    }
    if done >= job.script.sections.len() {
        let sql = run.ledger.undone_sql(&job);
        run.ledger.write(run.client, &sql)?;
    }
    run.sections(&job, done, one.standing.recorded.as_ref())?;
    Ok(job.script.sections.len() - done)
}

/// An index that the failed section of a half-applied migration left INVALID is no part of what its sections built.
fn drop_unfinished(run: &mut Run<'_>, one: &Chosen<'_>) -> Result<(), Error> {
    let next = one.standing.recorded.as_ref().map_or(0, |row| row.done);
    let Some(section) = one.migration.up.sections.get(next).filter(|section| !section.transaction) else {
        return Ok(());
    };
    let tried = one.standing.recorded.as_ref();
    if tried.and_then(|row| Recorded::outcome(row, Direction::Up, next + 1)).is_none() {
        return Ok(());
    }
    for statement in &section.statements {
        if let Some(index) = outside::unfinished(run.client, statement)? {
            (run.observer)(&Event::DroppedInvalid { id: &one.migration.id, index: &index.to_string() });
            outside::drop_invalid(run.client, &index).map_err(|failure| *failure.error)?;
        }
    }
    Ok(())
}

/// Reads the ledger again: success is what it says.
fn verify(run: &mut Run<'_>, undone: &[Applied]) -> Result<(), Error> {
    let rows = run.ledger.read(run.client)?.unwrap_or_default();
    let left = undone.iter().find(|one| rows.iter().any(|row| row.id == one.id));
    match left {
        None => Ok(()),
        Some(one) => Err(Error::failed(format!("after the rollback the ledger still has {}", one.id))
            .next("somebody else writes to the ledger; look at it, then run again")),
    }
}
