//! The tables with their keys, for the diagram and for completion; the sessions of the server.

use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::state::Shared;
use axum::extract::State;
use serde_json::{Map, Value, json};
use tokio_postgres::Row;

const COLUMNS: &str = "
    SELECT n.nspname::text, c.relname::text, array_agg(a.attname::text ORDER BY a.attnum),
        array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum),
        array_agg(NOT a.attnotnull ORDER BY a.attnum),
        array_agg(COALESCE(k.p, false) ORDER BY a.attnum), array_agg(COALESCE(k.f, false) ORDER BY a.attnum),
        array_agg(COALESCE(k.u, false) ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN (SELECT conrelid, u.n, bool_or(contype = 'p') p, bool_or(contype = 'f') f,
            bool_or(contype = 'u' AND cardinality(conkey) = 1) u
        FROM pg_constraint, unnest(conkey) u (n) WHERE contype IN ('p', 'f', 'u') GROUP BY 1, 2) k
        ON k.conrelid = c.oid AND k.n = a.attnum
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    GROUP BY 1, 2 ORDER BY 1, 2";

const EDGES: &str = "
    SELECT k.conname::text, fn.nspname::text, f.relname::text, x.from_columns, tn.nspname::text, t.relname::text,
        x.to_columns, x.optional,
        EXISTS (SELECT FROM pg_constraint u WHERE u.conrelid = k.conrelid AND u.contype IN ('p', 'u')
            AND u.conkey <@ k.conkey)
    FROM pg_constraint k
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY o) from_columns,
            array_agg(b.attname::text ORDER BY o) to_columns, bool_or(NOT a.attnotnull) optional
        FROM unnest(k.conkey, k.confkey) WITH ORDINALITY u (a, b, o)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.a
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.b) x
    WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT f.relispartition AND NOT t.relispartition
        AND fn.nspname !~ '^pg_' AND tn.nspname !~ '^pg_'
    ORDER BY 2, 3, 1";

/// `GET /api/diagram`.
pub(super) async fn diagram(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(30)).await?;
    let tables = lease.query(COLUMNS, &[]).await?;
    let edges = lease.query(EDGES, &[]).await?;
    lease.rollback().await?;
    Ok(Json(json!({
        "tables": tables.iter().map(entity).collect::<Vec<_>>(),
        "edges": edges.iter().map(edge).collect::<Vec<_>>(),
    })))
}

fn entity(row: &Row) -> Value {
    let (names, types): (Vec<&str>, Vec<&str>) = (row.get(2), row.get(3));
    let [nullable, primary, foreign, unique] = [4, 5, 6, 7].map(|index| row.get::<_, Vec<bool>>(index));
    let column = |index: usize| {
        json!({"name": names[index], "type": types[index], "primary": primary[index], "foreign": foreign[index],
            "unique": unique[index], "nullable": nullable[index]})
    };
    let columns: Vec<Value> = (0..names.len()).map(column).collect();
    json!({"schema": row.get::<_, &str>(0), "name": row.get::<_, &str>(1), "columns": columns})
}

fn edge(row: &Row) -> Value {
    let side = |at: usize| {
        json!({"schema": row.get::<_, &str>(at), "name": row.get::<_, &str>(at + 1),
            "columns": row.get::<_, Vec<&str>>(at + 2)})
    };
    json!({"name": row.get::<_, &str>(0), "from": side(1), "to": side(4), "optional": row.get::<_, bool>(7),
        "unique": row.get::<_, bool>(8)})
}

/// `GET /api/completion`: what the SQL editor can complete.
pub(super) async fn completion(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(15)).await?;
    let tables = "SELECT n.nspname::text, c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        GROUP BY 1, 2 ORDER BY 1, 2";
    let tables = lease.query(tables, &[]).await?;
    let functions = functions(&lease).await?;
    lease.rollback().await?;
    let mut schemas: Map<String, Value> = Map::new();
    for row in &tables {
        let (schema, table, columns): (&str, &str, Vec<&str>) = (row.get(0), row.get(1), row.get(2));
        let tables = schemas.entry(schema).or_insert_with(|| json!({}));
        if let Value::Object(tables) = tables {
            tables.insert(table.to_owned(), json!(columns));
        }
    }
    Ok(Json(json!({"schemas": schemas, "functions": functions})))
}

/// The functions that a person would call: the database's own, and PostgreSQL's with names that are no plumbing.
async fn functions(lease: &Lease) -> Result<Vec<String>, Failure> {
    let sql = "SELECT DISTINCT CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN p.proname::text
            ELSE n.nspname || '.' || p.proname END
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'a', 'w') AND n.nspname NOT IN ('information_schema', 'pg_toast')
            AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
            AND NOT ('internal'::regtype = ANY (p.proargtypes::oid[]))
            AND NOT (n.nspname = 'pg_catalog' AND EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid))
        ORDER BY 1";
    Ok(lease.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// `GET /api/activity`: who does what, and who waits for whom.
pub(super) async fn activity(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(10)).await?;
    let sql = "SELECT a.pid, a.usename::text, a.state,
            extract(epoch FROM clock_timestamp() - COALESCE(CASE WHEN a.state = 'active' THEN a.query_start END,
                a.state_change))::float8,
            CASE WHEN a.wait_event_type IN ('Lock', 'LWLock', 'IO', 'BufferPin') THEN a.wait_event_type || ': ' || a.wait_event END,
            pg_blocking_pids(a.pid), left(a.query, 2000), a.application_name
        FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
        ORDER BY cardinality(pg_blocking_pids(a.pid)) DESC, a.state = 'active' DESC, 4 DESC NULLS LAST";
    let rows = lease.query(sql, &[]).await?;
    lease.rollback().await?;
    let session = |row: &Row| {
        json!({"pid": row.get::<_, i32>(0), "user": row.get::<_, Option<&str>>(1),
            "state": row.get::<_, Option<&str>>(2), "since_seconds": row.get::<_, Option<f64>>(3),
            "waiting_for": row.get::<_, Option<&str>>(4), "blocked_by": row.get::<_, Vec<i32>>(5),
            "query": row.get::<_, Option<&str>>(6), "application": row.get::<_, Option<&str>>(7)})
    };
    Ok(Json(json!({"sessions": rows.iter().map(session).collect::<Vec<_>>()})))
}
