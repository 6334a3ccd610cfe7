//! The sessions of the server: who does what, and who waits for whom.

use super::failure::{Answer, Json};
use super::pool::Reading;
use super::state::Shared;
use axum::extract::State;
use serde_json::json;
use tokio_postgres::Row;

/// `GET /api/activity`: who does what, and who waits for whom.
pub(super) async fn activity(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(10)).await?;
    let sql = "SELECT a.pid, a.usename::text, a.state,
            extract(epoch FROM clock_timestamp() - COALESCE(CASE WHEN a.state = 'active' THEN a.query_start END,
                a.state_change))::float8,
            CASE WHEN a.wait_event_type IN ('Lock', 'LWLock', 'IO', 'BufferPin') THEN a.wait_event_type || ': ' || a.wait_event END,
            pg_blocking_pids(a.pid), left(a.query, 2000), a.application_name
        FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
        ORDER BY cardinality(pg_blocking_pids(a.pid)) DESC, a.state = 'active' DESC, 4 DESC NULLS LAST";
    let rows = lease.query(sql, &[]).await?;
    lease.rollback().await?;
    let session = |row: &Row| {
        json!({"pid": row.get::<_, i32>(0), "user": row.get::<_, Option<&str>>(1),
            "state": row.get::<_, Option<&str>>(2), "since_seconds": row.get::<_, Option<f64>>(3),
            "waiting_for": row.get::<_, Option<&str>>(4), "blocked_by": row.get::<_, Vec<i32>>(5),
            "query": row.get::<_, Option<&str>>(6), "application": row.get::<_, Option<&str>>(7)})
    };
    Ok(Json(json!({"sessions": rows.iter().map(session).collect::<Vec<_>>()})))
}
