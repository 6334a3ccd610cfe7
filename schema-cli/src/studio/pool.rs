//! Sessions on the database: readers, which can write nothing, and writers. A session that was left in the middle of
//! something is not used again.

use super::failure::Failure;
use super::session::lock;
use super::sql_text::Bound;
use super::viewer::Viewer;
use axum::http::StatusCode;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::failure::is_lost;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{Client, Row};

/// So many sessions of a kind at once; who comes later waits.
const ROOM: usize = 6;

/// How the texts of values look, on every session: exact, and the same everywhere.
const SETTINGS: &str = "SET application_name = 'schema studio'; SET DateStyle = ISO; SET IntervalStyle = postgres;
    SET bytea_output = hex; SET extra_float_digits = 1; SET standard_conforming_strings = on; SET lock_timeout = '10s';
    SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '120s';
    SET client_min_messages = notice";

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Reader,
    Writer,
}

/// Sessions of one kind.
pub(super) struct Pool {
    target: Target,
    kind: Kind,
    idle: Mutex<Vec<Session>>,
    room: Arc<Semaphore>,
}

/// One session, and what is known of who it is.
struct Session {
    client: Client,
    notices: Arc<Mutex<Vec<String>>>,
    power: Power,
}

/// What a session could do beside reading and writing rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) superuser: bool,
    /// May read or write files of the server's, or start programs there.
    pub(super) server: bool,
    /// May take the role `pg_read_all_data`.
    pub(super) can_step_down: bool,
}

/// What a transaction of a reader is for.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// How long a statement may take.
    limit: Duration,
    /// The statement is the user's own, not one of ours.
    foreign: bool,
    /// Who looks, if that is not who we are.
    viewer: Option<Arc<Viewer>>,
}

impl Reading {
    /// A statement of ours about the catalog that takes no longer than this.
    pub(super) const fn ours(seconds: u64) -> Self {
        Self { limit: Duration::from_secs(seconds), foreign: false, viewer: None }
    }

    /// A statement of ours about rows.
    pub(super) const fn rows(seconds: u64, viewer: Option<Arc<Viewer>>) -> Self {
        Self { limit: Duration::from_secs(seconds), foreign: false, viewer }
    }

    /// A statement of the user's.
    pub(super) const fn foreign(limit: Duration, viewer: Option<Arc<Viewer>>) -> Self {
        Self { limit, foreign: true, viewer }
    }

    /// The statements that begin it.
    fn begin(&self, power: Power) -> String {
        let time = self.limit.as_millis();
        let mut sql = format!(
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {time}"
        );
        if !self.foreign {
            // A page is small: compiling its query takes longer than running it.
            sql += "; SET LOCAL jit = off";
        }
        match &self.viewer {
            Some(viewer) => sql += &viewer.begin(),
            None => {
                sql += "; SELECT pg_catalog.set_config('search_path', pg_catalog.replace(
                    pg_catalog.current_setting('search_path'), '\"$user\"', pg_catalog.quote_ident(session_user)), true)";
                if self.foreign && power.can_step_down {
                    // To a role that reads all and can do nothing else. What row security would hide is an error then,
                    // not a silent gap.
                    sql += "; SET LOCAL ROLE pg_read_all_data; SET LOCAL row_security = off";
                }
            }
        }
        sql
    }
}

