//! What a database suffers from: rows that VACUUM has not taken away, pages with little in them, indexes that are broken,
//! equal or unused, transactions that are open for long, numbers of transactions that run out. From PostgreSQL's own
//! statistics; reads no table.

use super::failure::{Answer, Json};
use super::pool::Reading;
use super::state::Shared;
use axum::extract::State;
use serde_json::{Value, json};
use tokio_postgres::Row;

/// So many of a kind are shown, the worst first.
const MOST: i64 = 50;

/// What a table could do without is the size it has beyond that of its rows by the widths that ANALYZE saw: an estimate.
/// A table of a few pages has nothing to gain.
const TABLES: &str = "
    WITH width AS (
        SELECT schemaname, tablename, sum(avg_width * (1 - null_frac)) AS bytes, bool_or(null_frac > 0) AS nulls
        FROM pg_stats WHERE NOT inherited GROUP BY 1, 2),
    sized AS (
        SELECT c.oid, c.relpages::int8 * current_setting('block_size')::int8 AS bytes,
            CASE WHEN c.reltuples >= 0 AND w.bytes IS NOT NULL THEN ceil(c.reltuples::float8
                * (28 + CASE WHEN w.nulls THEN 8 ELSE 0 END + ceil(w.bytes / 8) * 8)
                / (current_setting('block_size')::int4 - 24)) * current_setting('block_size')::int8 END AS needed,
            COALESCE((SELECT split_part(o, '=', 2)::float8 / 100 FROM unnest(c.reloptions) o
                WHERE o LIKE 'fillfactor=%'), 1) AS fill
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN width w ON w.schemaname = n.nspname AND w.tablename = c.relname WHERE c.relkind IN ('r', 'm'))
    SELECT s.schemaname::text, s.relname::text, s.n_live_tup, s.n_dead_tup, z.bytes,
        GREATEST(0, z.bytes - z.needed / z.fill)::int8,
        to_char(GREATEST(s.last_vacuum, s.last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
        to_char(GREATEST(s.last_analyze, s.last_autoanalyze) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
        s.n_mod_since_analyze
    FROM pg_stat_user_tables s JOIN sized z ON z.oid = s.relid
    WHERE s.schemaname !~ '^pg_' AND (s.n_dead_tup > GREATEST(1000, 0.1 * s.n_live_tup)
        OR z.bytes > 1 << 20 AND z.needed / z.fill < 0.7 * z.bytes
        OR s.n_live_tup > 1000 AND GREATEST(s.last_analyze, s.last_autoanalyze) IS NULL)
    ORDER BY GREATEST(z.bytes - z.needed / z.fill, 0) + s.n_dead_tup * 100.0 DESC NULLS LAST, 1, 2 LIMIT $1";

/// Equal is what PostgreSQL prints alike but for the name. A unique index is used when rows are written.
const INDEXES: &str = "
    WITH shown AS (
        SELECT x.*, n.nspname, t.relname AS of, i.relname, pg_relation_size(i.oid) AS bytes,
            min(i.relname::text) OVER equal AS first, count(*) OVER equal AS many,
            pg_stat_get_numscans(x.indexrelid) AS scans
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid AND i.relkind = 'i'
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        WINDOW equal AS (PARTITION BY x.indrelid, i.relam, x.indkey::text, x.indclass::text, x.indcollation::text,
            x.indoption::text, x.indisunique, pg_get_expr(x.indexprs, x.indrelid), pg_get_expr(x.indpred, x.indrelid)))
    SELECT nspname::text, of::text, relname::text, bytes, scans, what, CASE what WHEN 'equal' THEN first END
    FROM shown CROSS JOIN LATERAL (SELECT CASE WHEN NOT indisvalid THEN 'invalid' WHEN many > 1 AND relname <> first THEN 'equal'
        WHEN scans = 0 AND NOT indisunique THEN 'unused' END AS what) w
    WHERE what IS NOT NULL ORDER BY position(what in 'invalid equal unused'), bytes DESC, 1, 2, 3 LIMIT $1";

/// What keeps VACUUM from taking rows away: transactions, prepared ones among them, and slots.
const OPEN: &str = "
    SELECT 'transaction', a.pid::text, a.usename::text, extract(epoch FROM clock_timestamp() - a.xact_start)::float8,
        a.state, left(a.query, 500)
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start < clock_timestamp() - $2 * interval '1 second'
    UNION ALL SELECT 'prepared transaction', p.gid, p.owner::text, extract(epoch FROM clock_timestamp() - p.prepared)::float8, NULL, NULL
    FROM pg_prepared_xacts p WHERE p.database = current_database()
    UNION ALL SELECT 'replication slot', s.slot_name::text, NULL, NULL, CASE WHEN s.active THEN 'active' ELSE 'inactive' END, NULL
    FROM pg_replication_slots s WHERE NOT s.active OR s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
    ORDER BY 4 DESC NULLS LAST, 2 LIMIT $1";

/// Who waits for which lock, and who has it.
const LOCKS: &str = "
    SELECT w.pid, w.mode, w.locktype, CASE WHEN w.relation IS NOT NULL THEN w.relation::regclass::text END,
        pg_blocking_pids(w.pid),
        (SELECT string_agg(DISTINCT h.mode, ', ') FROM pg_locks h WHERE h.granted AND h.pid = ANY (pg_blocking_pids(w.pid))
            AND h.locktype = w.locktype AND h.relation IS NOT DISTINCT FROM w.relation
            AND h.transactionid IS NOT DISTINCT FROM w.transactionid)
    FROM pg_locks w WHERE NOT w.granted AND (w.database IS NULL OR w.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY 1 LIMIT $1";

const WHOLE: &str = "
    SELECT pg_database_size(d.oid), age(d.datfrozenxid)::int8, current_setting('autovacuum_freeze_max_age')::int8,
        s.blks_hit::float8 / NULLIF(s.blks_hit + s.blks_read, 0), s.deadlocks, s.temp_bytes,
        to_char(s.stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), current_setting('autovacuum')::bool
    FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()";

/// A transaction is long when it is open for so many seconds.
const LONG: f64 = 60.0;

/// `GET /api/health`.
pub(super) async fn health(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(30)).await?;
    let tables = lease.query(TABLES, &[&MOST]).await?;
    let indexes = lease.query(INDEXES, &[&MOST]).await?;
    let open = lease.query(OPEN, &[&MOST, &LONG]).await?;
    let locks = lease.query(LOCKS, &[&MOST]).await?;
    let whole = lease.query_one(WHOLE, &[]).await?;
    lease.rollback().await?;
    Ok(Json(json!({
        "tables": tables.iter().map(table).collect::<Vec<_>>(),
        "indexes": indexes.iter().map(index).collect::<Vec<_>>(),
        "open": open.iter().map(transaction).collect::<Vec<_>>(),
        "locks": locks.iter().map(wait).collect::<Vec<_>>(),
        "database": {"bytes": whole.get::<_, i64>(0), "age": whole.get::<_, i64>(1), "age_limit": whole.get::<_, i64>(2),
            "cache_hits": whole.get::<_, Option<f64>>(3), "deadlocks": whole.get::<_, i64>(4),
            "temporary_bytes": whole.get::<_, i64>(5), "counted_since": whole.get::<_, Option<&str>>(6),
            "autovacuum": whole.get::<_, bool>(7)},
    })))
}

fn table(row: &Row) -> Value {
    json!({"schema": row.get::<_, &str>(0), "name": row.get::<_, &str>(1), "rows": row.get::<_, i64>(2),
        "dead": row.get::<_, i64>(3), "bytes": row.get::<_, i64>(4), "spare_bytes": row.get::<_, Option<i64>>(5),
        "vacuumed": row.get::<_, Option<&str>>(6), "analyzed": row.get::<_, Option<&str>>(7),
        "changed_since": row.get::<_, i64>(8)})
}

fn index(row: &Row) -> Value {
    json!({"schema": row.get::<_, &str>(0), "table": row.get::<_, &str>(1), "name": row.get::<_, &str>(2),
        "bytes": row.get::<_, i64>(3), "scans": row.get::<_, i64>(4), "what": row.get::<_, &str>(5),
        "equals": row.get::<_, Option<&str>>(6)})
}

fn transaction(row: &Row) -> Value {
    json!({"what": row.get::<_, &str>(0), "id": row.get::<_, &str>(1), "user": row.get::<_, Option<&str>>(2),
        "seconds": row.get::<_, Option<f64>>(3), "state": row.get::<_, Option<&str>>(4),
        "query": row.get::<_, Option<&str>>(5)})
}

fn wait(row: &Row) -> Value {
    json!({"pid": row.get::<_, i32>(0), "mode": row.get::<_, &str>(1), "type": row.get::<_, &str>(2),
        "relation": row.get::<_, Option<&str>>(3), "blocked_by": row.get::<_, Vec<i32>>(4),
        "held": row.get::<_, Option<&str>>(5)})
}
