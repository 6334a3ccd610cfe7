//! The ledger: the tables that record which section of which migration has run, by whom, and how it ended. Written in
//! the section's own transaction, so it never says more or less than what is true.

use super::failure;
use super::run::{Direction, Job};
use super::status::{Happened, Outcome, Recorded, Tried};
use crate::engine::error::Error;
use crate::engine::history::Migration;
use crate::engine::name::{Ident, QName, literal};
use postgres::types::Type;
use postgres::{Client, Row};

/// The PostgreSQL schema of the ledger, where nothing else is chosen.
pub const DEFAULT_SCHEMA: &str = "schema_history";

/// The ledger's tables; in a chosen PostgreSQL schema they may stand beside the user's own.
pub const TABLES: [&str; 8] = [
    VERSION_TABLE,
    MIGRATION_TABLE,
    SECTION_TABLE,
    EVENT_TABLE,
    TENANT_TABLE,
    TENANT_MIGRATION_TABLE,
    TENANT_SECTION_TABLE,
    TENANT_EVENT_TABLE,
];

const VERSION_TABLE: &str = "ledger_version";
const MIGRATION_TABLE: &str = "ledger_migration";
const SECTION_TABLE: &str = "ledger_section";
const EVENT_TABLE: &str = "ledger_event";
pub(super) const TENANT_TABLE: &str = "ledger_tenant";
pub(super) const TENANT_MIGRATION_TABLE: &str = "ledger_tenant_migration";
pub(super) const TENANT_SECTION_TABLE: &str = "ledger_tenant_section";
pub(super) const TENANT_EVENT_TABLE: &str = "ledger_tenant_event";

/// The version of the tables that this code writes; the one before is read, and changed to it by the next run. Since 2 there
/// are events and the project; a section of a `down.sql` has a number below zero, `-1` is its first.
const VERSION: i32 = 2;

/// What is recorded of a migration, beside whose it is and which.
pub(super) const MIGRATION_COLUMNS: &str = "checksum text NOT NULL,
    sections integer NOT NULL,
    done integer NOT NULL,
    tool text NOT NULL,
    run_by text NOT NULL DEFAULT session_user,
    run_as text NOT NULL DEFAULT current_user,
    client inet DEFAULT pg_catalog.inet_client_addr(),
    started_at timestamptz NOT NULL DEFAULT pg_catalog.transaction_timestamp(),
    finished_at timestamptz";

/// What is recorded of a section, beside whose it is.
pub(super) const SECTION_COLUMNS: &str = "number integer NOT NULL,
    checksum text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('started', 'done', 'failed')),
    error text,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.transaction_timestamp(),
    milliseconds bigint NOT NULL DEFAULT 0";

/// What is recorded of an event, beside its number and whose it is.
pub(super) const EVENT_COLUMNS: &str = "at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    event text NOT NULL,
    migration text NOT NULL,
    tool text NOT NULL,
    run_by text NOT NULL DEFAULT session_user,
    milliseconds bigint,
    detail text";

/// What the ledger says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The version of its tables; 0 where somebody emptied it.
    pub(crate) version: i32,
    /// The project whose history it is, where that is noted.
    pub(crate) project: Option<String>,
}

/// Where the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    schema: Ident,
    /// Whose rows are meant, where one database has many tenants.
    tenant: Option<String>,
}

impl Ledger {
    /// The ledger in this PostgreSQL schema.
    pub fn new(schema: &str) -> Self {
        Self { schema: Ident::new(schema), tenant: None }
    }

    /// The same for one tenant, or for none.
    #[must_use]
    pub fn of_tenant(mut self, tenant: Option<&str>) -> Self {
        self.tenant = tenant.map(ToOwned::to_owned);
        self
    }

    pub(super) fn table(&self, name: &str) -> String {
        QName { schema: self.schema.clone(), name: name.into() }.to_string()
    }

    fn migration_table(&self) -> String {
        self.table(if self.tenant.is_some() { TENANT_MIGRATION_TABLE } else { MIGRATION_TABLE })
    }

    fn section_table(&self) -> String {
        self.table(if self.tenant.is_some() { TENANT_SECTION_TABLE } else { SECTION_TABLE })
    }

    fn event_table(&self) -> String {
        self.table(if self.tenant.is_some() { TENANT_EVENT_TABLE } else { EVENT_TABLE })
    }

    /// The column, its value and a condition on it, where rows are a tenant's.
    fn of_whom(&self) -> (&'static str, String, String) {
        match &self.tenant {
            Some(tenant) => {
                ("tenant, ", format!("{}, ", literal(tenant)), format!("m.tenant = {}", literal(tenant)))
            }
            None => ("", String::new(), "true".to_owned()),
        }
    }

