//! `schema purge` without its terminal: what migrations have parked in a database, since when, and the end of it.

use super::failure;
use super::run::{Event, RunOptions, locked};
use super::status::Recorded;
use crate::engine::error::Error;
use crate::engine::name::{Ident, QName};
use crate::engine::park::digits;
use postgres::Client;
use std::time::Duration;

/// A PostgreSQL schema in which a migration keeps what it dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The schema.
    pub schema: Ident,
    /// The migration, where the ledger knows it.
    pub migration: Option<String>,
    /// Since when: UTC, RFC 3339; of what the ledger does not know, the digits of the migration.
    pub since: String,
    /// The tables with the number of their rows.
    pub tables: Vec<(QName, i64)>,
}

/// What is parked, and at least for so long. Counts the rows.
///
/// # Errors
/// When it cannot be read.
pub fn parked(
    client: &mut Client,
    rows: &[Recorded],
    older_than: Option<Duration>,
) -> Result<Vec<Parked>, Error> {
    let looking = |e: postgres::Error| failure::doing("looking at what is parked", &e);
    let query = "SELECT n.nspname::text, array_remove(array_agg(c.relname::text ORDER BY c.relname), NULL) \
                 FROM pg_catalog.pg_namespace n \
                 LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
                 WHERE n.nspname LIKE 'parked\\_%' GROUP BY 1 ORDER BY 1";
    let mut found = Vec::new();
    for row in client.query(query, &[]).map_err(looking)? {
        let schema = Ident::new(row.get::<_, String>(0));
        let Some(digits) = digits(&schema) else { continue };
        let of =
            rows.iter().find(|row| row.id.strip_prefix(digits).is_some_and(|rest| rest.starts_with('_')));
        let since = of.map_or_else(|| moment(digits), |row| row.at.clone());
        let seconds = older_than.map_or(0.0, |older| older.as_secs_f64());
        let old = "SELECT pg_catalog.now() - $1::text::timestamptz >= pg_catalog.make_interval(secs => $2)";
        if older_than.is_some()
            && !client.query_one(old, &[&since, &seconds]).map_err(looking)?.get::<_, bool>(0)
        {
            continue;
        }
        let mut tables = Vec::new();
        for name in row.get::<_, Vec<String>>(1) {
            let table = QName { schema: schema.clone(), name: Ident::new(name) };
            let count = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).map_err(looking)?;
            tables.push((table, count.get(0)));
        }
        found.push(Parked { schema, migration: of.map(|row| row.id.clone()), since, tables });
    }
    Ok(found)
}

/// `2026-11-22T09:30:00Z` of `20261122093000`; of fewer digits, the day.
fn moment(digits: &str) -> String {
    let part = |from: usize| digits.get(from..from + 2).unwrap_or("00");
    let year = digits.get(..4).unwrap_or("1970");
    format!("{year}-{}-{}T{}:{}:{}Z", part(4), part(6), part(8), part(10), part(12))
}

/// Drops what is parked, and remembers it.
///
/// # Errors
/// When something else needs it, or it cannot be dropped; what was dropped before it stays dropped.
pub fn purge(
    client: &mut Client,
    parked: &[Parked],
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Error> {
    locked(client, options, observer, |run| {
        run.ledger.prepare(run.client, None)?;
        for one in parked {
            let dropping = |e: postgres::Error| failure::doing(&format!("dropping {}", one.schema), &e);
            let rows: i64 = one.tables.iter().map(|(_, count)| count).sum();
            let detail = format!("{} with {rows} rows", one.schema.as_str());
            let event = run.ledger.event_sql("purged", one.migration.as_deref().unwrap_or_default(), &detail);
            let timeout = run.options.lock_timeout.as_millis();
            let mut transaction = run.client.transaction().map_err(dropping)?;
            let sql =
                format!("SET LOCAL lock_timeout = {timeout}; DROP SCHEMA {} CASCADE; {event}", one.schema);
            refuse_needed(&mut transaction, &one.schema)?;
            transaction.batch_execute(&sql).map_err(dropping)?;
            transaction.commit().map_err(dropping)?;
        }
        Ok(())
    })
}

/// CASCADE must reach nothing outside: a view that somebody made, a column of a parked type.
fn refuse_needed(transaction: &mut postgres::Transaction<'_>, schema: &Ident) -> Result<(), Error> {
    let query = "
        WITH inside AS (
            SELECT 'pg_catalog.pg_class'::regclass AS classid, oid AS objid FROM pg_catalog.pg_class WHERE relnamespace = $1::text::regnamespace
            UNION ALL SELECT 'pg_catalog.pg_type'::regclass, oid FROM pg_catalog.pg_type WHERE typnamespace = $1::text::regnamespace
            UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, oid FROM pg_catalog.pg_proc WHERE pronamespace = $1::text::regnamespace)
        SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
        FROM pg_catalog.pg_depend d JOIN inside i ON d.refclassid = i.classid AND d.refobjid = i.objid
        LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
        LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
        LEFT JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
        LEFT JOIN pg_catalog.pg_attrdef a ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND a.oid = d.objid
        LEFT JOIN pg_catalog.pg_class ac ON ac.oid = a.adrelid
        LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
        WHERE d.deptype IN ('n', 'a') AND
            COALESCE(c.relnamespace, v.relnamespace, ac.relnamespace, k.connamespace) <> $1::text::regnamespace
            AND COALESCE(c.relkind, 'r') <> 't' ORDER BY 1";
    let looking = |e: postgres::Error| failure::doing("looking for what needs it", &e);
    let needed = transaction.query(query, &[&schema.to_string()]).map_err(looking)?;
    if needed.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = needed.iter().map(|row| format!("  {}", row.get::<_, String>(0))).collect();
    Err(Error::refused(format!("{schema} was not purged, because this needs it:\n{}", lines.join("\n")))
        .next("drop or change that first"))
}
