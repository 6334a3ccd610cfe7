//! The SQL editor: statements one by one, each read in a transaction of its own that cannot write and is rolled back; with
//! writing on, all of them in one transaction.
//!
//! PostgreSQL itself says that a text is one statement: it refuses to prepare more than one. What was prepared is then
//! run by the simple protocol on the same session, because that gives every value as PostgreSQL's own text.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::session::lock;
use super::state::{Shared, Studio};
use super::statement::Statement;
use axum::extract::State;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio_postgres::{CancelToken, SimpleQueryMessage};

/// A statement of the editor may take so long; it can be cancelled.
pub(super) const LONGEST: Duration = Duration::from_secs(600);
const MOST_ROWS: usize = 10_000;
const MOST_BYTES: usize = 16 << 20;

#[derive(Deserialize)]
pub(super) struct Wish {
    id: String,
    sql: String,
    limit: Option<usize>,
    #[serde(default)]
    write: bool,
}

/// A statement that can be cancelled; when it is over, it cannot.
pub(super) struct Running<'a> {
    studio: &'a Studio,
    id: String,
}

impl<'a> Running<'a> {
    pub(super) fn note(studio: &'a Studio, id: &str, token: CancelToken) -> Self {
        lock(&studio.running).insert(id.to_owned(), token);
        Self { studio, id: id.to_owned() }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.studio.running).remove(&self.id);
    }
}

/// `POST /api/sql`.
pub(super) async fn sql(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    let statements = Statement::all(&wish.sql)?;
    if wish.write {
        studio.must_write()?;
    }
    for statement in &statements {
        statement.never(studio.permissions.ddl && wish.write)?;
    }
    let limit = wish.limit.unwrap_or(500).clamp(1, MOST_ROWS);
    let outcome = if wish.write {
        write(&studio, &wish.id, &statements, limit).await?
    } else {
        read(&studio, &wish.id, &statements, limit).await?
    };
    Ok(Json(json!({
        "results": outcome.results,
        "error": outcome.error.map(|failure| failure.object()),
        "notices": outcome.notices,
    })))
}

/// What came of several statements.
#[derive(Default)]
struct Outcome {
    results: Vec<Value>,
    error: Option<Failure>,
    notices: Vec<String>,
}

impl Outcome {
    /// Runs one more and remembers it; says whether the next one is to run.
    async fn add(
        &mut self,
        studio: &Shared,
        lease: &Lease,
        statement: &Statement<'_>,
        limit: usize,
        reads: bool,
    ) -> Result<bool, Failure> {
        let begun = Instant::now();
        let result = run(studio, lease, statement, limit, reads).await;
        let failed = result.as_ref().err().map(|failure| failure.message.as_str());
        studio.journal.remember(statement.sql, begun.elapsed().as_millis(), failed);
        match result {
            Ok(result) => self.results.push(result),
            Err(failure) if failure.status.is_server_error() => return Err(failure),
            Err(failure) => self.error = Some(at(failure, statement)),
        }
        Ok(self.error.is_none())
    }
}

