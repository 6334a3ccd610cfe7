//! Fetches the rows of all queries: over one connection, or over two that see the same moment.

use super::rows::Rows;
use super::{SETTINGS, failed};
use crate::engine::error::Error;
use postgres::{Client, IsolationLevel, Statement, Transaction};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// From this many relations on, a second connection saves more than it costs.
const WORTH_ANOTHER: i64 = 1_000;

/// Queries that one session has prepared. To plan them takes PostgreSQL as long as to run them on a small database.
#[derive(Default)]
pub struct Plans(BTreeMap<String, Statement>);

/// The rows of each query, over this connection, which has or gets them prepared.
pub(super) fn fetch_again(
    transaction: &mut Transaction<'_>,
    queries: &[String],
    plans: &mut Plans,
) -> Result<Vec<Rows>, Error> {
    let mut found = Vec::with_capacity(queries.len());
    for query in queries {
        let statement = match plans.0.get(query) {
            Some(statement) => statement,
            None => {
                let statement = transaction.prepare(query).map_err(failed)?;
                plans.0.entry(query.clone()).or_insert(statement)
            }
        };
        found.push(Rows::fetch_prepared(transaction, statement)?);
    }
    Ok(found)
}

/// The rows of each query, in the order of the queries; they are run in the other order, those of a list by one session.
/// `another` opens a second
/// connection; it is asked only where the database is large, and where it fails one connection does it all.
pub(super) fn fetch(
    transaction: &mut Transaction<'_>,
    queries: &[String],
    order: &[Vec<usize>],
    another: Option<&dyn Fn() -> Result<Client, Error>>,
) -> Result<Vec<Rows>, Error> {
    let another = match another {
        Some(open) if is_large(transaction)? => open().ok(),
        Some(_) | None => None,
    };
    let next = AtomicUsize::new(0);
    let mut found = match another {
        None => take(transaction, queries, order, &next)?,
        Some(mut client) => {
            let snapshot: String =
                transaction.query_one("SELECT pg_export_snapshot()", &[]).map_err(failed)?.get(0);
            let mut second = at_snapshot(&mut client, &snapshot)?;
            let (mine, theirs) = std::thread::scope(|scope| {
                let theirs = scope.spawn(|| take(&mut second, queries, order, &next));
                (take(transaction, queries, order, &next), theirs.join())
            });
            let theirs = theirs.map_err(|_| Error::failed("the database could not be read"))?;
            let mut all = mine?;
            all.extend(theirs?);
            all
        }
    };
    found.sort_unstable_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, rows)| rows).collect())
}

fn is_large(transaction: &mut Transaction<'_>) -> Result<bool, Error> {
    let count = "SELECT count(*) FROM pg_class WHERE oid >= 16384";
    Ok(transaction.query_one(count, &[]).map_err(failed)?.get::<_, i64>(0) >= WORTH_ANOTHER)
}

/// A transaction that sees what the one sees that exported the snapshot.
fn at_snapshot<'a>(client: &'a mut Client, snapshot: &str) -> Result<Transaction<'a>, Error> {
    let build = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let mut transaction = build.start().map_err(failed)?;
    transaction.batch_execute(&format!("SET TRANSACTION SNAPSHOT '{snapshot}'")).map_err(failed)?;
    transaction.batch_execute(SETTINGS).map_err(failed)?;
    Ok(transaction)
}

/// Runs the next queries that nobody has taken, until there are none.
fn take(
    transaction: &mut Transaction<'_>,
    queries: &[String],
    order: &[Vec<usize>],
    next: &AtomicUsize,
) -> Result<Vec<(usize, Rows)>, Error> {
    let mut found = Vec::new();
    loop {
        let Some(some) = order.get(next.fetch_add(1, Ordering::Relaxed)) else { return Ok(found) };
        for at in some {
            found.push((*at, Rows::fetch(transaction, &queries[*at])?));
        }
    }
}
