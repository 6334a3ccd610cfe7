//! Looks at a run from a second session: whom it waits for. A CREATE INDEX CONCURRENTLY waits for old transactions without
//! a limit, and PostgreSQL says nothing meanwhile.

use super::connect::Target;
use super::{lock, pooler};
use crate::engine::error::Error;
use postgres::Client;
use postgres::types::Type;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How often it looks; what takes less is never looked at, and costs no session.
const PAUSE: Duration = Duration::from_secs(5);
/// How often it says the same again.
const REPEAT: Duration = Duration::from_secs(60);

/// It looks until this value goes.
pub struct Watch {
    _stop: Sender<()>,
}

impl Watch {
    /// Begins to look at what this session does; `tell` gets a line.
    pub fn start(
        target: &Target,
        client: &mut Client,
        tell: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let backend = pooler::backend(client)?;
        let (stop, stopped) = mpsc::channel();
        let target = target.clone();
        std::thread::spawn(move || {
            let mut session: Option<Client> = None;
            let mut told: Option<(Vec<i32>, Instant)> = None;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(PAUSE) {
                // Only an explanation: a server that has no second session to give gives none.
                session = session.or_else(|| target.connect().ok());
                let Some(session) = session.as_mut() else { continue };
                let (pids, lines) = waits_for(session, backend);
                let again = told.as_ref().is_none_or(|(last, at)| *last != pids || at.elapsed() > REPEAT);
                if !pids.is_empty() && again {
                    lines.iter().for_each(|line| tell(&format!("waits for {line}")));
                    told = Some((pids, Instant::now()));
                }
            }
        });
        Ok(Self { _stop: stop })
    }
}

fn waits_for(session: &mut Client, backend: i32) -> (Vec<i32>, Vec<String>) {
    let query = "SELECT a.pid, a.application_name, a.usename::text, a.state, \
                 EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint, \
                 NULL::text, NULL::text, a.query, NULL::text \
                 FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (pg_catalog.pg_blocking_pids($1)) \
                 ORDER BY a.xact_start NULLS LAST LIMIT 5";
    let rows = session.query_typed(query, &[(&backend, Type::INT4)]).unwrap_or_default();
    (rows.iter().map(|row| row.get(0)).collect(), rows.iter().map(lock::describe_blocker).collect())
}