async fn read(
    studio: &Shared,
    id: &str,
    statements: &[Statement<'_>],
    limit: usize,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    for (number, statement) in statements.iter().enumerate() {
        let lease = studio.reader.read(Reading::foreign(LONGEST, studio.viewer())).await?;
        if let Err(failure) = statement.only_reads(lease.power()) {
            lease.rollback().await?;
            if number == 0 {
                return Err(failure);
            }
            outcome.error = Some(failure);
            break;
        }
        let running = Running::note(studio, id, lease.cancel_token());
        let goes_on = outcome.add(studio, &lease, statement, limit, true).await?;
        drop(running);
        outcome.notices.extend(lease.notices());
        lease.end("ROLLBACK").await?;
        if !goes_on {
            break;
        }
    }
    Ok(outcome)
}

async fn write(
    studio: &Shared,
    id: &str,
    statements: &[Statement<'_>],
    limit: usize,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    let lease = studio.writer.write().await?;
    let running = Running::note(studio, id, lease.cancel_token());
    for statement in statements {
        if !outcome.add(studio, &lease, statement, limit, false).await? {
            break;
        }
    }
    drop(running);
    outcome.notices = lease.notices();
    if outcome.error.is_some() {
        lease.end("ROLLBACK").await?;
    } else if let Err(failure) = lease.end("COMMIT").await {
        // Deferred constraints speak up here.
        outcome.error = Some(failure);
    }
    let kept = if outcome.error.is_some() { "rolled back" } else { "committed" };
    for statement in statements {
        studio.journal.audit(statement.sql, kept);
    }
    if let Some(error) = &mut outcome.error {
        error.next.get_or_insert_with(|| "nothing was saved: the statements were one transaction".to_owned());
    }
    Ok(outcome)
}

/// The place of an error in the whole text, of which the statement is a part.
fn at(mut failure: Failure, statement: &Statement<'_>) -> Failure {
    match failure.position {
        Some(position) => {
            let before = statement.sql.chars().take(position.saturating_sub(1) as usize);
            let lines = before.filter(|c| *c == '\n').count();
            failure.line = Some(statement.line + u32::try_from(lines).unwrap_or(u32::MAX));
            failure.position = Some(position + statement.offset);
        }
        None => failure.line = Some(statement.line),
    }
    failure
}

/// PostgreSQL takes it for one statement, and nothing is left open in it.
pub(super) async fn one_statement(lease: &Lease, sql: &str) -> Result<tokio_postgres::Statement, Failure> {
    let prepared = lease.prepare(sql).await?;
    if prepared.params().is_empty() {
        return Ok(prepared);
    }
    Err(Failure::wrong("the statement has parameters ($1), and nothing to put there")
        .next("write the values"))
}

async fn run(
    studio: &Shared,
    lease: &Lease,
    statement: &Statement<'_>,
    limit: usize,
    reads: bool,
) -> Result<Value, Failure> {
    let prepared = one_statement(lease, statement.sql).await?;
    let types: Vec<(u32, i32)> =
        prepared.columns().iter().map(|column| (column.type_().oid(), column.type_modifier())).collect();
    let (oids, modifiers): (Vec<u32>, Vec<i32>) = types.into_iter().unzip();
    let sql = "SELECT pg_catalog.format_type(t, m) FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY u (t, m, o) ORDER BY o";
    let types = lease.query(sql, &[&oids, &modifiers]).await?;
    let columns = prepared.columns().iter().zip(&types);
    let columns: Vec<Value> =
        columns.map(|(column, of)| json!({"name": column.name(), "type": of.get::<_, &str>(0)})).collect();
    let begun = Instant::now();
    let mut messages = pin!(lease.simple_query_raw(statement.sql).await?);
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    let (mut bytes, mut more, mut count) = (0, false, None);
    while let Some(message) = messages.next().await {
        let row = match message {
            Ok(SimpleQueryMessage::Row(row)) => row,
            Ok(SimpleQueryMessage::CommandComplete(number)) => {
                count = Some(number);
                continue;
            }
            Ok(_) => continue,
            // We have asked for it, after the last row that is shown.
            Err(_) if more && reads => break,
            Err(error) => return Err(error.into()),
        };
        if more {
            continue;
        }
        bytes += (0..row.len()).filter_map(|index| row.get(index)).map(str::len).sum::<usize>();
        if rows.len() >= limit || (bytes > MOST_BYTES && !rows.is_empty()) {
            more = true;
            if reads {
                // What is still to come is not sent; if it comes all the same, it is passed over.
                let _ = studio.target.cancel(lease.cancel_token()).await;
            }
            continue;
        }
        rows.push((0..row.len()).map(|index| row.get(index).map(ToOwned::to_owned)).collect());
    }
    Ok(json!({
        "command": statement.command,
        "columns": columns,
        "rows": rows,
        "more": more,
        "count": count.filter(|_| !(more && reads)),
        "milliseconds": u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "sql": statement.sql,
    }))
}

#[derive(Deserialize)]
pub(super) struct Cancel {
    id: String,
}

/// `POST /api/sql/cancel`.
pub(super) async fn cancel(State(studio): State<Shared>, Body(wish): Body<Cancel>) -> Answer {
    let token = lock(&studio.running).get(&wish.id).cloned();
    let Some(token) = token else { return Ok(Json(json!({"cancelled": false}))) };
    studio.target.cancel(token).await?;
    Ok(Json(json!({"cancelled": true})))
}
