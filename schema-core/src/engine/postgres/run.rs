//! The migration runner: applies what is pending, section by section, and resumes where it stopped.

use super::ledger::{DEFAULT_SCHEMA, Ledger};
use super::lock::{self, RunLock};
use super::outside::{self, Next};
use super::section::{self, Failure};
use super::session::Session;
use super::status::{MigrationStatus, Outcome, Recorded, State, Status};
use super::{failure, pooler, project, refuse};
use crate::engine::error::Error;
use crate::engine::history::{History, Migration};
use crate::engine::script::{Script, Statement};
use postgres::Client;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// The PostgreSQL schema of the ledger.
    pub ledger_schema: String,
    /// How long a statement may wait for a lock; while it waits, others wait behind it.
    pub lock_timeout: Duration,
    /// How often a section is tried again after it could not get a lock.
    pub lock_retries: u32,
    /// The pause before the first such try; each further one is twice as long, up to 30 s.
    pub lock_backoff: Duration,
    /// How long to wait for another migration run.
    pub wait_for_lock: Duration,
    /// The last migration to apply: an id, or the beginning of one. `None` is all.
    pub to: Option<String>,
    /// What may happen although it is refused otherwise.
    pub allow: BTreeSet<Allow>,
    /// The project's name; without one it is known by its first migration.
    pub project: Option<String>,
    /// The tenant whose rows of the ledger count; the History is written for it then.
    pub tenant: Option<String>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            ledger_schema: DEFAULT_SCHEMA.to_owned(),
            lock_timeout: Duration::from_secs(5),
            lock_retries: 6,
            lock_backoff: Duration::from_secs(1),
            wait_for_lock: Duration::from_secs(600),
            to: None,
            allow: BTreeSet::new(),
            project: None,
            tenant: None,
        }
    }
}

/// What is refused unless it is allowed by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allow {
    /// Apply a migration although a later one has run.
    OutOfOrder,
    /// Go on although the file of an applied migration is not what has run.
    Edited,
    /// Go on although the ledger knows a migration that has no folder.
    Missing,
    /// Run a statement again of which it is not known whether it took effect.
    Rerun,
    /// Use a database that has the history of another project.
    OtherProject,
    /// Run migrations for tenants that were not proven to work for them.
    Unproven,
}

impl Allow {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::OutOfOrder, Self::Edited, Self::Missing, Self::Rerun, Self::OtherProject, Self::Unproven];

    /// The word for `--allow`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfOrder => "out-of-order",
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Rerun => "rerun",
            Self::OtherProject => "other-project",
            Self::Unproven => "unproven",
        }
    }

    /// The permission of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|allow| allow.name() == name)
    }
}

/// Which way a migration is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// A script that runs with a record of each of its sections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) id: &'a str,
    pub(crate) script: &'a Script,
    pub(crate) direction: Direction,
}

impl<'a> Job<'a> {
    pub(crate) fn up(migration: &'a Migration) -> Self {
        Self { id: &migration.id, script: &migration.up, direction: Direction::Up }
    }
}

/// What a run tells while it runs. Sections count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// Another run holds the lock.
    Waiting {
        /// Who.
        holder: &'a str,
        /// For how long we wait.
        waited: Duration,
    },
    /// A section begins.
    Started {
        /// The migration.
        id: &'a str,
        /// The section.
        section: usize,
        /// Of how many.
        sections: usize,
    },
    /// A section could not get a lock and will be tried again after a pause.
    Retrying {
        /// The migration.
        id: &'a str,
        /// The section.
        section: usize,
        /// What PostgreSQL said.
        reason: &'a str,
        /// Who holds locks on what the statement names.
        blockers: &'a [String],
        /// The pause.
        pause: Duration,
    },
    /// An index that a broken run left INVALID is dropped before it is built again.
    DroppedInvalid {
        /// The migration.
        id: &'a str,
        /// The index, quoted where needed.
        index: &'a str,
    },
    /// A section is done.
    Finished {
        /// The migration.
        id: &'a str,
        /// The section.
        section: usize,
        /// Of how many.
        sections: usize,
        /// How long it took, all tries together.
        elapsed: Duration,
    },
    /// A migration is done.
    Applied {
        /// The migration.
        id: &'a str,
        /// How long it took.
        elapsed: Duration,
    },
    /// A migration is rolled back.
    RolledBack {
        /// The migration.
        id: &'a str,
        /// How long it took.
        elapsed: Duration,
    },
    /// A migration is recorded, because all that it replaces has run here.
    Recognized {
        /// The migration.
        id: &'a str,
    },
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The migrations that were applied or finished, in order.
    pub applied: Vec<Applied>,
    /// How many had been applied before.
    pub already: usize,
}