    /// That a section is of the same tenant as its migration.
    fn of_same(&self) -> &'static str {
        if self.tenant.is_some() { "s.tenant = m.tenant AND " } else { "" }
    }

    /// What the ledger says, ordered by id; `None` where there is none. Only reads.
    pub fn read(&self, client: &mut Client) -> Result<Option<Vec<Recorded>>, Error> {
        // Whoever asks for a tenant has looked before.
        if self.tenant.is_none() && self.stamp(client)?.is_none() {
            return Ok(None);
        }
        let (_, _, whose) = self.of_whom();
        let rows = client.query_typed(&self.rows_sql(&whose), &[]).map_err(|e| self.unreadable(&e))?;
        Ok(Some(recorded(&rows).into_iter().map(|(_, row)| row).collect()))
    }

    /// The query for what [`recorded`] reads.
    pub(super) fn rows_sql(&self, whose: &str) -> String {
        let (tenant, order) =
            if self.tenant.is_some() { ("m.tenant", "m.tenant, ") } else { ("NULL::text", "") };
        format!(
            "SELECT m.id, m.checksum, m.sections, m.done, m.tool, m.run_by, {}, \
             s.number, s.checksum, s.outcome, s.error, s.milliseconds, {tenant} \
             FROM {} m LEFT JOIN {} s ON {}s.migration = m.id WHERE {whose} ORDER BY {order}m.id, s.number",
            utc(WHEN),
            self.migration_table(),
            self.section_table(),
            self.of_same()
        )
    }

    /// What happened beside being applied, the latest first. Only reads.
    pub fn events(&self, client: &mut Client) -> Result<Vec<Happened>, Error> {
        let is_there = match self.tenant {
            Some(_) => self.has(client, TENANT_EVENT_TABLE)?,
            None => self.stamp(client)?.is_some_and(|stamp| stamp.version >= 2),
        };
        if !is_there {
            return Ok(Vec::new());
        }
        let (_, _, whose) = self.of_whom();
        let query = format!(
            "SELECT event, migration, tool, run_by, milliseconds, detail, {} FROM {} m WHERE {whose} ORDER BY id DESC",
            utc("at"),
            self.event_table()
        );
        let rows = client.query_typed(&query, &[]).map_err(|e| self.unreadable(&e))?;
        let happened = rows.iter().map(|row| Happened {
            event: row.get(0),
            migration: row.get(1),
            tool: row.get(2),
            by: row.get(3),
            milliseconds: row.get(4),
            detail: row.get(5),
            at: row.get(6),
        });
        Ok(happened.collect())
    }

    /// What the ledger says about itself; `None` where there is none. Only reads.
    pub(crate) fn stamp(&self, client: &mut Client) -> Result<Option<Stamp>, Error> {
        if !self.exists(client)? {
            return Ok(None);
        }
        // Version 1 has no column `project`.
        let query = format!(
            "SELECT v.version, pg_catalog.to_jsonb(v) ->> 'project' FROM {} v",
            self.table(VERSION_TABLE)
        );
        let rows = client.query_typed(&query, &[]).map_err(|e| self.unreadable(&e))?;
        let stamp = rows
            .first()
            .map_or_else(Stamp::default, |row| Stamp { version: row.get(0), project: row.get(1) });
        if !(1..=VERSION).contains(&stamp.version) {
            return Err(Error::failed(format!(
                "the ledger in {} has version {}, this program knows version {VERSION}",
                self.schema, stamp.version
            ))
            .next("use the version of the tool that wrote it, or a later one"));
        }
        Ok(Some(stamp))
    }

    pub(super) fn exists(&self, client: &mut Client) -> Result<bool, Error> {
        let query = "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                     WHERE n.nspname = $1 AND c.relname = $2";
        let params: [(&(dyn postgres::types::ToSql + Sync), Type); 2] =
            [(&self.schema.as_str(), Type::TEXT), (&VERSION_TABLE, Type::TEXT)];
        let rows =
            client.query_typed(query, &params).map_err(|e| failure::doing("looking for the ledger", &e))?;
        Ok(!rows.is_empty())
    }

    /// Whether it has this table.
    pub(super) fn has(&self, client: &mut Client, table: &str) -> Result<bool, Error> {
        let rows = client
            .query_typed("SELECT pg_catalog.to_regclass($1) IS NOT NULL", &[(&self.table(table), Type::TEXT)])
            .map_err(|e| failure::doing("looking for the ledger of the tenants", &e))?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    pub(super) fn unreadable(&self, error: &postgres::Error) -> Error {
        let mut explained = failure::doing("reading the ledger", error);
        if error.code() == Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE) {
            let schema = &self.schema;
            let tables = if self.tenant.is_some() { &TABLES[..] } else { &TABLES[..4] };
            explained.next = Some(format!(
                "GRANT USAGE ON SCHEMA {schema} TO this role; GRANT SELECT ON {} TO this role;",
                tables.iter().map(|name| self.table(name)).collect::<Vec<_>>().join(", ")
            ));
        }
        explained
    }

    /// The SQL that makes the ledger. An existing PostgreSQL schema is used as it is.
    pub(crate) fn create_sql(&self, schema_exists: bool, project: Option<&str>) -> String {
        let (version, migration, section) =
            (self.table(VERSION_TABLE), self.table(MIGRATION_TABLE), self.table(SECTION_TABLE));
        let project = project.map_or_else(|| "NULL".to_owned(), literal);
        let schema = if schema_exists { String::new() } else { format!("CREATE SCHEMA {};\n", self.schema) };
        format!(
            "{schema}CREATE TABLE {version} (version integer NOT NULL, project text);
INSERT INTO {version} VALUES ({VERSION}, {project});
CREATE TABLE {migration} (
    id text PRIMARY KEY,
    {MIGRATION_COLUMNS}
);
CREATE TABLE {section} (
    migration text NOT NULL REFERENCES {migration} ON DELETE CASCADE,
    {SECTION_COLUMNS},
    PRIMARY KEY (migration, number)
);
{}",
            self.events_sql()
        )
    }

    fn events_sql(&self) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    {EVENT_COLUMNS}
);",
            self.table(EVENT_TABLE)
        )
    }

    /// The SQL that makes the ledger, or brings an earlier one up to date and notes whose it is; `None` where nothing is to be
    /// done.
    pub(crate) fn prepare_sql(
        &self,
        client: &mut Client,
        project: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let Some(stamp) = self.stamp(client)? else {
            return Ok(Some(self.create_sql(self.schema_exists(client)?, project)));
        };
        let version = self.table(VERSION_TABLE);
        let mut sql = String::new();
        if stamp.version < 2 {
            sql += &format!(
                "ALTER TABLE {version} ADD COLUMN IF NOT EXISTS project text;\n{}\n",
                self.events_sql()
            );
        }
        if stamp.version < VERSION {
            sql += &format!("UPDATE {version} SET version = {VERSION};\n");
        }
        if let Some(project) = project.filter(|project| stamp.project.as_deref() != Some(project)) {
            sql += &format!("UPDATE {version} SET project = {};\n", literal(project));
        }
        Ok((!sql.is_empty()).then(|| sql.trim_end().to_owned()))
    }

    /// Makes the ledger, or brings an earlier one up to date.
    pub(crate) fn prepare(&self, client: &mut Client, project: Option<&str>) -> Result<(), Error> {
        match self.prepare_sql(client, project)? {
            Some(sql) => self.in_transaction(client, "creating", &sql),
            None => Ok(()),
        }
    }

    pub(super) fn in_transaction(&self, client: &mut Client, doing: &str, sql: &str) -> Result<(), Error> {
        atomically(client, sql)
            .map_err(|e| failure::doing(&format!("{doing} the ledger in {}", self.schema), &e))
    }

    /// Whether the PostgreSQL schema of the ledger is there.
    pub(crate) fn schema_exists(&self, client: &mut Client) -> Result<bool, Error> {
        let query = "SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1";
        let rows = client
            .query_typed(query, &[(&self.schema.as_str(), Type::TEXT)])
            .map_err(|e| failure::doing("looking for the ledger", &e))?;
        Ok(!rows.is_empty())
    }

    /// The SQL that records how section `number` of a script ended, and the migration with it.
    pub(crate) fn section_sql(&self, job: &Job<'_>, number: usize, outcome: &Outcome) -> String {
        let sections = job.script.sections.len();
        if job.direction == Direction::Down && *outcome == Outcome::Done && number >= sections {
            return self.undone_sql(job);
        }
        let checksum = job.script.sections.get(number - 1).map_or("", |section| section.checksum.as_str());
        let (word, error, done) = match outcome {
            Outcome::Done => ("done", "NULL".to_owned(), number),
            Outcome::Started => ("started", "NULL".to_owned(), number - 1),
            Outcome::Failed(message) => ("failed", literal(message), number - 1),
        };
        let (migration, number) = match job.direction {
            Direction::Up => (self.migration_sql(job, done), number.to_string()),
            Direction::Down => (self.behind_sql(), format!("-{number}")),
        };
        let (column, value, _) = self.of_whom();
        format!(
            "{migration}
INSERT INTO {} AS s ({column}migration, number, checksum, outcome, error, milliseconds)
VALUES ({value}{id}, {number}, {}, '{word}', {error}, {elapsed})
ON CONFLICT ({column}migration, number) DO UPDATE SET checksum = excluded.checksum, outcome = excluded.outcome, error = excluded.error,
    started_at = CASE WHEN s.outcome = 'started' AND excluded.outcome <> 'started' THEN s.started_at ELSE excluded.started_at END,
    milliseconds = CASE WHEN s.outcome = 'started' THEN {since} ELSE excluded.milliseconds END;",
            self.section_table(),
            literal(checksum),
            id = literal(job.id),
            elapsed = milliseconds("pg_catalog.transaction_timestamp()"),
            since = milliseconds("s.started_at"),
        )
    }

    /// The SQL that records the migration with so many sections done.
    pub(crate) fn migration_sql(&self, job: &Job<'_>, done: usize) -> String {
        let sections = job.script.sections.len();
        let finished = if done >= sections { "pg_catalog.clock_timestamp()" } else { "NULL" };
        let (column, value, _) = self.of_whom();
        format!(
            "INSERT INTO {} ({column}id, checksum, sections, done, tool, finished_at)
VALUES ({value}{}, {}, {sections}, {done}, {}, {finished})
ON CONFLICT ({column}id) DO UPDATE SET checksum = excluded.checksum, sections = excluded.sections, done = excluded.done, tool = excluded.tool,
    run_by = excluded.run_by, run_as = excluded.run_as, client = excluded.client, finished_at = excluded.finished_at;",
            self.migration_table(),
            literal(job.id),
            literal(&job.script.checksum),
            literal(TOOL),
        )
    }

    /// The SQL that records a migration that was rolled back: it is as if it had not run, and an event says that it had.
    pub(crate) fn undone_sql(&self, job: &Job<'_>) -> String {
        let (migration, section) = (self.migration_table(), self.section_table());
        let (column, value, whose) = self.of_whom();
        let (id, same) = (literal(job.id), self.of_same());
        let last = milliseconds("pg_catalog.transaction_timestamp()");
        let when = utc(WHEN);
        format!(
            "INSERT INTO {} ({column}event, migration, tool, milliseconds, detail)
SELECT {value}'rolled back', m.id, {}, {last} + COALESCE((SELECT sum(s.milliseconds) FROM {section} s WHERE {same}s.migration = m.id AND s.number < 0), 0)::bigint,
    CASE WHEN m.done < m.sections THEN 'it was half-applied, ' ELSE 'it was applied ' END || {when} || ' by ' || m.run_by
FROM {migration} m WHERE {whose} AND m.id = {id};
{}{}",
            self.event_table(),
            literal(TOOL),
            self.behind_sql(),
            self.forget_sql(job.id),
        )
    }

    /// The SQL that records an event.
    pub(crate) fn event_sql(&self, event: &str, migration: &str, detail: &str) -> String {
        let (column, value, _) = self.of_whom();
        format!(
            "INSERT INTO {} ({column}event, migration, tool, detail) VALUES ({value}{}, {}, {}, {});",
            self.event_table(),
            literal(event),
            literal(migration),
            literal(TOOL),
            literal(detail),
        )
    }

    /// The SQL that records all sections of a migration as done, though they have not run here.
    pub(crate) fn applied_sql(&self, migration: &Migration) -> String {
        let job = Job::up(migration);
        let mut sql = self.migration_sql(&job, migration.up.sections.len());
        for number in 1..=migration.up.sections.len() {
            sql += &format!("\n{}", self.section_sql(&job, number, &Outcome::Done));
        }
        sql
    }

    /// The SQL that takes the file of an applied migration for what has run.
    #[cfg(feature = "engine")]
    pub(crate) fn accept_sql(&self, migration: &Migration) -> String {
        let (id, sections) = (literal(&migration.id), migration.up.sections.len());
        let (_, _, whose) = self.of_whom();
        let mut sql = format!(
            "UPDATE {} m SET checksum = {}, sections = {sections}, done = {sections} WHERE {whose} AND id = {id};
DELETE FROM {} m WHERE {whose} AND migration = {id} AND number > {sections};",
            self.migration_table(),
            literal(&migration.up.checksum),
            self.section_table(),
        );
        for (index, section) in migration.up.sections.iter().enumerate() {
            sql += &format!(
                "\nUPDATE {} m SET checksum = {} WHERE {whose} AND migration = {id} AND number = {};",
                self.section_table(),
                literal(&section.checksum),
                index + 1
            );
        }
        sql
    }

    /// The SQL that forgets that a section was begun.
    #[cfg(feature = "engine")]
    pub(crate) fn unbegun_sql(&self, job: &Job<'_>, number: usize) -> String {
        let sign = match job.direction {
            Direction::Up => "",
            Direction::Down => "-",
        };
        let (table, (_, _, whose)) = (self.section_table(), self.of_whom());
        let id = literal(job.id);
        format!("DELETE FROM {table} m WHERE {whose} AND migration = {id} AND number = {sign}{number};")
    }

    /// The SQL that says that a tenant does not have everything; nothing where no tenant is meant.
    fn behind_sql(&self) -> String {
        match &self.tenant {
            Some(tenant) => {
                format!(
                    "UPDATE {} SET key = '' WHERE tenant = {};\n",
                    self.table(TENANT_TABLE),
                    literal(tenant)
                )
            }
            None => String::new(),
        }
    }

    /// The SQL that forgets a migration.
    pub(crate) fn forget_sql(&self, id: &str) -> String {
        let (_, _, whose) = self.of_whom();
        format!("DELETE FROM {} m WHERE {whose} AND id = {};", self.migration_table(), literal(id))
    }

    /// Runs SQL of the ledger in a transaction of its own.
    pub(crate) fn write(&self, client: &mut Client, sql: &str) -> Result<(), Error> {
        atomically(client, sql).map_err(|e| failure::doing("writing the ledger", &e))
    }

    /// Records migrations as applied that have not run here, with an event for each.
    #[cfg(feature = "engine")]
    pub(crate) fn record(
        &self,
        client: &mut Client,
        migrations: &[&Migration],
        event: &str,
        detail: &str,
    ) -> Result<(), Error> {
        let sql: String = migrations
            .iter()
            .map(|migration| {
                let event = self.event_sql(event, &migration.id, detail);
                format!("{}\n{event}\n", self.applied_sql(migration))
            })
            .collect();
        self.prepare(client, None)?;
        self.write(client, &sql)
    }
}

