//! Who may migrate, and who stands in the way: the advisory lock of a run, and the holders of other locks.

use super::run::{Event, RunOptions};
use super::{failure, pooler};
use crate::engine::error::Error;
use crate::engine::lex;
use crate::engine::name::literal;
use crate::engine::script::{Statement, sha};
use postgres::types::Type;
use postgres::{Client, Row};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(200);
const REPEAT: Duration = Duration::from_secs(5);

/// The advisory lock, held by the session that migrates. PostgreSQL keeps them apart per database.
pub(crate) struct RunLock {
    key: i64,
    backend: i32,
}

impl RunLock {
    /// Waits for the lock. Never in one blocking call: a session that blocks holds a snapshot, on which the holder's
    /// own CREATE INDEX CONCURRENTLY would wait.
    pub(crate) fn acquire(
        client: &mut Client,
        options: &RunOptions,
        observer: &mut dyn FnMut(&Event<'_>),
    ) -> Result<Self, Error> {
        let key = key(&options.ledger_schema, options.tenant.as_deref());
        let begun = Instant::now();
        let mut told: Option<Instant> = None;
        loop {
            let locking = |e: postgres::Error| failure::doing("taking the lock of the migration run", &e);
            let query = "SELECT pg_catalog.pg_try_advisory_lock($1), pg_catalog.pg_backend_pid()";
            let row = client.query_typed(query, &[(&key, Type::INT8)]).map_err(locking)?;
            if let Some(row) = row.first()
                && row.get(0)
            {
                return Ok(Self { key, backend: row.get(1) });
            }
            let waited = begun.elapsed();
            let tell = told.is_none_or(|told| told.elapsed() >= REPEAT);
            if tell || waited >= options.wait_for_lock {
                let holder = holder(client, key)?;
                if waited >= options.wait_for_lock {
                    return Err(Error::failed(format!(
                        "another migration run holds the lock of this database: {holder}; waited {} s",
                        waited.as_secs()
                    ))
                    .next(
                        "wait until it is done; if it hangs, end it with SELECT pg_terminate_backend(pid)",
                    ));
                }
                observer(&Event::Waiting { holder: &holder, waited });
                told = Some(Instant::now());
            }
            std::thread::sleep(POLL);
        }
    }

    /// Is this still the session that holds the lock? A pooler in transaction mode hands out another one.
    pub(crate) fn check(&self, client: &mut Client) -> Result<(), Error> {
        if pooler::backend(client)? == self.backend {
            return Ok(());
        }
        let mut error = pooler::refused();
        error.what += &format!(
            "\nthe lock of this run stays in the pool, held by pid {}, until the pooler closes that session",
            self.backend
        );
        Err(error)
    }

    /// Gives the lock back; if that fails, the end of the session does it.
    pub(crate) fn release(self, client: &mut Client) {
        let _ = client.query_typed("SELECT pg_catalog.pg_advisory_unlock($1)", &[(&self.key, Type::INT8)]);
    }
}

/// The same for everybody who migrates with a ledger of this name, or a tenant in it.
fn key(ledger_schema: &str, tenant: Option<&str>) -> i64 {
    let parts = [b"schema migrate".as_slice(), ledger_schema.as_bytes()];
    let hex = sha(parts.into_iter().chain(tenant.map(str::as_bytes)));
    // 60 bits are enough, and always fit.
    i64::from_str_radix(&hex[..15], 16).unwrap_or(0)
}

fn holder(client: &mut Client, key: i64) -> Result<String, Error> {
    let query = "SELECT a.pid, a.application_name, a.usename::text, a.client_addr::text, \
                 pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') \
                 FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
                 AND l.classid::bigint = $1 >> 32 AND l.objid::bigint = $1 & 4294967295";
    let rows = client
        .query_typed(query, &[(&key, Type::INT8)])
        .map_err(|e| failure::doing("asking who holds the lock of the migration run", &e))?;
    Ok(rows.first().map_or_else(|| "a session that has just ended".to_owned(), describe_holder))
}

fn describe_holder(row: &Row) -> String {
    let text = |index: usize| row.get::<_, Option<String>>(index).filter(|text| !text.is_empty());
    let mut holder =
        row.get::<_, Option<i32>>(0).map_or_else(|| "a session".to_owned(), |pid| format!("pid {pid}"));
    let parts = [(1, "application"), (2, "user"), (3, "from"), (4, "connected since")];
    for (index, label) in parts {
        if let Some(text) = text(index) {
            holder += &format!(", {label} {text}");
        }
    }
    if text(4).is_some() {
        holder += " UTC";
    }
    holder
}

/// Who else holds locks on the relations that a statement names: sessions, and transactions that were prepared and that
/// nobody has ended. PostgreSQL does not tell after the fact whom one waited for, so this looks at who is still there.
pub(crate) fn blockers(client: &mut Client, statement: &Statement) -> Vec<String> {
    let query = "WITH held AS (SELECT l.pid, l.virtualtransaction, c.relname::text AS relation, l.mode \
                 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
                 WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid() \
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
                 AND c.relname = ANY ($1)) \
                 SELECT a.pid, a.application_name, a.usename::text, a.state, \
                 EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint AS seconds, \
                 pg_catalog.min(h.relation), pg_catalog.max(h.mode), a.query, NULL \
                 FROM held h JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid GROUP BY 1, 2, 3, 4, 5, 8 \
                 UNION ALL SELECT NULL, NULL, p.owner::text, NULL, \
                 EXTRACT(epoch FROM pg_catalog.clock_timestamp() - p.prepared)::bigint, \
                 pg_catalog.min(h.relation), pg_catalog.max(h.mode), NULL, p.gid \
                 FROM held h JOIN pg_catalog.pg_locks t ON t.virtualtransaction = h.virtualtransaction \
                 AND t.locktype = 'transactionid' AND t.granted AND t.pid IS NULL \
                 JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = t.transactionid \
                 WHERE h.pid IS NULL GROUP BY p.gid, p.owner, p.prepared ORDER BY seconds DESC NULLS LAST LIMIT 5";
    let names = names(&statement.sql);
    // Only an explanation: where it cannot be had, the error itself still stands.
    let rows = client.query_typed(query, &[(&names, Type::TEXT_ARRAY)]).unwrap_or_default();
    rows.iter().map(describe_blocker).collect()
}

