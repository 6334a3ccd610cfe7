//! `schema generate --from` without its terminal: what somebody changed by hand in a database becomes a migration, and
//! that database is told that it has it already.

use super::drift::drift;
use super::generate::{Generated, Naming, Person, ask_all, write};
use super::prove::prove;
use super::run::{Event, RunOptions, locked};
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::draft::{Answers, refuse};
use crate::engine::error::Error;
use crate::engine::history::{History, Migration};
use postgres::Client;

/// What a database is compared with, and how a migration is called.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What has run there.
    pub applied: &'a History,
    /// What has not.
    pub pending: &'a History,
    /// What is there.
    pub live: &'a Catalog,
    /// `--name`.
    pub name: Option<&'a str>,
    /// Seconds since 1970.
    pub now: u64,
    /// The version of the tool.
    pub tool: &'a str,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The database is what its migrations make.
    Nothing,
    /// The database is already what the first so many pending migrations would make of it.
    Has(usize),
    /// Something was changed by hand; this makes it, and has been proven.
    Changed(Box<Generated>),
}

/// Finds out what was changed by hand, and makes and proves a migration of it.
///
/// # Errors
/// When a question is open and nobody answers, when data would be lost, when there is no scratch, or when the proof
/// fails: then nothing has been changed.
pub fn adopt(
    bench: &mut Workbench,
    request: &Request<'_>,
    mut answers: Answers,
    person: &mut dyn Person,
) -> Result<Found, Error> {
    let Request { applied, pending, live, .. } = *request;
    person.doing("comparing the database with the migrations");
    for count in 0..=pending.0.len() {
        let mut history = applied.clone();
        history.0.extend_from_slice(&pending.0[..count]);
        let history = History::new(history.0)?;
        if drift(bench, &history, live)?.is_none() {
            return Ok(if count == 0 { Found::Nothing } else { Found::Has(count) });
        }
    }
    if let Some(next) = pending.0.first() {
        return Err(Error::refused(format!(
            "{} is pending on this database, and something else was changed there by hand",
            next.id
        ))
        .next("apply what is pending with `schema migrate` first, then adopt what is left")
        .at(&next.up.file, 1));
    }
    let compare = &mut |bench: &mut Workbench, answers: &Answers| {
        bench.compare_with(applied, live.clone(), &[], answers)
    };
    let mut comparison = compare(bench, &answers)?;
    ask_all(bench, &mut comparison, &mut answers, person, compare)?;
    let naming = Naming { name: request.name, now: request.now, tool: request.tool };
    let draft = comparison.draft(&answers, applied.0.is_empty())?;
    let losses = comparison.losses(&draft.up, &answers)?;
    if !losses.is_empty() && !person.may_lose(&losses)? {
        return Err(refuse(&losses, &comparison));
    }
    let (texts, server) = write(bench, applied, &comparison, &draft, &naming, person)?;
    person.doing("proving the migration up and down");
    prove(bench, applied, &comparison, &texts)?;
    let unmodeled = comparison.unmodeled();
    Ok(Found::Changed(Box::new(Generated {
        texts,
        snapshot: String::new(),
        draft,
        origins: comparison.new.origins,
        unmodeled,
        server,
    })))
}

/// Records migrations as applied that the database has already. `is_still` looks once more, under the lock of migration
/// runs.
///
/// # Errors
/// When the database has no ledger, has changed meanwhile, or has one of them recorded: then nothing was recorded.
pub fn record(
    client: &mut Client,
    migrations: &[&Migration],
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
    is_still: &mut dyn FnMut() -> Result<bool, Error>,
) -> Result<(), Error> {
    locked(client, options, observer, |run| {
        let Some(rows) = run.ledger.read(run.client)? else { return Err(no_ledger()) };
        let known = |id: &str| rows.iter().any(|row| row.id == id && row.has_run());
        if let Some(known) = migrations.iter().find(|migration| known(&migration.id)) {
            return Err(Error::refused(format!("{} has run on this database meanwhile", known.id))
                .next("run the command again"));
        }
        if !is_still()? {
            return Err(Error::refused("the database has changed meanwhile, so nothing was recorded")
                .next("run the command again"));
        }
        let detail = "the database had it already: it was changed by hand";
        run.ledger.record(run.client, migrations, "adopted", detail)
    })
}

/// A database on which no migration has run.
pub fn no_ledger() -> Error {
    Error::refused(
        "no migration of this project has run on this database, so there is nothing to compare it with",
    )
    .next("`schema migrate` applies them; `schema pull` writes the code for a database that is there already")
}
