//! Reads how a database is used, from the statistics of its server.

use super::failure::explain;
use crate::engine::error::Error;
use crate::engine::lint::usage::{IndexUse, TableUse, Usage};
use crate::engine::name::QName;
use postgres::{Client, Row};

const DAYS: &str =
    "SELECT EXTRACT(epoch FROM now() - COALESCE(stats_reset, pg_postmaster_start_time()))::int8 / 86400
    FROM pg_stat_database WHERE datname = current_database()";

/// A key needs its index whether it is read or not; the index of a partition goes with that of the whole table.
const INDEXES: &str = "SELECT s.schemaname::text, s.indexrelname::text, s.relname::text, s.idx_scan,
        t.seq_scan + COALESCE(t.idx_scan, 0), pg_relation_size(s.indexrelid)
    FROM pg_stat_user_indexes s
    JOIN pg_stat_user_tables t ON t.relid = s.relid
    JOIN pg_index i ON i.indexrelid = s.indexrelid
    JOIN pg_class c ON c.oid = s.indexrelid
    WHERE i.indisvalid AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident AND NOT c.relispartition
    ORDER BY 1, 2";

/// A row has a header of 24 bytes and an entry of 4 in its page; pages are filled up to the fillfactor.
const TABLES: &str = "SELECT n.nspname::text, c.relname::text, pg_relation_size(c.oid),
        (c.reltuples * (28 + w.width) * 100 / COALESCE(f.fillfactor, 100))::int8
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT sum((1 - null_frac) * avg_width) AS width FROM pg_stats
        WHERE schemaname = n.nspname AND tablename = c.relname) w
    LEFT JOIN LATERAL (SELECT option_value::int AS fillfactor FROM pg_options_to_table(c.reloptions)
        WHERE option_name = 'fillfactor') f ON true
    WHERE c.relkind IN ('r', 'm') AND c.reltuples > 0 AND w.width IS NOT NULL AND n.nspname !~ '^pg_'
        AND n.nspname <> 'information_schema'
    ORDER BY 1, 2";

/// Reads it.
///
/// # Errors
/// When the connection fails.
pub fn usage(client: &mut Client) -> Result<Usage, Error> {
    let failed =
        |error: postgres::Error| Error::failed(format!("statistics cannot be read: {}", explain(&error)));
    let days: i64 = client.query_one(DAYS, &[]).map_err(failed)?.get(0);
    let indexes = client.query(INDEXES, &[]).map_err(failed)?;
    let tables = client.query(TABLES, &[]).map_err(failed)?;
    let index = |row: &Row| IndexUse {
        index: name(row, 1),
        table: name(row, 2),
        scans: number(row, 3),
        reads: number(row, 4),
        bytes: number(row, 5),
    };
    let table = |row: &Row| TableUse { table: name(row, 1), bytes: number(row, 2), rows: number(row, 3) };
    Ok(Usage {
        days: u32::try_from(days).unwrap_or(0),
        indexes: indexes.iter().map(index).collect(),
        tables: tables.iter().map(table).collect(),
    })
}

fn name(row: &Row, at: usize) -> QName {
    QName::new(row.get::<_, &str>(0), row.get::<_, &str>(at))
}

fn number(row: &Row, at: usize) -> u64 {
    u64::try_from(row.get::<_, Option<i64>>(at).unwrap_or(0)).unwrap_or(0)
}
