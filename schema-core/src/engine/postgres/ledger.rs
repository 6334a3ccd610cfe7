//! The ledger: three tables that record which section of which migration has run, by whom, and how it ended. Written
//! in the section's own transaction, so it never says more or less than what is true.

use super::failure;
use super::status::{Outcome, Recorded, Tried};
use crate::engine::error::Error;
use crate::engine::history::Migration;
use crate::engine::name::{Ident, QName, literal};
use postgres::Client;
use postgres::types::Type;

/// The PostgreSQL schema of the ledger, where nothing else is chosen.
pub const DEFAULT_SCHEMA: &str = "schema_history";

/// The ledger's tables; in a chosen PostgreSQL schema they may stand beside the user's own.
pub const TABLES: [&str; 3] = [VERSION_TABLE, MIGRATION_TABLE, SECTION_TABLE];

const VERSION_TABLE: &str = "ledger_version";
const MIGRATION_TABLE: &str = "ledger_migration";
const SECTION_TABLE: &str = "ledger_section";

/// The version of the tables that this code writes.
const VERSION: i32 = 1;

/// Where the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    schema: Ident,
}

impl Ledger {
    /// The ledger in this PostgreSQL schema.
    pub fn new(schema: &str) -> Self {
        Self { schema: Ident::new(schema) }
    }

    fn table(&self, name: &str) -> String {
        QName { schema: self.schema.clone(), name: name.into() }.to_string()
    }

    /// What the ledger says, ordered by id; `None` where there is none. Only reads.
    pub fn read(&self, client: &mut Client) -> Result<Option<Vec<Recorded>>, Error> {
        if !self.exists(client)? {
            return Ok(None);
        }
        let reading = |e: postgres::Error| self.unreadable(&e);
        let query = format!("SELECT version FROM {}", self.table(VERSION_TABLE));
        let versions = client.query_typed(&query, &[]).map_err(reading)?;
        let version: i32 = versions.first().map_or(0, |row| row.get(0));
        if version != VERSION {
            return Err(Error::failed(format!(
                "the ledger in {} has version {version}, this program knows version {VERSION}",
                self.schema
            ))
            .next("use the version of the tool that wrote it, or a later one"));
        }
        let query = format!(
            "SELECT m.id, m.checksum, m.sections, m.done, m.tool, m.run_by, \
             pg_catalog.to_char(COALESCE(m.finished_at, m.started_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
             s.number, s.checksum, s.outcome, s.error, s.milliseconds \
             FROM {} m LEFT JOIN {} s ON s.migration = m.id ORDER BY m.id, s.number",
            self.table(MIGRATION_TABLE),
            self.table(SECTION_TABLE)
        );
        let rows = client.query_typed(&query, &[]).map_err(reading)?;
        let mut recorded: Vec<Recorded> = Vec::new();
        for row in &rows {
            let id: &str = row.get(0);
            if recorded.last().is_none_or(|last| last.id != id) {
                recorded.push(Recorded {
                    id: id.to_owned(),
                    checksum: row.get(1),
                    sections: count(row.get(2)),
                    done: count(row.get(3)),
                    tool: row.get(4),
                    by: row.get(5),
                    at: row.get(6),
                    milliseconds: 0,
                    tried: Vec::new(),
                });
            }
            if let (Some(last), Some(number)) = (recorded.last_mut(), row.get::<_, Option<i32>>(7)) {
                last.milliseconds += row.get::<_, i64>(11);
                last.tried.push(Tried {
                    number: count(number),
                    checksum: row.get(8),
                    outcome: match row.get(9) {
                        "done" => Outcome::Done,
                        "failed" => Outcome::Failed(row.get::<_, Option<String>>(10).unwrap_or_default()),
                        _ => Outcome::Started,
                    },
                });
            }
        }
        Ok(Some(recorded))
    }

    fn exists(&self, client: &mut Client) -> Result<bool, Error> {
        let query = "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                     WHERE n.nspname = $1 AND c.relname = $2";
        let params: [(&(dyn postgres::types::ToSql + Sync), Type); 2] =
            [(&self.schema.as_str(), Type::TEXT), (&VERSION_TABLE, Type::TEXT)];
        let rows =
            client.query_typed(query, &params).map_err(|e| failure::doing("looking for the ledger", &e))?;
        Ok(!rows.is_empty())
    }

