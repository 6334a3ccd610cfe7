//! What a run refuses before it touches anything, and how a failed run is explained. Pure.

use super::run::{Allow, Applied, Direction, Job, RunOptions};
use super::status::{MigrationStatus, Replaced, State, Status};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::nearest::nearest;

/// How many migrations of the history are wanted: up to the one that `to` names, by id or by the beginning of one.
pub(crate) fn wanted(history: &History, to: Option<&str>) -> Result<usize, Error> {
    let Some(to) = to else { return Ok(history.0.len()) };
    if let Some(index) = history.0.iter().position(|m| m.id == to) {
        return Ok(index + 1);
    }
    let near: Vec<usize> = (0..history.0.len())
        .filter(|i| history.0[*i].id.starts_with(to) || history.0[*i].name == to)
        .collect();
    match near.as_slice() {
        [index] => Ok(index + 1),
        [] => {
            let ids = history.0.iter().flat_map(|m| [m.id.as_str(), m.name.as_str()]);
            let hint = nearest(to, ids).map_or_else(String::new, |near| format!("; did you mean {near}?"));
            Err(Error::usage(format!("there is no migration {to}{hint}"))
                .next("give the name of a folder of migrations/"))
        }
        many => {
            let ids: Vec<&str> = many.iter().map(|i| history.0[*i].id.as_str()).collect();
            Err(Error::usage(format!("{to} may be each of: {}", ids.join(", ")))
                .next("give more of the name"))
        }
    }
}

/// Refuses what is edited, missing or out of order, and the history of another project; nothing has run then.
pub(crate) fn check(
    status: &Status,
    wanted: usize,
    options: &RunOptions,
    other_project: Option<&str>,
) -> Result<(), Error> {
    let last = status.migrations.iter().filter(|m| m.state != State::Missing).nth(wanted.saturating_sub(1));
    let last = last.filter(|_| wanted > 0).map(|m| m.id.as_str());
    let upto =
        status.migrations.iter().position(|m| Some(m.id.as_str()) == last).map_or(0, |index| index + 1);
    stopped(status)?;
    let mut findings: Vec<(Allow, String)> = Vec::new();
    findings.extend(other_project.map(|what| (Allow::OtherProject, what.to_owned())));
    for (index, migration) in status.migrations.iter().enumerate() {
        let id = &migration.id;
        if migration.edited {
            findings.push((
                Allow::Edited,
                format!(
                    "{id} was edited after it ran ({}): its SQL is not what this database got",
                    ran(migration)
                ),
            ));
        }
        // Of another project all are missing: that is said once.
        if migration.state == State::Missing && other_project.is_none() {
            findings.push((
                Allow::Missing,
                format!("{id} has run here ({}), but there is no such folder", ran(migration)),
            ));
        }
        if migration.out_of_order && index < upto {
            findings.push((Allow::OutOfOrder, format!("{id} has not run, but a later migration has")));
        }
    }
    // The sections that ran are gone from the file: there is no place to resume at.
    let lost = status.migrations.iter().find(|m| m.edited && m.state == State::HalfApplied);
    findings
        .retain(|(allow, _)| !options.allow.contains(allow) || (*allow == Allow::Edited && lost.is_some()));
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<&str> = findings.iter().map(|(_, line)| line.as_str()).collect();
    let mut allows: Vec<Allow> = findings.iter().map(|(allow, _)| *allow).collect();
    allows.sort();
    allows.dedup();
    let next: Vec<String> = allows.into_iter().map(|allow| advice(allow, lost)).collect();
    Err(Error::refused(format!("nothing was applied:\n  {}", lines.join("\n  "))).next(next.join("\n  or: ")))
}