/// A migration that a run applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The folder's name.
    pub id: String,
    /// How many of its sections this run ran.
    pub sections: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// Where every migration stands. Only reads: a database without ledger stays without one.
pub fn status(client: &mut Client, history: &History, options: &RunOptions) -> Result<Status, Error> {
    let ledger = ledger(options);
    let status = standing(client, &ledger, history)?;
    Ok(Status { events: ledger.events(client)?, ..status })
}

/// The same without what happened beside.
pub(crate) fn standing(client: &mut Client, ledger: &Ledger, history: &History) -> Result<Status, Error> {
    Ok(Status::of(history, ledger.read(client)?.as_deref()))
}

/// Where every migration stands before a run, and whose history the ledger shall say it is. Refuses what must not run.
pub(crate) fn checked(
    client: &mut Client,
    ledger: &Ledger,
    history: &History,
    wanted: usize,
    options: &RunOptions,
) -> Result<(Status, Option<String>), Error> {
    let status = standing(client, ledger, history)?;
    let owner = project::owner(client, ledger, history, &status, options)?;
    refuse::check(&status, wanted, options, owner.other.as_deref())?;
    Ok((status, owner.ours))
}

/// How many migrations of the history are meant: up to the one that `to` names, by id, by the beginning of one, or by name.
///
/// # Errors
/// When it is none, or may be several.
pub fn wanted(history: &History, to: Option<&str>) -> Result<usize, Error> {
    refuse::wanted(history, to)
}

/// The ledger that the options mean.
pub(crate) fn ledger(options: &RunOptions) -> Ledger {
    Ledger::new(&options.ledger_schema).of_tenant(options.tenant.as_deref())
}

