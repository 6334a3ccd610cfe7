//! Rows out of a CSV: all of them or none, and a dry run that says what would fail.

use super::body::Body;
use super::csv::{self, Record};
use super::failure::{Answer, Failure, Json};
use super::relation::{Column, Named, Relation};
use super::sql_text::{Bound, overriding, table, typed};
use super::state::Shared;
use axum::extract::State;
use sea_query::{Alias, Expr, PostgresQueryBuilder, Query};
use serde::Deserialize;
use serde_json::json;

/// Rows of one statement; where it fails, they are tried one by one.
const BATCH: usize = 500;
/// PostgreSQL takes so many parameters at once.
const MOST_VALUES: usize = 60_000;
const MOST_ERRORS: usize = 100;

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(flatten)]
    of: Named,
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
    let relation = Relation::find(&lease, &wish.of).await?;
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
        if lease.attempt(&insert(&relation, &columns, batch)?).await?.is_ok() {
            continue;
        }
        for record in batch {
            let one = insert(&relation, &columns, std::slice::from_ref(record))?;
            if let Err(failure) = lease.attempt(&one).await? {
                let column = &failure.column;
                errors.push(json!({"line": record.line, "column": column, "message": failure.full()}));
            }
        }
    }
    if errors.is_empty()
        && let Err(failure) = lease.constraints().await?
    {
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

/// The statement that adds these rows.
fn insert(relation: &Relation, columns: &[&Column], records: &[Record]) -> Result<Bound, Failure> {
    let mut insert = Query::insert();
    insert.into_table(table(relation)).columns(columns.iter().map(|column| Alias::new(&column.name)));
    for record in records {
        insert.values_panic(columns.iter().zip(&record.fields).map(|(column, field)| match field {
            Some(text) => typed(text, &column.cast),
            None => Expr::null(),
        }));
    }
    let (sql, values) = insert.build(PostgresQueryBuilder);
    Bound::of((overriding(relation, columns, sql)?, values))
}
