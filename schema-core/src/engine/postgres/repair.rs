//! `schema repair` without its terminal: what is not as it should be in a ledger and around it, what would settle it, and
//! what only a person can say. Touches no table of the user's.

use super::baseline::compare;
use super::failure;
use super::ledger::Ledger;
use super::outside::{self, Left};
use super::run::{self, Direction, Event, Job, Run, RunOptions, locked};
use super::status::{MigrationStatus, Outcome, Recorded, Replaced, State, Status};
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::history::{Down, History, Migration};
use crate::engine::name::QName;
use postgres::Client;
use std::collections::BTreeSet;

/// What only a person can say, by ids of migrations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The file as it is now counts as what has run.
    pub accept: Vec<String>,
    /// The ledger shall know nothing of it.
    pub forget: Vec<String>,
    /// The section that was cut off took effect.
    pub done: Vec<String>,
    /// The section that was cut off did not take effect.
    pub not_done: Vec<String>,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub what: String,
    /// What a repair does about it.
    pub does: Option<String>,
    /// What a person has to do or to say.
    pub next: Option<String>,
    action: Option<Action>,
}

/// What settles a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Action {
    /// The migration that the event is about; none where it is about none.
    migration: String,
    /// An index that is dropped first.
    drop: Option<QName>,
    /// What is written to the ledger.
    ledger: String,
}

/// Everything that the search looks at.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The migrations that there are.
    pub history: &'a History,
    /// The live database; of a tenant nothing is compared.
    pub live: Option<&'a Catalog>,
    /// What a person said.
    pub answers: &'a Answers,
}

/// Looks for what is to be repaired, while no run is going on. Changes nothing.
///
/// # Errors
/// When an answer is about nothing, or something cannot be read.
pub fn look(
    client: &mut Client,
    bench: &mut Workbench,
    request: &Request<'_>,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Vec<Finding>, Error> {
    locked(client, options, observer, |run| find(run, bench, request))
}

