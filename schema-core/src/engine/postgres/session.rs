//! The settings of a session: migrations may SET what they like, and the next section begins as if they had not.

use super::{failure, pooler};
use crate::engine::error::Error;
use crate::engine::name::literal;
use postgres::Client;

/// Settings that only later versions have (PostgreSQL 14, 14 and 17), the first not on every system. It lets the server
/// end the session soon when this process is killed in the middle of a long statement, and the lock of the run with it.
const NEWER: [&str; 3] = [
    "SET client_connection_check_interval = '2s';",
    "SET idle_session_timeout = 0;",
    "SET transaction_timeout = 0;",
];

/// What the session had when we got it. Settings of extensions that are not loaded yet are not among them.
pub(crate) struct Session {
    restore: String,
    ours: String,
    /// The process of the server.
    backend: i32,
}

/// A migration takes as long as it takes; only waiting for locks is limited, by the sections themselves.
const LIMITS: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;";

impl Session {
    /// Remembers the session's settings and role, and begins the run.
    pub(crate) fn begin(client: &mut Client) -> Result<Self, Error> {
        let query = "SELECT name, setting FROM pg_catalog.pg_settings \
                     WHERE source = 'session' AND context IN ('user', 'superuser') ORDER BY name";
        let settings =
            client.query_typed(query, &[]).map_err(|e| failure::doing("reading the settings", &e))?;
        let role = client
            .query_typed("SELECT pg_catalog.current_setting('role')", &[])
            .map_err(|e| failure::doing("reading the role", &e))?;
        let mut restore = String::from("RESET ALL;");
        let pairs = settings.iter().map(|row| (row.get(0), row.get(1)));
        for (name, value) in pairs.chain(role.iter().map(|row| ("role", row.get(0)))) {
            let (name, value): (&str, &str) = (name, value);
            restore +=
                &format!(" SELECT pg_catalog.set_config({}, {}, false);", literal(name), literal(value));
        }
        let mut ours = format!("{restore} {LIMITS}");
        client.batch_execute(&ours).map_err(|e| failure::doing("setting up the session", &e))?;
        for setting in NEWER {
            if client.batch_execute(setting).is_ok() {
                ours += setting;
            }
        }
        Ok(Self { restore, ours, backend: pooler::backend(client)? })
    }

    /// The SQL with which a section begins, and before its ledger entry is written.
    pub(crate) fn ours(&self) -> &str {
        &self.ours
    }

    /// Is this still the session that was set up? A pooler in transaction mode hands out another one.
    pub(crate) fn check(&self, client: &mut Client) -> Result<(), Error> {
        if pooler::backend(client)? == self.backend { Ok(()) } else { Err(pooler::refused()) }
    }

    /// Leaves the session as it was; a lost one stays lost.
    pub(crate) fn end(&self, client: &mut Client) {
        let _ = client.batch_execute(&self.restore);
    }
}
