//! Runs migrations for the tenants of a database: which there are, who is behind, one after the other or several at once.

use super::connect::Target;
use super::dry::DryRun;
use super::failure;
use super::fleet::{Ended, FleetOptions, each};
use super::ledger::{
    Ledger, MIGRATION_COLUMNS, SECTION_COLUMNS, TENANT_MIGRATION_TABLE, TENANT_SECTION_TABLE, TENANT_TABLE, TOOL,
};
use super::lock::RunLock;
use super::run::{self, Event, Report, RunOptions};
use super::status::Status;
use super::{dry, project, refuse};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::name::literal;
use crate::engine::script::sha;
use crate::engine::tenant::Template;
use postgres::Client;
use postgres::types::Type;

/// Where a database says which tenants it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenants {
    /// The schemas whose names are LIKE this.
    Like(String),
    /// What this query gives in its first column.
    Query(String),
}

/// The tenants of a database, in order, and who is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// All of them.
    pub all: Vec<String>,
    /// Those that do not have everything that is wanted.
    pub behind: Vec<String>,
    /// What they have when they do.
    key: String,
}

/// How many tenants a session works for before another takes its place: it remembers each table that it has seen.
const SESSION: usize = 500;

/// The tenants that a database has. Only reads.
pub fn list(client: &mut Client, tenants: &Tenants, template: &str) -> Result<Vec<String>, Error> {
    let asking = |e: postgres::Error| failure::doing("asking for the tenants", &e);
    let mut names: Vec<String> = match tenants {
        Tenants::Like(pattern) => {
            let query = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname LIKE $1";
            let rows = client.query_typed(query, &[(pattern, Type::TEXT)]).map_err(asking)?;
            rows.iter().map(|row| row.get(0)).collect()
        }
        Tenants::Query(query) => {
            let wrapped = format!(
                "SELECT t.name::text FROM (\n{}\n) AS t(name) WHERE t.name IS NOT NULL",
                query.trim_end_matches([';', ' ', '\n'])
            );
            let rows = client.query_typed(&wrapped, &[]).map_err(asking)?;
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    names.retain(|name| name != template);
    names.sort();
    names.dedup();
    Ok(names)
}

/// Who is behind: one query, however many there are. Only reads.
pub fn standing(
    client: &mut Client,
    tenants: &Tenants,
    template: &Template,
    options: &RunOptions,
) -> Result<Standing, Error> {
    let wanted = refuse::wanted(template.history(), options.to.as_deref())?;
    let key = key(template, wanted);
    let all = list(client, tenants, template.name())?;
    let ledger = Ledger::new(&options.ledger_schema);
    if !ledger.has_tenants(client)? {
        return Ok(Standing { behind: all.clone(), all, key });
    }
    let query = format!(
        "SELECT a.name FROM pg_catalog.unnest($1) AS a(name) WHERE NOT EXISTS (SELECT FROM {} t \
         JOIN pg_catalog.pg_namespace n ON n.nspname = t.tenant AND n.oid = t.schema_oid \
         WHERE t.tenant = a.name AND t.key = $2) ORDER BY 1",
        ledger.table(TENANT_TABLE)
    );
    let rows = client
        .query_typed(&query, &[(&all, Type::TEXT_ARRAY), (&key, Type::TEXT)])
        .map_err(|e| failure::doing("asking which tenants are behind", &e))?;
    let mut behind: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    behind.sort();
    Ok(Standing { all, behind, key })
}

/// A hash of the ids and checksums of the first migrations.
fn key(template: &Template, wanted: usize) -> String {
    let wanted = template.history().0.iter().take(wanted);
    sha([template.name().as_bytes()]
        .into_iter()
        .chain(wanted.flat_map(|m| [m.id.as_bytes(), m.up.checksum.as_bytes()])))
}

/// Makes ready for the tenants' runs: the ledger's tables are there, the database is this project's, and what the ledger
/// knows of tenants whose schema is gone is forgotten: whoever comes by that name is new.
pub fn prepare(
    client: &mut Client,
    history: &History,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Error> {
    run::writable(client)?;
    let own = RunOptions { tenant: None, ..options.clone() };
    let lock = RunLock::acquire(client, &own, observer)?;
    let result = prepare_alone(client, history, &own);
    lock.release(client);
    result
}

fn prepare_alone(client: &mut Client, history: &History, own: &RunOptions) -> Result<(), Error> {
    let ledger = Ledger::new(&own.ledger_schema);
    let status = run::standing(client, &ledger, history)?;
    let owner = project::owner(client, &ledger, history, &status, own)?;
    refuse::check(&Status::default(), 0, own, owner.other.as_deref())?;
    ledger.prepare(client, owner.ours.as_deref())?;
    if ledger.has_tenants(client)? {
        return ledger.forget_tenants(client);
    }
    ledger.in_transaction(client, "creating", &ledger.tenants_sql())
}

/// A run for many tenants.
#[derive(Clone, Copy)]
pub struct Rollout<'a> {
    /// The database.
    pub target: &'a Target,
    /// The migrations.
    pub template: &'a Template,
    /// What was seen before it began.
    pub standing: &'a Standing,
    /// How to run.
    pub options: &'a RunOptions,
    /// How many at once.
    pub fleet: FleetOptions,
}

impl Rollout<'_> {
    /// Runs what is pending for these tenants. Each is locked for itself: two such runs at once do each tenant once.
    pub fn migrate(
        &self,
        names: &[String],
        tell: &(dyn Fn(&str, &Ended<Report>) + Sync),
        observe: &(dyn Fn(&str, &Event<'_>) + Sync),
    ) -> Vec<Ended<Report>> {
        let open = || Ok((self.target.connect()?, 0_usize));
        let work = |(client, used): &mut (Client, usize), name: &str| {
            if *used == SESSION {
                (*client, *used) = open()?;
            }
            *used += 1;
            let mut observer = |event: &Event<'_>| observe(name, event);
            one(client, self.template, &self.standing.key, name, self.options, &mut observer)
        };
        each(names, self.fleet, &open, &work, tell)
    }
}

/// What a run would do for one tenant.
pub fn dry_run(
    client: &mut Client,
    template: &Template,
    tenant: &str,
    options: &RunOptions,
) -> Result<DryRun, Error> {
    let history = template.written_for(tenant)?;
    let ledger = Ledger::new(&options.ledger_schema);
    let tenants = ledger.has_tenants(client)?;
    // Before the first run nobody has anything.
    let options = RunOptions { tenant: tenants.then(|| tenant.to_owned()), ..options.clone() };
    if tenants {
        return dry::dry_run(client, &history, &options);
    }
    let wanted = refuse::wanted(&history, options.to.as_deref())?;
    let ledger = ledger.of_tenant(Some(tenant));
    Ok(dry::of_nothing(&ledger, &history, wanted, options.lock_timeout))
}

fn one(
    client: &mut Client,
    template: &Template,
    key: &str,
    tenant: &str,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Report, Error> {
    let history = template.written_for(tenant)?;
    let options = RunOptions { tenant: Some(tenant.to_owned()), ..options.clone() };
    let report = run::migrate(client, &history, &options, observer)?;
    let wanted = refuse::wanted(&history, options.to.as_deref())?;
    if report.already + report.applied.len() == wanted {
        let sql = Ledger::new(&options.ledger_schema).tenant_sql(tenant, key, wanted);
        client.batch_execute(&sql).map_err(|e| failure::doing("writing the ledger", &e))?;
    }
    Ok(report)
}

impl Ledger {
    fn has_tenants(&self, client: &mut Client) -> Result<bool, Error> {
        let rows = client
            .query_typed(
                "SELECT pg_catalog.to_regclass($1) IS NOT NULL",
                &[(&self.table(TENANT_TABLE), Type::TEXT)],
            )
            .map_err(|e| failure::doing("looking for the ledger of the tenants", &e))?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    /// The SQL that makes the tenants' part of the ledger.
    fn tenants_sql(&self) -> String {
        let (tenant, migration, section) =
            (self.table(TENANT_TABLE), self.table(TENANT_MIGRATION_TABLE), self.table(TENANT_SECTION_TABLE));
        format!(
            "CREATE TABLE IF NOT EXISTS {tenant} (
    tenant text PRIMARY KEY,
    schema_oid oid,
    key text NOT NULL,
    migrations integer NOT NULL,
    tool text NOT NULL,
    run_by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE TABLE IF NOT EXISTS {migration} (
    tenant text NOT NULL,
    id text NOT NULL,
    {MIGRATION_COLUMNS},
    PRIMARY KEY (tenant, id)
);
CREATE TABLE IF NOT EXISTS {section} (
    tenant text NOT NULL,
    migration text NOT NULL,
    {SECTION_COLUMNS},
    PRIMARY KEY (tenant, migration, number),
    FOREIGN KEY (tenant, migration) REFERENCES {migration} ON DELETE CASCADE
);"
        )
    }

    /// A schema of the same name that is another one and empty is a tenant that went and came again; one that is not empty
    /// was restored.
    fn forget_tenants(&self, client: &mut Client) -> Result<(), Error> {
        let gone = format!(
            "WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = t.tenant) \
             OR EXISTS (SELECT FROM {} l JOIN pg_catalog.pg_namespace n ON n.nspname = l.tenant \
             WHERE l.tenant = t.tenant AND n.oid <> l.schema_oid \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid))",
            self.table(TENANT_TABLE)
        );
        let sql = [TENANT_MIGRATION_TABLE, TENANT_TABLE]
            .map(|name| format!("DELETE FROM {} t {gone};", self.table(name)));
        self.in_transaction(client, "tidying", &sql.join("\n"))
    }

    /// The SQL that notes that a tenant has everything.
    fn tenant_sql(&self, tenant: &str, key: &str, migrations: usize) -> String {
        format!(
            "INSERT INTO {} (tenant, schema_oid, key, migrations, tool)
VALUES ({tenant}, (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {tenant}), {}, {migrations}, {})
ON CONFLICT (tenant) DO UPDATE SET schema_oid = excluded.schema_oid, key = excluded.key, migrations = excluded.migrations, tool = excluded.tool,
    run_by = excluded.run_by, at = excluded.at;",
            self.table(TENANT_TABLE),
            literal(key),
            literal(TOOL),
            tenant = literal(tenant),
        )
    }
}