/// The ledger's rows, each with its tenant.
pub(super) fn recorded(rows: &[Row]) -> Vec<(Option<String>, Recorded)> {
    let mut found: Vec<(Option<String>, Recorded)> = Vec::new();
    for row in rows {
        let (id, tenant): (&str, Option<&str>) = (row.get(0), row.get(12));
        if found.last().is_none_or(|(whose, last)| last.id != id || whose.as_deref() != tenant) {
            let recorded = Recorded {
                id: id.to_owned(),
                checksum: row.get(1),
                sections: count(row.get(2)),
                done: count(row.get(3)),
                tool: row.get(4),
                by: row.get(5),
                at: row.get(6),
                milliseconds: 0,
                tried: Vec::new(),
                back: Vec::new(),
            };
            found.push((tenant.map(ToOwned::to_owned), recorded));
        }
        if let (Some((_, last)), Some(number)) = (found.last_mut(), row.get::<_, Option<i32>>(7)) {
            if number > 0 {
                last.milliseconds += row.get::<_, i64>(11);
            }
            let list = if number > 0 { &mut last.tried } else { &mut last.back };
            list.push(Tried {
                number: count(number.abs()),
                checksum: row.get(8),
                outcome: match row.get(9) {
                    "done" => Outcome::Done,
                    "failed" => Outcome::Failed(row.get::<_, Option<String>>(10).unwrap_or_default()),
                    _ => Outcome::Started,
                },
            });
        }
    }
    // Those of a down.sql count downwards.
    found.iter_mut().for_each(|(_, row)| row.back.reverse());
    found
}

fn atomically(client: &mut Client, sql: &str) -> Result<(), postgres::Error> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(sql)?;
    transaction.commit()
}

pub(super) const TOOL: &str = env!("CARGO_PKG_VERSION");

/// When a migration was finished, else when it began.
const WHEN: &str = "COALESCE(m.finished_at, m.started_at)";

/// A moment as RFC 3339 writes it.
fn utc(moment: &str) -> String {
    format!("pg_catalog.to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
}

fn milliseconds(since: &str) -> String {
    format!("(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - {since}) * 1000)::bigint")
}

fn count(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}
