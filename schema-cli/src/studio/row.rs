//! One row, and where it leads: the rows that it points to, and those that point to it.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::foreign_key::ForeignKey;
use super::pool::{Lease, Reading};
use super::relation::{Named, Relation};
use super::sql_text::{Bound, has, select_from, select_rows};
use super::state::Shared;
use axum::extract::State;
use sea_query::{Alias, Expr, Query};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tokio_postgres::error::SqlState;

/// Rows that point here are counted so far, and for so many foreign keys.
const COUNTED: u64 = 1000;
const MOST_KEYS: usize = 40;

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(flatten)]
    of: Named,
    key: BTreeMap<String, Option<String>>,
}

/// `POST /api/row`.
pub(super) async fn row(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    let (lease, relation) = wish.of.open(&studio, 15).await?;
    if wish.key.is_empty() {
        return Err(Failure::wrong("nothing says which row is meant"));
    }
    let meant: Vec<Expr> = wish
        .key
        .iter()
        .map(|(name, value)| Ok(has(relation.column(name)?, value.as_deref())))
        .collect::<Result<_, Failure>>()?;
    let bound = Bound::select(select_rows(&relation, meant).limit(1))?;
    let rows = lease.rows(&bound).await?;
    let Some(found) = rows.first() else {
        lease.rollback().await?;
        return Err(Failure::missing("there is no such row"));
    };
    let cells: Vec<Option<String>> = (0..relation.columns.len()).map(|index| found.get(index + 1)).collect();
    let version: Option<String> = found.get(0);
    let value = |name: &String| {
        let at = relation.columns.iter().position(|column| column.name == *name)?;
        cells[at].clone()
    };
    let hop = |from: &[String], to: &[String]| -> Option<Map<String, Value>> {
        from.iter().zip(to).map(|(from, to)| Some((to.clone(), value(from)?.into()))).collect()
    };
    let out = ForeignKey::of(&lease, relation.oid).await?;
    let out: Vec<Value> = out
        .iter()
        .filter_map(|key| {
            let wanted = hop(&key.from.columns, &key.to.columns)?;
            Some(json!({"name": key.name, "schema": key.to.table.schema, "table": key.to.table.name, "where": wanted}))
        })
        .collect();
    let incoming = ForeignKey::to(&lease, relation.oid).await?;
    lease.rollback().await?;
    // Counting may take long; then there is no number.
    let mut lease = Some(studio.reader.read(Reading::rows(2, studio.viewer())).await?);
    let mut back = Vec::new();
    for key in &incoming {
        let Some(wanted) = hop(&key.to.columns, &key.from.columns) else { continue };
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
        back.push(json!({"name": key.name, "schema": key.from.table.schema, "table": key.from.table.name,
            "where": wanted, "count": number}));
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
    let relation = Relation::find(lease, &key.from.table).await?;
    let meant = wanted.iter().map(|(name, value)| Ok(has(relation.column(name)?, value.as_str())));
    let mut some = select_from(&relation, meant.collect::<Result<Vec<_>, Failure>>()?);
    some.expr(Expr::cust("1")).limit(COUNTED);
    let mut select = Query::select();
    select.expr(Expr::cust("count(*)")).from_subquery(some, Alias::new("some"));
    let bound = Bound::select(&select)?;
    Ok(lease.rows(&bound).await?[0].get(0))
}