/// No permission helps where a migration is half rolled back, or where only a part of what one replaces has run.
fn stopped(status: &Status) -> Result<(), Error> {
    if let Some(half) = status.migrations.iter().find(|m| m.state == State::HalfRolledBack) {
        return Err(Error::refused(format!("nothing was applied: {} is half rolled back", half.id))
            .next("`schema rollback` goes on with it; `schema migrate` applies it again after that"));
    }
    let Some((middle, replaced)) = status.migrations.iter().find_map(|m| match &m.replaced {
        Replaced::Some { applied, left } => Some((m, (applied, left))),
        Replaced::None | Replaced::All => None,
    }) else {
        return Ok(());
    };
    let (applied, left) = replaced;
    let last = left.last().map_or("", String::as_str);
    Err(Error::refused(format!(
        "nothing was applied: {} replaces {} migrations, of which this database has only some\n  applied: {}\n  not applied, or not as they were: {}",
        middle.id,
        applied.len() + left.len(),
        applied.join(", "),
        left.join(", ")
    ))
    .next(format!(
        "check out the commit before the squash and run `schema migrate --to {last}` there; after that this database is \
         recognized (the old files also lie in the folder .squashed, beside the migrations)"
    )))
}

fn advice(allow: Allow, lost: Option<&MigrationStatus>) -> String {
    let option = format!("`--allow {}`", allow.name());
    match (allow, lost) {
        (Allow::Edited, Some(lost)) => format!(
            "restore the sections of {} that have run as they were; what has not run may change",
            lost.id
        ),
        (Allow::Edited, None) => {
            format!(
                "restore the file and put the change into a new migration; {option} goes on without running it again"
            )
        }
        (Allow::Missing, _) => {
            format!("get the folder back (another branch, an older checkout?); {option} goes on without it")
        }
        (Allow::OutOfOrder, _) => {
            format!(
                "see whether it still fits, then {option} applies it now; or generate it anew, so that it comes last"
            )
        }
        (Allow::OtherProject, _) => format!(
            "connect to the right database; or give this project a ledger of its own with `ledger-schema` in \
             schema.toml; {option} uses this one"
        ),
        (Allow::Rerun | Allow::Unproven, _) => option,
    }
}

fn ran(migration: &MigrationStatus) -> String {
    migration.recorded.as_ref().map_or_else(String::new, |row| format!("{} by {}", row.at, row.by))
}

/// Says which section failed and where the next run goes on.
pub(crate) fn in_section(mut error: Error, job: &Job<'_>, number: usize) -> Error {
    let sections = job.script.sections.len();
    let (doing, done, again) = match job.direction {
        Direction::Up => ("", "applied", "run"),
        Direction::Down => ("rolling back ", "undone", "rollback"),
    };
    let stands = match number {
        1 => String::new(),
        2 => format!("; section 1 is {done}"),
        _ => format!("; the sections before it are {done}"),
    };
    error.what =
        format!("{doing}{} stopped in section {number} of {sections}{stands}\n{}", job.id, error.what);
    let resume = format!("goes on with section {number}");
    error.next = Some(match error.next {
        Some(next) => format!("{next}\n  then: the next {again} {resume}"),
        None => format!("correct it and run again; the {again} {resume}"),
    });
    error
}

/// Says what the run has done and what it has not.
pub(crate) fn with_outlook(
    mut error: Error,
    direction: Direction,
    ran: &[Applied],
    left: Vec<&str>,
) -> Error {
    let done = match direction {
        Direction::Up => "applied",
        Direction::Down => "rolled back",
    };
    let ran = ran.iter().map(|one| one.id.as_str()).collect();
    for (label, ids) in [(format!("{done} in this run"), ran), (format!("not {done}"), left)] {
        if !ids.is_empty() {
            error.what += &format!("\n{label}: {}", ids.join(", "));
        }
    }
    error
}

/// No lock, however often it was tried.
pub(crate) fn gave_up(mut error: Error, blockers: &[String], options: &RunOptions) -> Error {
    error.what = format!(
        "could not get a lock in {} tries of {} ms\n{}",
        options.lock_retries + 1,
        options.lock_timeout.as_millis(),
        error.what
    );
    for blocker in blockers {
        error.what += &format!("\n  in the way: {blocker}");
    }
    error.next("run again when they are done, or give it longer with a higher lock timeout or more retries")
}
