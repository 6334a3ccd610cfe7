//! A scratch database: created empty or as a copy, dropped when the value goes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use postgres::Client;

use super::super::super::error::Error;
use super::super::connect::Target;
use super::url::about;
use super::{Home, Inner};

/// How long a closed session may take to end.
const CLOSE: Duration = Duration::from_secs(5);

/// A database with subscriptions cannot be dropped, and they would ask a publisher that is not there.
const UNSUBSCRIBE: &str = "DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                WHERE d.datname = current_database() LOOP
        EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', name);
        EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', name);
        EXECUTE format('DROP SUBSCRIPTION %I', name);
    END LOOP;
END
$$";

/// A throwaway database. It is dropped with the value.
pub struct ScratchDb {
    name: String,
    target: Target,
    client: Client,
    session: i32,
    /// What the database is dropped through, unless it was handed over.
    inner: Option<Arc<Mutex<Inner>>>,
}

impl ScratchDb {
    /// The connection to the database.
    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// How other programs (psql, pg_dump) reach the database. On a server that the user named it holds the password.
    pub fn url(&self) -> String {
        self.target.conninfo()
    }

    /// Whether its server was started here: what is made there beside databases is in nobody's way.
    pub fn is_private(&self) -> bool {
        let Some(inner) = &self.inner else { return false };
        match lock(inner).home {
            Home::Pool { .. } => true,
            Home::Named => false,
        }
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Connects to a database that was just created.
    pub(super) fn connect(inner: &Arc<Mutex<Inner>>, name: String, server: &Target) -> Result<Self, Error> {
        let target = server.database(&name);
        let doing = format!("cannot connect to the scratch database {name}");
        let mut client = target.connect().map_err(|error| about(&doing, error))?;
        let session =
            client.query_one("SELECT pg_backend_pid()", &[]).map_err(|error| failed(&doing, &error))?.get(0);
        lock(inner).live += 1;
        Ok(Self { name, target, client, session, inner: Some(Arc::clone(inner)) })
    }

    /// Whether it has subscriptions: they are not part of a database, a copy would lack them.
    pub(super) fn has_subscriptions(&mut self) -> Result<bool, postgres::Error> {
        let query = "SELECT EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                                    WHERE d.datname = current_database())";
        Ok(self.client.query_one(query, &[])?.get(0))
    }

    /// Closes the session and gives the database away.
    pub(super) fn into_name(mut self) -> String {
        if let Some(inner) = self.inner.take() {
            let mut inner = lock(&inner);
            inner.live -= 1;
            self.leave(&mut inner.admin);
        }
        std::mem::take(&mut self.name)
    }

    /// Ends our session and waits until the server knows: a database in use is neither renamed nor dropped, and the
    /// server would look again only after 100 ms.
    fn leave(&mut self, admin: &mut Client) {
        let _ = admin.execute("SELECT pg_terminate_backend($1)", &[&self.session]);
        let begun = Instant::now();
        let query = "SELECT FROM pg_stat_activity WHERE pid = $1";
        while begun.elapsed() < CLOSE
            && admin.query_opt(query, &[&self.session]).is_ok_and(|row| row.is_some())
        {
            std::thread::yield_now();
        }
    }
}

impl Drop for ScratchDb {
    fn drop(&mut self) {
        let Some(inner) = self.inner.take() else {
            return;
        };
        // If it fails, the database is left behind.
        let _ = self.client.batch_execute(UNSUBSCRIBE);
        let inner = &mut *lock(&inner);
        inner.live -= 1;
        match &inner.home {
            Home::Pool { janitor, .. } => janitor.drop_database(std::mem::take(&mut self.name)),
            Home::Named => {
                self.leave(&mut inner.admin);
                let _ = drop_database(&mut inner.admin, &self.name, true);
            }
        }
    }
}

pub(super) fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Drops a database; with force, its sessions end.
pub(super) fn drop_database(admin: &mut Client, name: &str, force: bool) -> Result<(), postgres::Error> {
    let force = if force { " WITH (FORCE)" } else { "" };
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {}{force}", quote(name)))
}

/// A name as SQL.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn failed(doing: &str, error: &postgres::Error) -> Error {
    Error::failed(format!("{doing}: {}", describe(error)))
}

/// What the server or the connection says.
pub(super) fn describe(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        let mut text = format!("{} (SQLSTATE {})", error.message(), error.code().code());
        for part in [error.detail(), error.hint()].into_iter().flatten() {
            text.push_str("; ");
            text.push_str(part);
        }
        return text;
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}