    fn unreadable(&self, error: &postgres::Error) -> Error {
        let mut explained = failure::doing("reading the ledger", error);
        if error.code() == Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE) {
            let schema = &self.schema;
            explained.next = Some(format!(
                "GRANT USAGE ON SCHEMA {schema} TO this role; GRANT SELECT ON {} TO this role;",
                TABLES.map(|name| self.table(name)).join(", ")
            ));
        }
        explained
    }

    /// The SQL that makes the ledger. An existing PostgreSQL schema is used as it is.
    pub(crate) fn create_sql(&self, schema_exists: bool) -> String {
        let (version, migration, section) =
            (self.table(VERSION_TABLE), self.table(MIGRATION_TABLE), self.table(SECTION_TABLE));
        let schema = if schema_exists { String::new() } else { format!("CREATE SCHEMA {};\n", self.schema) };
        format!(
            "{schema}CREATE TABLE {version} (version integer NOT NULL);
INSERT INTO {version} VALUES ({VERSION});
CREATE TABLE {migration} (
    id text PRIMARY KEY,
    checksum text NOT NULL,
    sections integer NOT NULL,
    done integer NOT NULL,
    tool text NOT NULL,
    run_by text NOT NULL DEFAULT session_user,
    run_as text NOT NULL DEFAULT current_user,
    client inet DEFAULT pg_catalog.inet_client_addr(),
    started_at timestamptz NOT NULL DEFAULT pg_catalog.transaction_timestamp(),
    finished_at timestamptz
);
CREATE TABLE {section} (
    migration text NOT NULL REFERENCES {migration} ON DELETE CASCADE,
    number integer NOT NULL,
    checksum text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('started', 'done', 'failed')),
    error text,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.transaction_timestamp(),
    milliseconds bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (migration, number)
);"
        )
    }

    /// Makes the ledger.
    pub(crate) fn create(&self, client: &mut Client) -> Result<(), Error> {
        let creating =
            |e: postgres::Error| failure::doing(&format!("creating the ledger in {}", self.schema), &e);
        let sql = self.create_sql(self.schema_exists(client)?);
        let mut transaction = client.transaction().map_err(creating)?;
        transaction.batch_execute(&sql).map_err(creating)?;
        transaction.commit().map_err(creating)
    }

    /// Whether the PostgreSQL schema of the ledger is there.
    pub(crate) fn schema_exists(&self, client: &mut Client) -> Result<bool, Error> {
        let query = "SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1";
        let rows = client
            .query_typed(query, &[(&self.schema.as_str(), Type::TEXT)])
            .map_err(|e| failure::doing("looking for the ledger", &e))?;
        Ok(!rows.is_empty())
    }

    /// The SQL that records how section `number` ended, and the migration with it.
    pub(crate) fn section_sql(&self, migration: &Migration, number: usize, outcome: &Outcome) -> String {
        let checksum = migration.up.sections.get(number - 1).map_or("", |section| section.checksum.as_str());
        let (word, error, done) = match outcome {
            Outcome::Done => ("done", "NULL".to_owned(), number),
            Outcome::Started => ("started", "NULL".to_owned(), number - 1),
            Outcome::Failed(message) => ("failed", literal(message), number - 1),
        };
        format!(
            "{}
INSERT INTO {} AS s (migration, number, checksum, outcome, error, milliseconds)
VALUES ({id}, {number}, {}, '{word}', {error}, {elapsed})
ON CONFLICT (migration, number) DO UPDATE SET checksum = excluded.checksum, outcome = excluded.outcome, error = excluded.error,
    started_at = CASE WHEN s.outcome = 'started' AND excluded.outcome <> 'started' THEN s.started_at ELSE excluded.started_at END,
    milliseconds = CASE WHEN s.outcome = 'started' THEN {since} ELSE excluded.milliseconds END;",
            self.migration_sql(migration, done),
            self.table(SECTION_TABLE),
            literal(checksum),
            id = literal(&migration.id),
            elapsed = milliseconds("pg_catalog.transaction_timestamp()"),
            since = milliseconds("s.started_at"),
        )
    }

    /// The SQL that records the migration with so many sections done.
    pub(crate) fn migration_sql(&self, migration: &Migration, done: usize) -> String {
        let sections = migration.up.sections.len();
        let finished = if done >= sections { "pg_catalog.clock_timestamp()" } else { "NULL" };
        format!(
            "INSERT INTO {} (id, checksum, sections, done, tool, finished_at)
VALUES ({}, {}, {sections}, {done}, {}, {finished})
ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum, sections = excluded.sections, done = excluded.done, tool = excluded.tool,
    run_by = excluded.run_by, run_as = excluded.run_as, client = excluded.client, finished_at = excluded.finished_at;",
            self.table(MIGRATION_TABLE),
            literal(&migration.id),
            literal(&migration.up.checksum),
            literal(env!("CARGO_PKG_VERSION")),
        )
    }
}

fn milliseconds(since: &str) -> String {
    format!("(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - {since}) * 1000)::bigint")
}

fn count(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}
