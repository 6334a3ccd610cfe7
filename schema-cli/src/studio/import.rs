//! Rows out of a CSV: all of them or none, and a dry run that says what would fail.

use super::body::Body;
use super::csv::{self, Record};
use super::failure::{Answer, Failure, Json};
use super::pool::Lease;
use super::relation::{Column, Relation};
use super::sql_text::{Bound, table, typed};
use super::state::Shared;
use axum::extract::State;
use sea_query::{Alias, Expr, PostgresQueryBuilder, Query};
use serde::Deserialize;
use serde_json::{Value, json};

/// Rows of one statement; where it fails, they are tried one by one.
const BATCH: usize = 500;
/// PostgreSQL takes so many parameters at once.
const MOST_VALUES: usize = 60_000;
const MOST_ERRORS: usize = 100;

#[derive(Deserialize)]
pub(super) struct Wish {
    schema: String,
    name: String,
    text: String,
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/import`.
pub(super) async fn import(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    studio.must_write()?;
    let mut records = csv::read(&wish.text)
        .map_err(|(line, what)| Failure::wrong(format!("this is no CSV: {what}")).line(line))?;
    if records.is_empty() {
        return Err(Failure::wrong("there is no line with the names of the columns"));
    }
    let head = records.remove(0);
    let lease = studio.writer.write().await?;
    let relation = Relation::find(&lease, &wish.schema, &wish.name).await?;
    if !relation.takes_rows() {
        return Err(Failure::forbidden("a view takes no rows: import into its table"));
    }
    let columns = columns(&relation, &head)?;
    let mut errors = Vec::new();
    let (fit, odd): (Vec<Record>, Vec<Record>) =
        records.into_iter().partition(|record| record.fields.len() == columns.len());
    let count = fit.len() + odd.len();
    for record in odd {
        let message = format!("{} values for {} columns", record.fields.len(), columns.len());
        errors.push(json!({"line": record.line, "column": null, "message": message}));
    }
    let size = BATCH.min(MOST_VALUES / columns.len().max(1)).max(1);
    for batch in fit.chunks(size) {
        if errors.len() >= MOST_ERRORS {
            break;
        }
        if insert(&lease, &relation, &columns, batch).await?.is_none() {
            continue;
        }
        for record in batch {
            if let Some(failure) = insert(&lease, &relation, &columns, std::slice::from_ref(record)).await? {
                errors.push(error(record, &failure));
            }
        }
    }
    if errors.is_empty()
        && let Err(failure) = lease.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await
    {
        let failure = Failure::from(failure);
        errors.push(json!({"line": null, "column": failure.column, "message": failure.message}));
    }
    errors.truncate(MOST_ERRORS);
    let saved = if wish.dry_run || !errors.is_empty() {
        lease.rollback().await?;
        0
    } else {
        lease.commit().await?;
        let what = format!("-- import of {count} rows into {}.{}", relation.schema, relation.name);
        studio.journal.audit(&what, "committed");
        count
    };
    Ok(Json(json!({"rows": count, "errors": errors, "saved": saved})))
}

fn columns<'a>(relation: &'a Relation, head: &Record) -> Result<Vec<&'a Column>, Failure> {
    let mut columns: Vec<&Column> = Vec::new();
    for field in &head.fields {
        let name = field.as_deref().unwrap_or_default();
        let found = relation.column(name)?;
        if found.generated {
            return Err(Failure::wrong(format!("{name} is generated: leave it out")));
        }
        if columns.iter().any(|column| column.name == name) {
            return Err(Failure::wrong(format!("{name} stands twice in the first line")));
        }
        columns.push(found);
    }
    Ok(columns)
}

fn error(record: &Record, failure: &Failure) -> Value {
    let detail = failure.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
    json!({"line": record.line, "column": failure.column, "message": format!("{}{detail}", failure.message)})
}

/// What PostgreSQL has against these rows, if anything; then they are not there.
async fn insert(
    lease: &Lease,
    relation: &Relation,
    columns: &[&Column],
    records: &[Record],
) -> Result<Option<Failure>, Failure> {
    let mut insert = Query::insert();
    insert.into_table(table(relation)).columns(columns.iter().map(|column| Alias::new(&column.name)));
    for record in records {
        insert.values_panic(columns.iter().zip(&record.fields).map(|(column, field)| match field {
            Some(text) => typed(text, &column.cast),
            None => Expr::null(),
        }));
    }
    let bound = Bound::of(insert.build(PostgresQueryBuilder))?;
    lease.batch_execute("SAVEPOINT row").await?;
    let failure = match lease.execute(&bound.sql, &bound.values()).await {
        Ok(_) => None,
        Err(error) => {
            let failure = Failure::from(error);
            if failure.status.is_server_error() {
                return Err(failure);
            }
            lease.batch_execute("ROLLBACK TO SAVEPOINT row").await?;
            Some(failure)
        }
    };
    lease.batch_execute("RELEASE SAVEPOINT row").await?;
    Ok(failure)
}
