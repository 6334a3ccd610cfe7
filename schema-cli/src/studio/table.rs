//! One table or view: columns, keys in both directions, indexes, constraints, triggers, policies, its SQL.

use super::declared;
use super::definition::definition;
use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::relation::{Column, Relation};
use super::state::Shared;
use axum::extract::{Query, State};
use schema_core::engine::id::ObjectId;
use schema_core::engine::name::{Ident, QName};
use serde::Deserialize;
use serde_json::{Value, json};

/// In a database with more tables than this, a definition is read only when it is asked for by itself.
const QUICK: i64 = 1000;

/// A foreign key, seen from the table that has it.
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) from: (String, String),
    pub(super) columns: Vec<String>,
    pub(super) to: (String, String),
    pub(super) references: Vec<String>,
}

const FOREIGN_KEYS: &str = "
    SELECT k.conname::text, fn.nspname::text, f.relname::text,
        (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.conkey) WITH ORDINALITY u (n, o)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
        tn.nspname::text, t.relname::text,
        (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.confkey) WITH ORDINALITY u (n, o)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n)
    FROM pg_constraint k
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0";

/// The foreign keys of a table, or those that reference it.
pub(super) async fn foreign_keys(
    lease: &Lease,
    oid: u32,
    incoming: bool,
) -> Result<Vec<ForeignKey>, Failure> {
    let side = if incoming { "confrelid" } else { "conrelid" };
    let sql = format!("{FOREIGN_KEYS} AND k.{side} = $1 ORDER BY 2, 3, 1");
    let rows = lease.query(&sql, &[&oid]).await?;
    Ok(rows
        .iter()
        .map(|row| ForeignKey {
            name: row.get(0),
            from: (row.get(1), row.get(2)),
            columns: row.get(3),
            to: (row.get(4), row.get(5)),
            references: row.get(6),
        })
        .collect())
}

#[derive(Deserialize)]
pub(super) struct Name {
    schema: String,
    name: String,
}

/// `GET /api/table`.
pub(super) async fn table(State(studio): State<Shared>, Query(wish): Query<Name>) -> Answer {
    let lease = studio.reader.read(Reading::ours(15)).await?;
    let relation = Relation::find(&lease, &wish.schema, &wish.name).await?;
    let out = foreign_keys(&lease, relation.oid, false).await?;
    let incoming = foreign_keys(&lease, relation.oid, true).await?;
    let facts = lease
        .query_one(
            "SELECT obj_description($1, 'pg_class'), NULLIF(c.reltuples, -1)::float8, pg_total_relation_size($1),
                (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f'))
            FROM pg_class c WHERE c.oid = $1",
            &[&relation.oid],
        )
        .await?;
    let indexes = lease
        .query(
            "SELECT c.relname::text, pg_get_indexdef(x.indexrelid), x.indisunique, x.indisprimary, x.indisvalid,
                pg_relation_size(x.indexrelid), pg_stat_get_numscans(x.indexrelid)
            FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indrelid = $1 ORDER BY 4 DESC, 1",
            &[&relation.oid],
        )
        .await?;
    let indexes: Vec<Value> = indexes
        .iter()
        .map(|row| {
            json!({"name": row.get::<_, &str>(0), "definition": row.get::<_, &str>(1), "unique": row.get::<_, bool>(2),
                "primary": row.get::<_, bool>(3), "valid": row.get::<_, bool>(4), "bytes": row.get::<_, i64>(5),
                "scans": row.get::<_, i64>(6)})
        })
        .collect();
    let constraints = parts(
        &lease,
        &relation,
        "SELECT conname::text, pg_get_constraintdef(oid, true) FROM pg_constraint
        WHERE conrelid = $1 AND contype <> 't' ORDER BY position(contype::text in 'pufcxn'), 1",
    );
    let triggers = "SELECT tgname::text, pg_get_triggerdef(oid, true) FROM pg_trigger
        WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY 1";
    let policies = "SELECT polname::text, format('%s FOR %s%s%s', CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            ' USING (' || pg_get_expr(polqual, polrelid) || ')', ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
        FROM pg_policy WHERE polrelid = $1 ORDER BY 1";
    let (constraints, triggers, policies) = (
        constraints.await?,
        parts(&lease, &relation, triggers).await?,
        parts(&lease, &relation, policies).await?,
    );
    lease.rollback().await?;
    let sql = if facts.get::<_, i64>(3) <= QUICK {
        definition(&studio, &wish.schema, &wish.name).await?
    } else {
        None
    };
    let id = |name: &QName| match relation.kind {
        'v' => ObjectId::View(name.clone()),
        'm' => ObjectId::MaterializedView(name.clone()),
        _ => ObjectId::Table(name.clone()),
    };
    let name = QName::new(relation.schema.as_str(), relation.name.as_str());
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
        "declared_at": declared::place(&studio, &id(&name)),
        "editable": relation.why_not().is_none(),
        "why_not": relation.why_not(),
        "columns": relation.columns.iter().enumerate().map(one).collect::<Vec<_>>(),
        "primary_key": relation.key_names(),
        "foreign_keys": out.iter().map(|key| json!({"name": key.name, "columns": key.columns,
            "schema": key.to.0, "table": key.to.1, "to": key.references})).collect::<Vec<_>>(),
        "referenced_by": incoming.iter().map(|key| json!({"name": key.name, "schema": key.from.0,
            "table": key.from.1, "columns": key.columns, "to": key.references})).collect::<Vec<_>>(),
        "indexes": indexes,
        "constraints": constraints,
        "triggers": triggers,
        "policies": policies,
        "sql": sql,
    })))
}

/// `GET /api/definition`: only the SQL.
pub(super) async fn sql(State(studio): State<Shared>, Query(wish): Query<Name>) -> Answer {
    let sql = definition(&studio, &wish.schema, &wish.name).await?;
    Ok(Json(json!({ "sql": sql })))
}

/// What a column points to: alone, else as a part of a key.
fn references(name: &str, keys: &[ForeignKey]) -> Option<Value> {
    let place = |key: &ForeignKey| key.columns.iter().position(|column| column == name);
    let key = keys.iter().filter(|key| place(key).is_some()).min_by_key(|key| key.columns.len())?;
    let column = key.references.get(place(key)?)?;
    Some(json!({"schema": key.to.0, "name": key.to.1, "column": column}))
}

/// Names with definitions.
async fn parts(lease: &Lease, relation: &Relation, sql: &str) -> Result<Vec<Value>, Failure> {
    let rows = lease.query(sql, &[&relation.oid]).await?;
    Ok(rows
        .iter()
        .map(|row| json!({"name": row.get::<_, &str>(0), "definition": row.get::<_, &str>(1)}))
        .collect())
}
