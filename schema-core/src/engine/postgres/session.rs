//! The settings of a session: migrations may SET what they like, and the next section begins as if they had not.

use super::failure;
use crate::engine::error::Error;
use crate::engine::name::literal;
use postgres::Client;

/// What the session had when we got it. Settings of extensions that are not loaded yet are not among them.
pub(crate) struct Session {
    restore: String,
}

/// A migration takes as long as it takes; only waiting for locks is limited, by the sections themselves.
const OURS: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;";

impl Session {
    /// Remembers the session's settings and role.
    pub(crate) fn save(client: &mut Client) -> Result<Self, Error> {
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
        Ok(Self { restore })
    }

    /// The SQL with which a section begins and its ledger entry is written.
    pub(crate) fn ours(&self) -> String {
        format!("{} {OURS}", self.restore)
    }

    /// Begins the run.
    pub(crate) fn begin(&self, client: &mut Client) -> Result<(), Error> {
        client.batch_execute(OURS).map_err(|e| failure::doing("setting up the session", &e))?;
        // So that the server notices when this process is killed in the middle of a long statement. PostgreSQL 14 and
        // later know it, on some systems; where not, nothing is lost.
        let _ = client.batch_execute("SET client_connection_check_interval = '2s'");
        Ok(())
    }

    /// Leaves the session as it was; a lost one stays lost.
    pub(crate) fn end(&self, client: &mut Client) {
        let _ = client.batch_execute(&self.restore);
    }
}
