//! One table or view: columns, keys in both directions, indexes, constraints, triggers, policies, its SQL.

use super::declared;
use super::definition::definition;
use super::failure::{Answer, Failure, Json};
use super::foreign_key::ForeignKey;
use super::pool::{Lease, Reading};
use super::relation::{Column, Named, Relation};
use super::state::Shared;
use axum::extract::{Query, State};
use schema_core::engine::id::ObjectId;
use schema_core::engine::name::Ident;
use serde_json::{Value, json};
use tokio_postgres::Row;

/// In a database with more tables than this, a definition is read only when it is asked for by itself.
const QUICK: i64 = 1000;

const FACTS: &str = "
    SELECT obj_description($1, 'pg_class'), NULLIF(c.reltuples, -1)::float8, pg_total_relation_size($1),
        (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f'))
    FROM pg_class c WHERE c.oid = $1";
const INDEXES: &str = "
    SELECT c.relname::text, pg_get_indexdef(x.indexrelid), x.indisunique, x.indisprimary, x.indisvalid,
        pg_relation_size(x.indexrelid), pg_stat_get_numscans(x.indexrelid)
    FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indrelid = $1 ORDER BY 4 DESC, 1";
const CONSTRAINTS: &str = "
    SELECT conname::text, pg_get_constraintdef(oid, true) FROM pg_constraint
    WHERE conrelid = $1 AND contype <> 't' ORDER BY position(contype::text in 'pufcxn'), 1";
const TRIGGERS: &str = "
    SELECT tgname::text, pg_get_triggerdef(oid, true) FROM pg_trigger
    WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY 1";
const POLICIES: &str = "
    SELECT polname::text, format('%s FOR %s%s%s', CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
        CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
        ' USING (' || pg_get_expr(polqual, polrelid) || ')', ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
    FROM pg_policy WHERE polrelid = $1 ORDER BY 1";

/// `GET /api/table`.
pub(super) async fn table(State(studio): State<Shared>, Query(wish): Query<Named>) -> Answer {
    let lease = studio.reader.read(Reading::ours(15)).await?;
    let relation = Relation::find(&lease, &wish).await?;
    let out = ForeignKey::of(&lease, relation.oid).await?;
    let incoming = ForeignKey::to(&lease, relation.oid).await?;
    let facts = lease.query_one(FACTS, &[&relation.oid]).await?;
    let indexes = lease.query(INDEXES, &[&relation.oid]).await?;
    let constraints = parts(&lease, relation.oid, CONSTRAINTS).await?;
    let triggers = parts(&lease, relation.oid, TRIGGERS).await?;
    let policies = parts(&lease, relation.oid, POLICIES).await?;
    lease.rollback().await?;
    let sql = if facts.get::<_, i64>(3) <= QUICK { definition(&studio, &wish).await? } else { None };
    let name = relation.qname();
    let id = match relation.kind {
        'v' => ObjectId::View(name.clone()),
        'm' => ObjectId::MaterializedView(name.clone()),
        _ => ObjectId::Table(name.clone()),
    };
    let index = |row: &Row| {
        json!({"name": row.get::<_, &str>(0), "definition": row.get::<_, &str>(1), "unique": row.get::<_, bool>(2),
            "primary": row.get::<_, bool>(3), "valid": row.get::<_, bool>(4), "bytes": row.get::<_, i64>(5),
            "scans": row.get::<_, i64>(6)})
    };
    let one = |(index, column): (usize, &Column)| {
        let id = ObjectId::Column(name.clone(), Ident::from(column.name.as_str()));
        json!({
            "name": column.name,
            "type": column.shown,
            "base": column.family(),
            "nullable": column.nullable,
            "default": column.default,
            "generated": column.generated,
            "identity": column.identity,
            "labels": column.labels,
            "primary": relation.primary.contains(&index),
            "comment": column.comment,
            "references": references(&column.name, &out),
            "declared_at": declared::place(&studio, &id),
        })
    };
    Ok(Json(json!({
        "schema": relation.schema,
        "name": relation.name,
        "kind": relation.kind_name(),
        "comment": facts.get::<_, Option<&str>>(0),
        "rows": facts.get::<_, Option<f64>>(1),
        "bytes": facts.get::<_, i64>(2),
        "declared_at": declared::place(&studio, &id),
        "editable": relation.why_not().is_none(),
        "why_not": relation.why_not(),
        "columns": relation.columns.iter().enumerate().map(one).collect::<Vec<_>>(),
        "primary_key": relation.key_names(),
        "foreign_keys": out.iter().map(|key| json!({"name": key.name, "columns": key.from.columns,
            "schema": key.to.table.schema, "table": key.to.table.name, "to": key.to.columns})).collect::<Vec<_>>(),
        "referenced_by": incoming.iter().map(|key| json!({"name": key.name, "schema": key.from.table.schema,
            "table": key.from.table.name, "columns": key.from.columns, "to": key.to.columns})).collect::<Vec<_>>(),
        "indexes": indexes.iter().map(index).collect::<Vec<_>>(),
        "constraints": constraints,
        "triggers": triggers,
        "policies": policies,
        "sql": sql,
    })))
}

/// `GET /api/definition`: only the SQL.
pub(super) async fn sql(State(studio): State<Shared>, Query(wish): Query<Named>) -> Answer {
    let sql = definition(&studio, &wish).await?;
    Ok(Json(json!({ "sql": sql })))
}

/// What a column points to: alone, else as a part of a key.
fn references(name: &str, keys: &[ForeignKey]) -> Option<Value> {
    let place = |key: &ForeignKey| key.from.columns.iter().position(|column| column == name);
    let key = keys.iter().filter(|key| place(key).is_some()).min_by_key(|key| key.from.columns.len())?;
    let column = key.to.columns.get(place(key)?)?;
    Some(json!({"schema": key.to.table.schema, "name": key.to.table.name, "column": column}))
}

/// Names with definitions.
async fn parts(lease: &Lease, oid: u32, sql: &str) -> Result<Vec<Value>, Failure> {
    let rows = lease.query(sql, &[&oid]).await?;
    Ok(rows
        .iter()
        .map(|row| json!({"name": row.get::<_, &str>(0), "definition": row.get::<_, &str>(1)}))
        .collect())
}
