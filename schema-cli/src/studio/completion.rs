//! What the SQL editor can complete: tables with their columns, and functions.

use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::state::Shared;
use axum::extract::State;
use serde_json::{Map, Value, json};

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