/// Applies what is pending.
pub fn migrate(
    client: &mut Client,
    history: &History,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Report, Error> {
    in_session(client, |client, session| migrate_in(client, session, history, options, observer))
}

/// The same in a session that goes on to others.
pub(crate) fn migrate_in(
    client: &mut Client,
    session: &Session,
    history: &History,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Report, Error> {
    let wanted = refuse::wanted(history, options.to.as_deref())?;
    locked_in(client, session, options, observer, |run| run.all(history, wanted))
}

/// Does something under the lock of a run.
pub(crate) fn locked<T>(
    client: &mut Client,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
    what: impl FnOnce(&mut Run<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    in_session(client, |client, session| locked_in(client, session, options, observer, what))
}

fn in_session<T>(
    client: &mut Client,
    what: impl FnOnce(&mut Client, &Session) -> Result<T, Error>,
) -> Result<T, Error> {
    pooler::check(client)?;
    let session = Session::begin(client)?;
    let result = what(client, &session);
    session.end(client);
    result
}

/// Does something under the lock of a run, in a session that was begun. Each section leaves its settings as it found them.
pub(crate) fn locked_in<T>(
    client: &mut Client,
    session: &Session,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
    what: impl FnOnce(&mut Run<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let lock = RunLock::acquire(client, options, observer)?;
    let mut run = Run { client, session, lock: &lock, ledger: ledger(options), options, observer };
    let result = what(&mut run);
    lock.release(client);
    result
}

/// Says before anything runs that nothing can be written here.
pub(super) fn writable(client: &mut Client) -> Result<(), Error> {
    let query = "SELECT pg_catalog.pg_is_in_recovery(), \
                 pg_catalog.current_setting('transaction_read_only')::boolean";
    let rows = client
        .query_typed(query, &[])
        .map_err(|e| failure::doing("asking whether the server may be written to", &e))?;
    let why = match rows.first().map(|row| (row.get(0), row.get(1))) {
        Some((true, _)) => "this server is a standby, which only follows its primary server",
        Some((false, true)) => "this session is read-only (default_transaction_read_only is on)",
        Some((false, false)) | None => return Ok(()),
    };
    Err(Error::failed(format!("nothing was applied: {why}")).next(
        "connect to the primary server; target_session_attrs=read-write in the URL picks it out of several hosts",
    ))
}

/// The migrations to run, with where they stand.
pub(crate) fn todo<'a>(
    history: &'a History,
    wanted: usize,
    status: &'a Status,
) -> Vec<(&'a Migration, &'a MigrationStatus)> {
    let pending: BTreeMap<&str, &MigrationStatus> = status.pending().map(|m| (m.id.as_str(), m)).collect();
    let wanted = history.0.iter().take(wanted);
    wanted.filter_map(|m| pending.get(m.id.as_str()).map(|standing| (m, *standing))).collect()
}

/// How many sections of a migration are done.
pub(crate) fn done(standing: &MigrationStatus) -> usize {
    standing.recorded.as_ref().map_or(0, |recorded| recorded.done)
}

/// One run, under the lock.
pub(crate) struct Run<'a> {
    pub(crate) client: &'a mut Client,
    session: &'a Session,
    lock: &'a RunLock,
    pub(crate) ledger: Ledger,
    pub(crate) options: &'a RunOptions,
    pub(crate) observer: &'a mut dyn FnMut(&Event<'_>),
}

impl Run<'_> {
    fn all(&mut self, history: &History, wanted: usize) -> Result<Report, Error> {
        let (status, owner) = checked(self.client, &self.ledger, history, wanted, self.options)?;
        let todo = todo(history, wanted, &status);
        let already = status.migrations.iter().filter(|m| m.state == State::Applied).count();
        let mut report = Report { applied: Vec::new(), already };
        let recognized: Vec<&MigrationStatus> = status.recognized().collect();
        if todo.is_empty() && recognized.is_empty() {
            return Ok(report);
        }
        // For tenants that was done once.
        if self.options.tenant.is_none() {
            writable(self.client)?;
            self.ledger.prepare(self.client, owner.as_deref())?;
        }
        for migration in recognized.iter().filter_map(|standing| history.get(&standing.id)) {
            let sql = super::squash::recognize_sql(&self.ledger, migration);
            self.ledger.write(self.client, &sql)?;
            (self.observer)(&Event::Recognized { id: &migration.id });
        }
        for (index, (migration, standing)) in todo.iter().enumerate() {
            let begun = Instant::now();
            let sections = self.migration(migration, standing).map_err(|error| {
                let later = todo[index + 1..].iter().map(|(migration, _)| migration.id.as_str());
                refuse::with_outlook(error, Direction::Up, &report.applied, later.collect())
            })?;
            let elapsed = begun.elapsed();
            (self.observer)(&Event::Applied { id: &migration.id, elapsed });
            report.applied.push(Applied { id: migration.id.clone(), sections, elapsed });
        }
        self.verify(history, wanted)?;
        Ok(report)
    }

    /// Runs what is left of a migration.
    fn migration(&mut self, migration: &Migration, standing: &MigrationStatus) -> Result<usize, Error> {
        let (first, sections) = (done(standing), migration.up.sections.len());
        let job = Job::up(migration);
        if first >= sections {
            let sql = self.ledger.migration_sql(&job, first);
            self.client.batch_execute(&sql).map_err(|e| failure::doing("writing the ledger", &e))?;
        }
        self.sections(&job, first, standing.recorded.as_ref())?;
        Ok(sections.saturating_sub(first))
    }

    /// Runs the sections of a script that follow the first so many.
    pub(crate) fn sections(
        &mut self,
        job: &Job<'_>,
        first: usize,
        recorded: Option<&Recorded>,
    ) -> Result<(), Error> {
        let sections = job.script.sections.len();
        for number in first + 1..=sections {
            (self.observer)(&Event::Started { id: job.id, section: number, sections });
            let begun = Instant::now();
            self.section(job, number, recorded).map_err(|error| refuse::in_section(error, job, number))?;
            (self.observer)(&Event::Finished {
                id: job.id,
                section: number,
                sections,
                elapsed: begun.elapsed(),
            });
        }
        Ok(())
    }

    /// Runs a section, again and again where others stand in the way.
    fn section(&mut self, job: &Job<'_>, number: usize, recorded: Option<&Recorded>) -> Result<(), Error> {
        let mut last = recorded.and_then(|recorded| recorded.outcome(job.direction, number)).cloned();
        let mut pause = self.options.lock_backoff;
        for retries_left in (0..=self.options.lock_retries).rev() {
            self.lock.check(self.client)?;
            let Err(failure) = self.once(job, number, last.as_ref()) else {
                return Ok(());
            };
            if failure.lost {
                return Err(*failure.error);
            }
            let outcome = Outcome::Failed(failure.headline.clone());
            // The error itself is what counts; without this note the ledger only says less about it.
            let _ = self.record(job, number, &outcome);
            if !failure.contention {
                return Err(*failure.error);
            }
            let blockers = failure.statement.map(|s| lock::blockers(self.client, s)).unwrap_or_default();
            if retries_left == 0 {
                return Err(refuse::gave_up(*failure.error, &blockers, self.options));
            }
            let (id, reason) = (job.id, failure.headline.as_str());
            (self.observer)(&Event::Retrying { id, section: number, reason, blockers: &blockers, pause });
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(30));
            last = Some(outcome);
        }
        Ok(())
    }

    fn record(&mut self, job: &Job<'_>, number: usize, outcome: &Outcome) -> Result<(), Error> {
        // What a section outside of a transaction has SET must not bend this.
        let sql = format!("{} {}", self.session.ours(), self.ledger.section_sql(job, number, outcome));
        self.client.batch_execute(&sql).map_err(|e| failure::doing("writing the ledger", &e))
    }

    /// Runs a section once.
    fn once<'a>(&mut self, job: &Job<'a>, number: usize, last: Option<&Outcome>) -> Result<(), Failure<'a>> {
        let section = &job.script.sections[number - 1];
        let timeout = self.options.lock_timeout;
        if section.transaction {
            let record = self.ledger.section_sql(job, number, &Outcome::Done);
            return section::in_transaction(self.client, self.session, job.script, section, timeout, &record);
        }
        let statement = &section.statements[0];
        let allow = self.options.allow.contains(&Allow::Rerun);
        let next = outside::next(self.client, job.script, statement, last, allow).map_err(Failure::plain)?;
        match &next {
            Next::AlreadyDone => {
                return self.record(job, number, &Outcome::Done).map_err(Failure::plain);
            }
            Next::DropAndRun(index) => {
                (self.observer)(&Event::DroppedInvalid { id: job.id, index: &index.to_string() });
                outside::drop_invalid(self.client, index)?;
            }
            Next::Finalize(_) | Next::Run => {}
        }
        // "Started" says that what the statement makes was not there before.
        if !outside::is_taken(self.client, statement).map_err(Failure::plain)? {
            self.record(job, number, &Outcome::Started).map_err(Failure::plain)?;
        }
        let end = |sql: &String| Statement { sql: sql.clone(), line: statement.line };
        let ending = if let Next::Finalize(sql) = &next { Some(end(sql)) } else { None };
        match &ending {
            Some(end) => section::outside(self.client, self.session, job.script, end, timeout)
                .map_err(|failure| Failure { statement: Some(statement), ..failure })?,
            None => section::outside(self.client, self.session, job.script, statement, timeout)?,
        }
        if let Some(index) = outside::unfinished(self.client, statement).map_err(Failure::plain)? {
            let error = Error::failed(format!("the index {index} is there, but INVALID"));
            return Err(Failure::plain(error.at(&job.script.file, statement.line)));
        }
        self.record(job, number, &Outcome::Done).map_err(Failure::plain)
    }

    /// Reads the ledger again: success is what it says, not what we believe.
    fn verify(&mut self, history: &History, wanted: usize) -> Result<(), Error> {
        let status = standing(self.client, &self.ledger, history)?;
        let left: Vec<&str> = todo(history, wanted, &status).iter().map(|(m, _)| m.id.as_str()).collect();
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::failed(format!(
            "after the run the ledger does not say that these are applied: {}",
            left.join(", ")
        ))
        .next("somebody else writes to the ledger; look at it, then run again"))
    }
}
