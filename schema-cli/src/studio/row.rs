//! One row, and where it leads: the rows that it points to, and those that point to it.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::relation::Relation;
use super::rows::versioned;
use super::sql_text::{Bound, as_text, column, table, typed};
use super::state::Shared;
use super::table::{ForeignKey, foreign_keys};
use axum::extract::State;
use sea_query::{Alias, Expr, ExprTrait, Query};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tokio_postgres::error::SqlState;

/// Rows that point here are counted so far, and for so many foreign keys.
const COUNTED: u64 = 1000;
const MOST_KEYS: usize = 40;

#[derive(Deserialize)]
pub(super) struct Wish {
    schema: String,
    name: String,
    key: BTreeMap<String, Option<String>>,
}

/// `POST /api/row`.
pub(super) async fn row(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    let lease = studio.reader.read(Reading::ours(15)).await?;
    let relation = Relation::find(&lease, &wish.schema, &wish.name).await?;
    if wish.key.is_empty() {
        return Err(Failure::wrong("nothing says which row is meant"));
    }
    let mut select = Query::select();
    let has_version = versioned(&relation);
    select.expr(if has_version { as_text(column("xmin")) } else { Expr::null() });
    for one in &relation.columns {
        select.expr(as_text(column(&one.name)));
    }
    select.from(table(&relation)).limit(1);
    for (name, value) in &wish.key {
        let of = relation.column(name)?;
        select.and_where(match value {
            Some(value) => column(&of.name).eq(typed(value, &of.cast)),
            None => column(&of.name).is_null(),
        });
    }
    let bound = Bound::select(&select)?;
    let Some(found) = lease.query_opt(&bound.sql, &bound.values()).await? else {
        lease.rollback().await?;
        return Err(Failure::missing("there is no such row"));
    };
    let cells: Vec<Option<String>> = (0..relation.columns.len()).map(|index| found.get(index + 1)).collect();
    let version: Option<String> = if has_version { found.get(0) } else { None };
    let value = |name: &String| {
        let at = relation.columns.iter().position(|column| column.name == *name)?;
        cells[at].clone()
    };
    let hop = |from: &[String], to: &[String]| -> Option<Map<String, Value>> {
        from.iter().zip(to).map(|(from, to)| Some((to.clone(), value(from)?.into()))).collect()
    };
    let out = foreign_keys(&lease, relation.oid, false).await?;
    let out: Vec<Value> = out
        .iter()
        .filter_map(|key| {
            let wanted = hop(&key.columns, &key.references)?;
            Some(json!({"name": key.name, "schema": key.to.0, "table": key.to.1, "where": wanted}))
        })
        .collect();
    let incoming = foreign_keys(&lease, relation.oid, true).await?;
    lease.rollback().await?;
    // Counting may take long; then there is no number.
    let mut lease = Some(studio.reader.read(Reading::ours(2)).await?);
    let mut back = Vec::new();
    for key in &incoming {
        let Some(wanted) = hop(&key.references, &key.columns) else { continue };
        let mut number = None;
        if let Some(held) = lease.as_ref().filter(|_| back.len() < MOST_KEYS) {
            match count(held, key, &wanted).await {
                Ok(counted) => number = Some(counted),
                Err(failure) if failure.has_code(&SqlState::QUERY_CANCELED) => lease = None,
                // Without the right to look there is no number either.
                Err(failure) if failure.has_code(&SqlState::INSUFFICIENT_PRIVILEGE) => lease = None,
                Err(failure) => return Err(failure),
            }
        }
        back.push(json!({"name": key.name, "schema": key.from.0, "table": key.from.1, "where": wanted,
            "count": number}));
    }
    if let Some(lease) = lease {
        lease.rollback().await?;
    }
    Ok(Json(json!({
        "columns": relation.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        "row": cells,
        "version": version,
        "out": out,
        "in": back,
    })))
}

/// How many rows point here, up to a limit.
async fn count(lease: &Lease, key: &ForeignKey, wanted: &Map<String, Value>) -> Result<i64, Failure> {
    let relation = Relation::find(lease, &key.from.0, &key.from.1).await?;
    let mut some = Query::select();
    some.expr(Expr::cust("1")).from(table(&relation)).limit(COUNTED);
    for (name, value) in wanted {
        let of = relation.column(name)?;
        some.and_where(column(&of.name).eq(typed(value.as_str().unwrap_or_default(), &of.cast)));
    }
    let mut select = Query::select();
    select.expr(Expr::cust("count(*)")).from_subquery(some, Alias::new("some"));
    let bound = Bound::select(&select)?;
    Ok(lease.query_one(&bound.sql, &bound.values()).await?.get(0))
}
