//! All tables and views with their sizes, in one query; nobody waits for a table that is locked.

use super::declared;
use super::failure::{Failure, Json};
use super::pool::Reading;
use super::relation::kind_name;
use super::state::Shared;
use axum::extract::State;
use serde::Serialize;
use tokio_postgres::error::SqlState;

/// Temporary and system schemas are left out. A table that somebody changes is not asked for its size: that would wait.
/// Of many tables none is: each takes a look at the disk. Then VACUUM's and ANALYZE's own numbers have to do.
const TABLES: &str = "
    WITH shown AS MATERIALIZED (
        SELECT c.oid, c.relname, c.relkind, c.reltuples, c.relpages, c.reltoastrelid, c.relispartition, n.nspname
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'),
    few AS (SELECT $1 AND count(*) <= 2000 AS few FROM shown),
    locked AS (SELECT l.relation FROM pg_locks l WHERE l.mode = 'AccessExclusiveLock' AND l.granted),
    beside AS (SELECT x.indrelid, sum(i.relpages)::int8 AS pages
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid GROUP BY 1)
    SELECT c.nspname::text, c.relname::text, c.relkind::text,
        CASE WHEN c.relkind NOT IN ('r', 'm', 'p') THEN NULL
            WHEN c.relkind = 'p' THEN NULLIF(c.reltuples, -1)::float8
            WHEN c.reltuples >= 0 AND c.relpages > 0 THEN c.reltuples::float8
            ELSE pg_stat_get_live_tuples(c.oid)::float8 END,
        CASE WHEN c.relkind NOT IN ('r', 'm') THEN 0
            WHEN few.few AND c.oid NOT IN (SELECT relation FROM locked WHERE relation IS NOT NULL)
                THEN pg_total_relation_size(c.oid)
            ELSE (c.relpages + COALESCE(t.relpages, 0) + COALESCE(b.pages, 0))
                * current_setting('block_size')::int8 END,
        d.description, c.relispartition
    FROM shown c CROSS JOIN few
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    LEFT JOIN beside b ON b.indrelid = c.oid
    LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
    ORDER BY 1, 2";

#[derive(Serialize)]
pub(super) struct Listed {
    relations: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    schema: String,
    name: String,
    kind: &'static str,
    rows: Option<f64>,
    bytes: i64,
    comment: Option<String>,
    declared: Option<bool>,
}

/// `GET /api/tables`.
pub(super) async fn tables(State(studio): State<Shared>) -> Result<Json<Listed>, Failure> {
    let declared = declared::names(&studio);
    let mut measured = true;
    let rows = loop {
        let lease = studio.reader.read(Reading::ours(if measured { 5 } else { 30 })).await?;
        match lease.query(TABLES, &[&measured]).await.map_err(Failure::from) {
            Ok(rows) => {
                lease.rollback().await?;
                break rows;
            }
            Err(failure)
                if measured
                    && [SqlState::QUERY_CANCELED, SqlState::LOCK_NOT_AVAILABLE]
                        .iter()
                        .any(|code| failure.has_code(code)) =>
            {
                measured = false;
            }
            Err(failure) => return Err(failure),
        }
    };
    let relation = |row: &tokio_postgres::Row| {
        let name: (String, String) = (row.get(0), row.get(1));
        let kind = row.get::<_, &str>(2).chars().next().unwrap_or('r');
        let kind = if row.get(6) { "partition" } else { kind_name(kind) };
        let declared = declared.as_ref().map(|names| names.contains(&name));
        let (schema, name) = name;
        Shown { schema, name, kind, rows: row.get(3), bytes: row.get(4), comment: row.get(5), declared }
    };
    Ok(Json(Listed { relations: rows.iter().map(relation).collect() }))
}
