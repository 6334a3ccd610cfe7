//! The tenants' part of the ledger: one row for each tenant says what it has; the rows of its migrations and sections are
//! read only where that is not everything.

use super::failure;
use super::ledger::{
    EVENT_COLUMNS, Ledger, MIGRATION_COLUMNS, SECTION_COLUMNS, TENANT_EVENT_TABLE, TENANT_MIGRATION_TABLE,
    TENANT_SECTION_TABLE, TENANT_TABLE, TOOL, recorded,
};
use super::status::Recorded;
use crate::engine::error::Error;
use crate::engine::name::literal;
use postgres::Client;
use postgres::types::Type;
use std::collections::BTreeMap;

impl Ledger {
    /// Whether the tenants' part is there.
    pub(super) fn has_tenants(&self, client: &mut Client) -> Result<bool, Error> {
        self.has(client, TENANT_TABLE)
    }

    /// Makes the tenants' part, forgets tenants that are gone, and notes these, which do not have everything.
    pub(super) fn prepare_tenants(&self, client: &mut Client, names: &[String]) -> Result<(), Error> {
        // The table that came last.
        if !self.has(client, TENANT_EVENT_TABLE)? {
            self.in_transaction(client, "creating", &self.tenants_sql())?;
        }
        self.in_transaction(client, "tidying", &self.forget_sql_of_tenants())?;
        let note = format!(
            "INSERT INTO {} (tenant, schema_oid, key, migrations, tool) \
             SELECT a.name, n.oid, '', 0, $2 FROM pg_catalog.unnest($1) AS a(name) \
             LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = a.name ON CONFLICT DO NOTHING",
            self.table(TENANT_TABLE)
        );
        let noted = client.query_typed(&note, &[(&names, Type::TEXT_ARRAY), (&TOOL, Type::TEXT)]);
        noted.map(drop).map_err(|e| failure::doing("writing the ledger", &e))
    }

    /// What it says of these tenants, ordered by id. Only reads.
    pub(super) fn read_tenants(
        &self,
        client: &mut Client,
        names: &[String],
    ) -> Result<BTreeMap<String, Vec<Recorded>>, Error> {
        let ledger = self.clone().of_tenant(Some(""));
        let rows = client
            .query_typed(&ledger.rows_sql("m.tenant = ANY ($1)"), &[(&names, Type::TEXT_ARRAY)])
            .map_err(|e| ledger.unreadable(&e))?;
        let mut of: BTreeMap<String, Vec<Recorded>> = BTreeMap::new();
        for (tenant, row) in recorded(&rows) {
            of.entry(tenant.unwrap_or_default()).or_default().push(row);
        }
        Ok(of)
    }

    /// The SQL that makes the tenants' part of the ledger.
    fn tenants_sql(&self) -> String {
        let [tenant, migration, section, event] =
            [TENANT_TABLE, TENANT_MIGRATION_TABLE, TENANT_SECTION_TABLE, TENANT_EVENT_TABLE]
                .map(|name| self.table(name));
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
);
CREATE TABLE IF NOT EXISTS {event} (
    tenant text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    {EVENT_COLUMNS},
    PRIMARY KEY (tenant, id)
);
INSERT INTO {tenant} (tenant, key, migrations, tool) SELECT DISTINCT m.tenant, '', 0, m.tool FROM {migration} m
ON CONFLICT DO NOTHING;"
        )
    }

    /// The SQL that forgets tenants that are gone. A schema of the same name that is another one and empty is a tenant that
    /// went and came again; one that is not empty was restored.
    fn forget_sql_of_tenants(&self) -> String {
        let [tenant, migration, event] =
            [TENANT_TABLE, TENANT_MIGRATION_TABLE, TENANT_EVENT_TABLE].map(|name| self.table(name));
        format!(
            "WITH gone AS (DELETE FROM {tenant} t \
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = t.tenant) \
             OR EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = t.tenant AND n.oid <> t.schema_oid \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)) RETURNING t.tenant), \
             events AS (DELETE FROM {event} e USING gone WHERE e.tenant = gone.tenant) \
             DELETE FROM {migration} m USING gone WHERE m.tenant = gone.tenant"
        )
    }

    /// The SQL that notes that a tenant has everything.
    pub(super) fn tenant_sql(&self, tenant: &str, key: &str, migrations: usize) -> String {
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