pub(super) fn describe_blocker(row: &Row) -> String {
    let text = |index: usize| row.get::<_, Option<String>>(index).filter(|text| !text.is_empty());
    let pid = row.get::<_, Option<i32>>(0).map(|pid| format!("pid {pid}"));
    let prepared = || text(8).map(|gid| format!("the prepared transaction {}", literal(&gid)));
    let mut blocker = pid.or_else(prepared).unwrap_or_default();
    for (index, label) in [(1, "application "), (2, "user "), (3, "")] {
        if let Some(text) = text(index) {
            blocker += &format!(", {label}{text}");
        }
    }
    if let Some(seconds) = row.get::<_, Option<i64>>(4) {
        blocker += &format!(", in a transaction for {seconds} s");
    }
    if let (Some(relation), Some(mode)) = (text(5), text(6)) {
        blocker += &format!(", holds {mode} on {relation}");
    }
    if let Some(query) = text(7) {
        blocker += &format!(", last statement: {}", failure::excerpt(&query));
    }
    blocker
}

/// Every name in a statement, as PostgreSQL would fold it.
fn names(sql: &str) -> Vec<String> {
    let mut names = lex::words(sql);
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        assert_eq!(
            names("ALTER TABLE Public.\"Us\"\"ers\" ADD x int -- y"),
            ["Us\"ers", "add", "alter", "int", "public", "table", "x"]
        );
    }

    #[test]
    fn the_key_depends_on_the_ledger_and_never_changes() {
        assert_ne!(key("a", None), key("b", None));
        assert_ne!(key("a", None), key("a", Some("b")));
        assert_eq!(key("schema_history", None), 476_419_118_291_472_496);
    }

    #[cfg(feature = "engine")]
    #[test]
    fn another_session_is_noticed() {
        let database = crate::engine::postgres::test_server::database();
        let (mut ours, mut other) = (database.connect(), database.connect());
        let lock = RunLock::acquire(&mut ours, &RunOptions::default(), &mut |_| {}).expect("free");
        assert_eq!(lock.check(&mut ours), Ok(()));
        let error = lock.check(&mut other).expect_err("as behind a pooler").to_string();
        assert!(error.contains("PgBouncer"), "{error}");
    }
}
