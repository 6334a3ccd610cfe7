//! The connection of a migration run, which must be one session of the server from its beginning to its end. Poolers that
//! give each transaction another session (PgBouncer in transaction mode) are noticed before a lock is taken that would
//! stay behind in the pool.

use super::connect::Target;
use super::failure;
use crate::engine::error::Error;
use postgres::Client;
use postgres::error::SqlState;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long a run waits for a server that is starting, or that has no session free.
const STARTING: Duration = Duration::from_secs(30);

/// How long the second connection may take; a pool that has no second session to give must hold nobody up.
const PATIENCE: Duration = Duration::from_secs(5);

impl Target {
    /// Opens a session for a migration run: waits where the server is just starting or is full, and refuses a pooler that
    /// would give each transaction another session.
    pub fn connect_directly(&self) -> Result<Client, Error> {
        let begun = Instant::now();
        let mut client = loop {
            match self.open() {
                Err(error) if is_passing(&error) && begun.elapsed() < STARTING => {
                    std::thread::sleep(Duration::from_millis(250));
                }
                Err(error) => return Err(self.explain(&error)),
                Ok(client) => break client?,
            }
        };
        check_with_second(&mut client, self)?;
        Ok(client)
    }
}

/// Will the server take us in a moment?
fn is_passing(error: &postgres::Error) -> bool {
    let passing = [&SqlState::CANNOT_CONNECT_NOW, &SqlState::TOO_MANY_CONNECTIONS];
    passing.into_iter().any(|code| error.code() == Some(code))
}

/// Refuses a session that changes from one transaction to the next.
pub(crate) fn check(client: &mut Client) -> Result<(), Error> {
    let first = backend(client)?;
    for _ in 0..2 {
        if backend(client)? != first {
            return Err(refused());
        }
    }
    Ok(())
}

/// The same with a second connection: of a pooler with nothing to do it gets the very session that the first one had.
/// Where there can be no second connection, only the first is looked at.
fn check_with_second(client: &mut Client, target: &Target) -> Result<(), Error> {
    let first = backend(client)?;
    let (sender, receiver) = mpsc::channel();
    let target = target.clone();
    std::thread::spawn(move || {
        let seen = target.connect().ok().map(|mut second| {
            // A pooler that gives each statement another session lets nobody begin a transaction.
            let seen = second.batch_execute("BEGIN").is_ok().then(|| backend(&mut second));
            (seen, second)
        });
        // Nobody waits any more where this took too long.
        let _ = sender.send(seen);
    });
    // The second keeps its session, in a transaction, until the first has been asked again.
    let second = receiver.recv_timeout(PATIENCE).ok().flatten();
    let is_pooled = |seen: &Option<Result<i32, Error>>| match seen {
        None => true,
        Some(Ok(backend)) => *backend == first,
        Some(Err(_)) => false,
    };
    if second.as_ref().is_some_and(|(seen, _)| is_pooled(seen)) {
        return Err(refused());
    }
    check(client)
}

/// The process of the server that this session is.
pub(crate) fn backend(client: &mut Client) -> Result<i32, Error> {
    let rows = client
        .query_typed("SELECT pg_catalog.pg_backend_pid()", &[])
        .map_err(|e| failure::doing("checking the session", &e))?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// What is said of such a pooler.
pub(crate) fn refused() -> Error {
    Error::failed(
        "a pooler in transaction mode (PgBouncer, or one like it) is between here and the server: each transaction gets \
         another session, and neither the lock of the run nor settings survive there",
    )
    .next(
        "give the migration run a direct connection to PostgreSQL (often another host, or port 5432 instead of 6432), or a \
         pooler in session mode; the program itself may go on using the pooler",
    )
}
