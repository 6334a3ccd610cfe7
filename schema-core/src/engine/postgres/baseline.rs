//! `schema baseline` without its terminal: takes over a database that was not made by migrations of ours. Writes nothing
//! but the ledger.

use super::prove::difference;
use super::run::{Event, Run, RunOptions, locked};
use super::scratch::ServerInfo;
use super::section::apply_script;
use super::status::Recorded;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::draft::Texts;
use crate::engine::error::Error;
use crate::engine::history::{History, Migration, new_id};
use crate::engine::plan::plan;
use crate::engine::render::{self, Header};
use crate::engine::script::Script;
use postgres::Client;
use std::collections::BTreeMap;

/// A first migration that makes what a database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The migration.
    pub texts: Texts,
    /// What the reader saw and cannot model; a line each.
    pub unmodeled: Vec<String>,
    /// The server of the proof.
    pub server: ServerInfo,
}

const NO_WAY_BACK: &str = "the database was there before its migrations; the way back would drop all of it";

/// Makes the first migration from what a database has, and proves it.
///
/// # Errors
/// When the database cannot be made again on scratch.
pub fn begin(
    bench: &mut Workbench,
    live: &Catalog,
    name: &str,
    now: u64,
    tool: &str,
) -> Result<Begun, Error> {
    let none = History::default();
    let nothing = bench.recorded(&none)?;
    let server = bench.server()?;
    let proven_on = format!("PostgreSQL {}", server.version);
    let header = Header { id: &new_id(now, name, &none), parent: None, tool, proven_on: &proven_on };
    let up = render::up(&plan(&nothing, live)?, &BTreeMap::new(), &header);
    let up = up.replacen("ran up and down, and read back.", "ran, and read back equal to the database.", 1);
    let down = format!("-- schema:irreversible {NO_WAY_BACK}\n");
    let texts = Texts { id: header.id.to_owned(), up, down };

    let script = Script::read(&format!("{}/up.sql", texts.id), &texts.up)?;
    let mut database = bench.database_at(&none)?;
    let on_demand = database.is_private();
    apply_script(database.client(), &script, on_demand).map_err(|error| Error {
        what: format!(
            "nothing was written, because the database cannot be made again on scratch: {}",
            error.what
        ),
        ..error
    })?;
    let reached = bench.read(&mut database)?;
    let lines = difference(&reached, live);
    if !lines.is_empty() {
        return Err(Error::failed(format!(
            "nothing was written, because what was made again on scratch is not the database (- is scratch, + is the \
             database):\n{}",
            lines.join("\n")
        ))
        .next(other_major(live, &reached)));
    }
    let unmodeled =
        live.unmodeled.iter().flat_map(|(kind, names)| names.iter().map(move |n| format!("{kind} {n}")));
    Ok(Begun { texts, unmodeled: unmodeled.collect(), server })
}

fn other_major(live: &Catalog, scratch: &Catalog) -> String {
    let (live, scratch) = (live.server_version / 10_000, scratch.server_version / 10_000);
    if live == scratch {
        return "this is a bug in schema: please report it with the text above".to_owned();
    }
    format!(
        "the database is PostgreSQL {live}, scratch is {scratch}: it may print what is equal in other words; \
         `--scratch server` takes the database's own server"
    )
}

/// In what a database is not what the migrations add up to; a line each, `-` is the database.
///
/// # Errors
/// When the migrations fail on scratch.
pub fn compare(bench: &mut Workbench, live: &Catalog, history: &History) -> Result<Vec<String>, Error> {
    let recorded = bench.recorded(history)?;
    let (live, recorded) = bench.managed().clone().pair(live.clone(), recorded);
    Ok(difference(&live, &recorded))
}

/// Refuses to take differences for equal.
pub fn refuse_differences(lines: &[String], sides: &str) -> Error {
    let mut error = Error::refused(format!("nothing was recorded: {sides}:\n{}", lines.join("\n")));
    error.answers.push(vec!["--allow differences".to_owned()]);
    error.next(
        "make both equal first (`schema diff` prints the SQL); `--allow differences` records it all the same, and \
         `schema diff --from migrations --to URL` goes on to show them",
    )
}

/// Records migrations as applied that have not run. Gives their ids: those that the ledger did not have.
///
/// # Errors
/// When one of them has run in part, or the ledger cannot be written.
pub fn record(
    client: &mut Client,
    migrations: &History,
    detail: &str,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Vec<String>, Error> {
    locked(client, options, observer, |run| record_in(run, migrations, detail))
}

fn record_in(run: &mut Run<'_>, migrations: &History, detail: &str) -> Result<Vec<String>, Error> {
    let rows = run.ledger.read(run.client)?.unwrap_or_default();
    let row = |id: &str| rows.iter().find(|row| row.id == id && row.has_run());
    let half = |row: &&Recorded| !row.is_applied() || row.goes_back();
    if let Some(half) = rows.iter().filter(|row| row.has_run()).find(half) {
        return Err(Error::refused(format!("nothing was recorded: {} has run here in part", half.id))
            .next("`schema migrate` or `schema rollback` goes on with it; then come back"));
    }
    let new: Vec<&Migration> = migrations.0.iter().filter(|migration| row(&migration.id).is_none()).collect();
    if !new.is_empty() {
        run.ledger.record(run.client, &new, "baselined", detail)?;
    }
    Ok(new.into_iter().map(|migration| migration.id.clone()).collect())
}
