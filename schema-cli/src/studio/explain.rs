//! EXPLAIN of one statement, as PostgreSQL's JSON. What ANALYZE runs is always rolled back.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::pool::Reading;
use super::sql::{LONGEST, Running, one_statement};
use super::state::Shared;
use super::statement::{Kind, Statement};
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

#[derive(Deserialize)]
pub(super) struct Wish {
    id: String,
    sql: String,
    #[serde(default)]
    analyze: bool,
    #[serde(default)]
    buffers: bool,
}

/// `POST /api/explain`.
pub(super) async fn explain(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    let statements = Statement::all(&wish.sql)?;
    let [statement] = statements.as_slice() else {
        return Err(Failure::wrong("EXPLAIN takes one statement").next("select the one that is meant"));
    };
    statement.never(false)?;
    let writes = match statement.kind {
        Kind::Read => false,
        Kind::Write => wish.analyze || studio.must_write().is_ok(),
        Kind::Other | Kind::Schema | Kind::Transaction | Kind::Copy => {
            return Err(Failure::wrong(format!("there is no plan of {}", statement.command)));
        }
    };
    let lease = if writes {
        studio.must_write()?;
        studio.writer.write().await?
    } else {
        let lease = studio.reader.read(Reading::foreign(LONGEST, studio.viewer())).await?;
        if statement.kind == Kind::Read {
            statement.only_reads(lease.power())?;
        }
        lease
    };
    let running = Running::note(&studio, &wish.id, lease.cancel_token());
    let begun = Instant::now();
    // The statement alone first, so that it cannot end ours.
    one_statement(&lease, statement.sql).await?;
    let sql = format!(
        "EXPLAIN (FORMAT JSON, VERBOSE, ANALYZE {}, BUFFERS {}) {}",
        wish.analyze,
        wish.buffers && wish.analyze,
        statement.sql
    );
    one_statement(&lease, &sql).await?;
    let messages = lease.simple_query(&sql).await.map_err(Failure::from);
    drop(running);
    let messages = messages.map_err(|failure| {
        if statement.kind == Kind::Write && failure.has_code(&SqlState::INSUFFICIENT_PRIVILEGE) {
            return failure.next("turn writing on to see the plan of what writes");
        }
        failure
    })?;
    lease.end("ROLLBACK").await?;
    if writes && wish.analyze {
        studio.journal.audit(&format!("EXPLAIN ANALYZE {}", statement.sql), "rolled back");
    }
    let text: String = messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            SimpleQueryMessage::CommandComplete(_) | SimpleQueryMessage::RowDescription(_) | _ => None,
        })
        .collect();
    let plan: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::broken(format!("the plan cannot be read: {error}")))?;
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(json!({"plan": plan, "milliseconds": milliseconds})))
}