/// A session in use, in a transaction. Dropped before its end, what it does is cancelled and the session is closed.
pub(super) struct Lease {
    pool: Arc<Pool>,
    session: Option<Session>,
    /// Something stays in the session that no statement takes away.
    stained: bool,
    _room: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(target: Target, kind: Kind) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(ROOM));
        Arc::new(Self { target, kind, idle: Mutex::default(), room })
    }

    /// Begins to read: in a transaction that can write nothing, whatever is said in it. Its first query has run, so that
    /// PostgreSQL lets nobody make it a writing one any more.
    pub(super) async fn read(self: &Arc<Self>, reading: Reading) -> Result<Lease, Failure> {
        let mut lease = self.begin(|power| reading.begin(power)).await?;
        lease.stained = reading.viewer.is_some_and(|viewer| viewer.stains());
        Ok(lease)
    }

    /// Begins to write.
    pub(super) async fn write(self: &Arc<Self>) -> Result<Lease, Failure> {
        self.begin(|_| "BEGIN TRANSACTION READ WRITE".to_owned()).await
    }

    async fn begin(self: &Arc<Self>, sql: impl Fn(Power) -> String) -> Result<Lease, Failure> {
        let room = Arc::clone(&self.room).acquire_owned().await;
        let room = room.map_err(|_| Failure::broken("the studio is closing"))?;
        loop {
            let known = lock(&self.idle).pop();
            let was_idle = known.is_some();
            let session = match known {
                Some(session) if session.client.is_closed() => continue,
                Some(session) => session,
                None => self.connect().await?,
            };
            lock(&session.notices).clear();
            match session.client.batch_execute(&sql(session.power)).await {
                Ok(()) => {
                    return Ok(Lease {
                        pool: Arc::clone(self),
                        session: Some(session),
                        stained: false,
                        _room: room,
                    });
                }
                // It was lost while nobody looked: a new one may do.
                Err(error) if was_idle && is_lost(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn connect(&self) -> Result<Session, Failure> {
        let notices = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&notices);
        let tell = Box::new(move |notice: &tokio_postgres::error::DbError| {
            let mut told = lock(&told);
            if told.len() < 200 {
                told.push(format!("{}: {}", notice.severity(), notice.message()));
            }
        });
        let (client, running) = self.target.connect_async(tell).await.map_err(away)?;
        tokio::spawn(running);
        let only = match self.kind {
            Kind::Reader => "on",
            Kind::Writer => "off",
        };
        client.batch_execute(&format!("{SETTINGS}; SET default_transaction_read_only = {only}")).await?;
        let sql = "SELECT r.rolsuper, pg_has_role('pg_read_server_files', 'MEMBER')
                OR pg_has_role('pg_write_server_files', 'MEMBER') OR pg_has_role('pg_execute_server_program', 'MEMBER'),
                pg_has_role('pg_read_all_data', 'MEMBER')
            FROM pg_roles r WHERE r.rolname = session_user";
        let row = client.query_one(sql, &[]).await?;
        let (superuser, server): (bool, bool) = (row.get(0), row.get(1));
        let power = Power { superuser, server, can_step_down: server && row.get::<_, bool>(2) };
        Ok(Session { client, notices, power })
    }
}

/// What the server says of a statement, apart from there being no server.
fn told<T>(outcome: Result<T, tokio_postgres::Error>) -> Result<Result<T, Failure>, Failure> {
    match outcome.map_err(Failure::from) {
        Err(failure) if failure.status.is_server_error() => Err(failure),
        outcome => Ok(outcome),
    }
}

/// The database cannot be reached.
fn away(error: Error) -> Failure {
    Failure::from(error).status(StatusCode::BAD_GATEWAY)
}

impl Lease {
    pub(super) fn power(&self) -> Power {
        let none = Power { superuser: false, server: false, can_step_down: false };
        self.session.as_ref().map_or(none, |session| session.power)
    }

    /// What the server has said beside its answers.
    pub(super) fn notices(&self) -> Vec<String> {
        self.session.as_ref().map(|session| lock(&session.notices).clone()).unwrap_or_default()
    }

    /// The rows that a statement of ours gives, after one way there and back.
    pub(super) async fn rows(&self, bound: &Bound) -> Result<Vec<Row>, Failure> {
        Ok(self.query_typed(&bound.sql, &bound.values()).await?)
    }

    /// The rows that a statement of ours gives; failed, it has done nothing, and the transaction goes on.
    pub(super) async fn attempt(&self, bound: &Bound) -> Result<Result<Vec<Row>, Failure>, Failure> {
        self.batch_execute("SAVEPOINT attempt").await?;
        let outcome = told(self.query_typed(&bound.sql, &bound.values()).await)?;
        if outcome.is_err() {
            self.batch_execute("ROLLBACK TO SAVEPOINT attempt").await?;
        }
        self.batch_execute("RELEASE SAVEPOINT attempt").await?;
        Ok(outcome)
    }

    /// What is checked only at the end speaks up here, not at COMMIT.
    pub(super) async fn constraints(&self) -> Result<Result<(), Failure>, Failure> {
        told(self.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await)
    }

    /// Ends the transaction with nothing done; the session can be used again.
    pub(super) async fn rollback(mut self) -> Result<(), Failure> {
        self.batch_execute("ROLLBACK").await?;
        self.give_back();
        Ok(())
    }

    /// Keeps what was written.
    pub(super) async fn commit(mut self) -> Result<(), Failure> {
        self.batch_execute("COMMIT").await?;
        self.give_back();
        Ok(())
    }

    /// Ends the transaction and the session: the user's own statements may have left something in it.
    pub(super) async fn end(mut self, statement: &str) -> Result<(), Failure> {
        let ended = self.batch_execute(statement).await;
        self.session = None;
        Ok(ended?)
    }

    fn give_back(&mut self) {
        if let Some(session) = self.session.take().filter(|_| !self.stained) {
            lock(&self.pool.idle).push(session);
        }
    }
}

impl Deref for Lease {
    type Target = Client;

    fn deref(&self) -> &Client {
        match &self.session {
            Some(session) => &session.client,
            None => unreachable!("a lease has its session until it ends"),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            let (token, target) = (session.client.cancel_token(), self.pool.target.clone());
            tokio::spawn(async move {
                // It is closed in any case; cancelling only spares the server work.
                let _ = target.cancel(token).await;
                drop(session);
            });
        }
    }
}
