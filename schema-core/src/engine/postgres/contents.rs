//! What stands in the tables of a scratch database: whether two databases have the same rows.

use super::failure;
use crate::engine::error::Error;
use crate::engine::name::QName;
use crate::engine::park::is_parking;
use postgres::Client;
use std::collections::BTreeMap;

/// Of each table with rows the number of them and a hash of their values, and where each sequence stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The tables that have rows.
    pub tables: BTreeMap<QName, (i64, String)>,
    /// The sequences that gave a number.
    pub sequences: BTreeMap<QName, i64>,
}

/// Columns by their names, so that their order is no difference; generated ones follow from the others.
const TABLES: &str = "
    SELECT n.nspname::text, c.relname::text, c.relkind = 'S',
        COALESCE((SELECT string_agg(quote_ident(a.attname) || '::text', ', ' ORDER BY a.attname)
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

impl Contents {
    /// Reads all tables; what is parked is not looked at.
    ///
    /// # Errors
    /// When a query fails.
    pub fn read(client: &mut Client) -> Result<Self, Error> {
        let reading = |e: postgres::Error| failure::doing("reading the rows", &e);
        let mut contents = Self::default();
        for row in client.query(TABLES, &[]).map_err(reading)? {
            let name = QName::new(row.get::<_, String>(0), row.get::<_, String>(1));
            if is_parking(&name.schema) {
                continue;
            }
            if row.get(2) {
                let query = format!("SELECT last_value, is_called FROM {name}");
                let row = client.query_one(&query, &[]).map_err(reading)?;
                if row.get(1) {
                    contents.sequences.insert(name, row.get(0));
                }
                continue;
            }
            let columns: String = row.get(3);
            let query = format!(
                "SELECT count(*), COALESCE(md5(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\")), '') \
                 FROM (SELECT ROW({columns})::text AS r FROM ONLY {name}) AS rows"
            );
            let row = client.query_one(&query, &[]).map_err(reading)?;
            if row.get::<_, i64>(0) > 0 {
                contents.tables.insert(name, (row.get(0), row.get(1)));
            }
        }
        Ok(contents)
    }

    /// What the other one has not, or has otherwise; a line each.
    pub fn missing_in(&self, other: &Self) -> Vec<String> {
        let rows = |count: i64| format!("{count} row{}", if count == 1 { "" } else { "s" });
        let tables = self.tables.iter().filter(|(name, found)| other.tables.get(name) != Some(found));
        let tables = tables.map(|(name, (count, _))| {
            let there = other.tables.get(name).map_or(0, |(count, _)| *count);
            match there == *count {
                true => format!("{}: {}, with other values", name.short(), rows(*count)),
                false => format!("{}: {}, not {there}", name.short(), rows(*count)),
            }
        });
        let stands = self.sequences.iter().filter(|(name, at)| other.sequences.get(name) != Some(at));
        let stands = stands.map(|(name, at)| format!("{} stands at {at}", name.short()));
        tables.chain(stands).collect()
    }

    /// Whether no table has rows and no sequence gave a number.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.sequences.is_empty()
    }
}