/// Does what these findings say, if they are still what there is.
///
/// # Errors
/// When something has changed since, or cannot be written.
pub fn repair(
    client: &mut Client,
    bench: &mut Workbench,
    request: &Request<'_>,
    seen: &[Finding],
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Error> {
    locked(client, options, observer, |run| {
        if find(run, bench, request)? != seen {
            return Err(Error::failed("nothing was repaired: meanwhile something has changed")
                .next("run the command again, and look at what it finds now"));
        }
        if run.options.tenant.is_none() {
            run.ledger.prepare(run.client, None)?;
        }
        for (finding, action) in seen.iter().filter_map(|finding| Some((finding, finding.action.as_ref()?))) {
            if let Some(index) = &action.drop {
                outside::drop_invalid(run.client, index).map_err(|failure| *failure.error)?;
            }
            let detail = format!("{}: {}", finding.what, finding.does.as_deref().unwrap_or_default());
            let event = run.ledger.event_sql("repaired", &action.migration, &detail);
            run.ledger.write(run.client, &format!("{}\n{event}", action.ledger))?;
        }
        Ok(())
    })
}

fn find(run: &mut Run<'_>, bench: &mut Workbench, request: &Request<'_>) -> Result<Vec<Finding>, Error> {
    let rows = run.ledger.read(run.client)?.unwrap_or_default();
    let status = Status::of(request.history, Some(&rows));
    let mut used = BTreeSet::new();
    let mut findings = begun(run, &status, request, &mut used)?;
    let dropped: Vec<QName> =
        findings.iter().filter_map(|finding| finding.action.as_ref()?.drop.clone()).collect();
    let tenant = run.options.tenant.as_deref();
    findings.extend(invalid(run.client, tenant, &status, request.history, &dropped)?);
    findings.extend(edited(&run.ledger, bench, &status, request, &mut used)?);
    findings.extend(missing(&run.ledger, &status, request, &mut used));
    findings.extend(stale(&run.ledger, &rows, request.history));
    findings.extend(status.migrations.iter().filter_map(stands));
    let said = [
        ("--accept", &request.answers.accept),
        ("--forget", &request.answers.forget),
        ("--done", &request.answers.done),
        ("--not-done", &request.answers.not_done),
    ];
    for (flag, ids) in said {
        if let Some(id) = ids.iter().find(|id| !used.contains(&(flag, (*id).clone()))) {
            return Err(Error::usage(format!("{flag} {id}: nothing is to be said about it"))
                .next("without flags `schema repair` lists what there is to say"));
        }
    }
    Ok(findings)
}

/// Which answers were about something.
type Used = BTreeSet<(&'static str, String)>;

fn says(ids: &[String], flag: &'static str, id: &str, used: &mut Used) -> bool {
    let said = ids.iter().any(|said| said == id);
    if said {
        used.insert((flag, id.to_owned()));
    }
    said
}

/// Sections outside of a transaction that were begun, and nobody wrote down how they ended.
fn begun(
    run: &mut Run<'_>,
    status: &Status,
    request: &Request<'_>,
    used: &mut Used,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for standing in &status.migrations {
        let (Some(migration), Some(row)) = (request.history.get(&standing.id), &standing.recorded) else {
            continue;
        };
        let mut scripts = vec![(Job::up(migration), &row.tried)];
        if let Down::Script(script) = &migration.down {
            scripts.push((Job { id: &migration.id, script, direction: Direction::Down }, &row.back));
        }
        for (job, tried) in scripts {
            for tried in tried.iter().filter(|tried| tried.outcome == Outcome::Started) {
                findings.push(cut_off(run, &job, tried.number, request.answers, used)?);
            }
        }
    }
    Ok(findings)
}

fn cut_off(
    run: &mut Run<'_>,
    job: &Job<'_>,
    number: usize,
    answers: &Answers,
    used: &mut Used,
) -> Result<Finding, Error> {
    let statement = job.script.sections.get(number - 1).and_then(|section| section.statements.first());
    let what = format!(
        "section {number} of {} was cut off{}",
        job.script.file,
        statement.map(|statement| format!(": {}", failure::excerpt(&statement.sql))).unwrap_or_default()
    );
    let left = match statement {
        Some(statement) => outside::left(run.client, statement)?,
        None => Left::Unknown,
    };
    let done = says(&answers.done, "--done", job.id, used);
    let not_done = says(&answers.not_done, "--not-done", job.id, used);
    let left = match (left, done, not_done) {
        (Left::Unknown, true, _) => Left::Done,
        (Left::Unknown, false, true) => Left::Nothing,
        (left, _, _) => left,
    };
    let as_done = || run.ledger.section_sql(job, number, &Outcome::Done);
    let again = || run.ledger.unbegun_sql(job, number);
    let (does, drop, ledger) = match left {
        Left::Done => ("it took effect, and is recorded as done".to_owned(), None, as_done()),
        Left::Nothing => ("it is recorded as not run, and runs with the next run".to_owned(), None, again()),
        Left::Invalid(index) => (
            format!("the index {index} that it left INVALID is dropped, and it runs again with the next run"),
            Some(index),
            again(),
        ),
        Left::Unknown => {
            let next = format!(
                "look whether it took effect: then `--done {id}`, else `--not-done {id}`",
                id = job.id
            );
            return Ok(Finding { what, does: None, next: Some(next), action: None });
        }
    };
    let action = Some(Action { migration: job.id.to_owned(), drop, ledger });
    Ok(Finding { what, does: Some(does), next: None, action })
}

/// Indexes that PostgreSQL began to build and did not finish; those that are being built are none of them.
const INVALID: &str = "
    SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_' AND n.nspname = COALESCE($1, n.nspname)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = c.oid)
    ORDER BY 1, 2";

fn invalid(
    client: &mut Client,
    tenant: Option<&str>,
    status: &Status,
    history: &History,
    dropped: &[QName],
) -> Result<Vec<Finding>, Error> {
    let looking = |e: postgres::Error| failure::doing("looking for INVALID indexes", &e);
    let rows = client.query(INVALID, &[&tenant]).map_err(looking)?;
    let names: Vec<QName> =
        rows.iter().map(|row| QName::new(row.get::<_, String>(0), row.get::<_, String>(1))).collect();
    let mut findings = Vec::new();
    for index in names.into_iter().filter(|name| !dropped.contains(name)) {
        let what = format!("the index {index} is INVALID: no query uses it, and every write pays for it");
        let name = index.name.as_str();
        let finding = if let Some(id) = resumed(client, status, history, &index)? {
            let next = format!("`schema migrate` drops it and builds it again, when it goes on with {id}");
            Finding { what, does: None, next: Some(next), action: None }
        } else if ["_ccnew", "_ccold"].iter().any(|end| without_digits(name).ends_with(end)) {
            let does = Some("a REINDEX CONCURRENTLY left it, and it is dropped".to_owned());
            let action = Action { migration: String::new(), drop: Some(index), ledger: String::new() };
            Finding { what, does, next: None, action: Some(action) }
        } else {
            let next = format!("`REINDEX INDEX CONCURRENTLY {index}` makes it whole; or drop it");
            Finding { what, does: None, next: Some(next), action: None }
        };
        findings.push(finding);
    }
    Ok(findings)
}

fn without_digits(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The migration whose next section builds this index.
fn resumed<'a>(
    client: &mut Client,
    status: &'a Status,
    history: &History,
    index: &QName,
) -> Result<Option<&'a str>, Error> {
    for standing in status.pending() {
        let next = standing.recorded.as_ref().map(|row| row.done);
        let migration = history.get(&standing.id);
        let Some(section) = migration.zip(next).and_then(|(migration, next)| migration.up.sections.get(next))
        else {
            continue;
        };
        for statement in section.statements.iter().filter(|_| !section.transaction) {
            if outside::unfinished(client, statement)?.as_ref() == Some(index) {
                return Ok(Some(&standing.id));
            }
        }
    }
    Ok(None)
}

/// Files that are not what has run. Harmless is what leads to the same.
fn edited(
    ledger: &Ledger,
    bench: &mut Workbench,
    status: &Status,
    request: &Request<'_>,
    used: &mut Used,
) -> Result<Vec<Finding>, Error> {
    let edited: Vec<&MigrationStatus> = status.migrations.iter().filter(|m| m.edited).collect();
    if edited.is_empty() {
        return Ok(Vec::new());
    }
    let whole = |m: &MigrationStatus| matches!(m.state, State::Applied | State::Pending);
    let lines = match request.live {
        None => vec!["what a tenant has is not compared".to_owned()],
        Some(live) if status.migrations.iter().all(whole) => {
            compare(bench, live, &status.ran(request.history)).unwrap_or_else(|error| vec![error.to_string()])
        }
        Some(_) => vec!["some migrations have run in part, so that nothing can be compared".to_owned()],
    };
    let mut findings = Vec::new();
    for standing in edited {
        let Some(migration) = request.history.get(&standing.id) else { continue };
        let id = &standing.id;
        let what = format!("{} was edited after it ran", migration.up.file);
        let accepted = says(&request.answers.accept, "--accept", id, used);
        if standing.state != State::Applied {
            let next = format!("restore the sections of {id} that have run as they were");
            findings.push(Finding { what, does: None, next: Some(next), action: None });
        } else if lines.is_empty() || accepted {
            let why = match lines.is_empty() {
                true => "the files add up to this database",
                false => "you said so, though the files do not add up to this database",
            };
            let does = Some(format!("it is recorded as what has run: {why}"));
            findings.push(Finding { what, does, next: None, action: Some(accept(ledger, migration)) });
        } else {
            let next = format!(
                "restore the file; or `--accept {id}`, though the files do not add up to this database (- is the database, \
                 + is what they add up to):\n{}",
                lines.join("\n")
            );
            findings.push(Finding { what, does: None, next: Some(next), action: None });
        }
    }
    Ok(findings)
}

fn accept(ledger: &Ledger, migration: &Migration) -> Action {
    Action { migration: migration.id.clone(), drop: None, ledger: ledger.accept_sql(migration) }
}

fn missing(ledger: &Ledger, status: &Status, request: &Request<'_>, used: &mut Used) -> Vec<Finding> {
    let gone = status.migrations.iter().filter(|m| m.state == State::Missing);
    gone.map(|standing| {
        let id = &standing.id;
        let what = format!("{id} has run here, but there is no such folder");
        if says(&request.answers.forget, "--forget", id, used) {
            let does = "the ledger forgets it; what it did stays".to_owned();
            let action = Action { migration: id.clone(), drop: None, ledger: ledger.forget_sql(id) };
            return Finding { what, does: Some(does), next: None, action: Some(action) };
        }
        let next = format!("get the folder back (another branch, an older checkout?); or `--forget {id}`");
        Finding { what, does: None, next: Some(next), action: None }
    })
    .collect()
}

/// Rows of migrations that failed before anything of them ran, and that are gone since.
fn stale(ledger: &Ledger, rows: &[Recorded], history: &History) -> Vec<Finding> {
    let stale = rows.iter().filter(|row| !row.has_run() && history.get(&row.id).is_none());
    stale
        .map(|row| Finding {
            what: format!("the ledger remembers that {} failed, which is gone", row.id),
            does: Some("the ledger forgets it; nothing of it has run".to_owned()),
            next: None,
            action: Some(Action {
                migration: row.id.clone(),
                drop: None,
                ledger: ledger.forget_sql(&row.id),
            }),
        })
        .collect()
}

/// What other commands go on with.
fn stands(standing: &MigrationStatus) -> Option<Finding> {
    let id = &standing.id;
    let (what, next) = match (standing.state, &standing.replaced) {
        (State::HalfApplied, _) => (
            format!("{id} has run in part"),
            "`schema migrate` goes on with it, `schema rollback` leads back from where it is".to_owned(),
        ),
        (State::HalfRolledBack, _) => {
            (format!("{id} is half rolled back"), "`schema rollback` goes on with it".to_owned())
        }
        (_, Replaced::Some { left, .. }) => (
            format!("{id} replaces migrations of which some have not run here: {}", left.join(", ")),
            "`schema migrate` says what to do".to_owned(),
        ),
        (_, Replaced::All) => (
            format!("{id} is not recorded, but all that it replaces"),
            "`schema migrate` records it".to_owned(),
        ),
        (State::Applied | State::Pending | State::Missing, Replaced::None) => return None,
    };
    Some(Finding { what, does: None, next: Some(next), action: None })
}

/// Whether there is a ledger at all, with a part for tenants where one is meant.
///
/// # Errors
/// When it cannot be read.
pub fn has_ledger(client: &mut Client, options: &RunOptions) -> Result<bool, Error> {
    let ledger = run::ledger(options);
    match options.tenant {
        Some(_) => ledger.has_tenants(client),
        None => Ok(ledger.stamp(client)?.is_some()),
    }
}
