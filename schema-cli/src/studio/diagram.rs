//! The tables with their keys, for the diagram.

use super::failure::{Answer, Json};
use super::foreign_key::{ForeignKey, Side};
use super::pool::Reading;
use super::state::Shared;
use axum::extract::State;
use serde_json::{Value, json};
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

/// `GET /api/diagram`.
pub(super) async fn diagram(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(30)).await?;
    let tables = lease.query(COLUMNS, &[]).await?;
    let edges = ForeignKey::all(&lease).await?;
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

fn edge(key: &ForeignKey) -> Value {
    let side =
        |side: &Side| json!({"schema": side.table.schema, "name": side.table.name, "columns": side.columns});
    json!({"name": key.name, "from": side(&key.from), "to": side(&key.to), "optional": key.optional,
        "unique": key.unique})
}
