//! Online forms observed: what a statement outside of a transaction locks while it runs, and that nobody waits for it.

use crate::support::{catalog, load, scratch};
use postgres::{Client, NoTls};
use schema_core::engine::diff::diff;
use schema_core::engine::plan::{is_outside, plan_online};
use schema_core::engine::postgres::scratch::ScratchDb;
use schema_core::engine::step::{LockMode, Step};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const OLD: &str = "
    CREATE TABLE people (id bigint NOT NULL, email text, name text);
    CREATE INDEX people_name_idx ON people (name);
    CREATE INDEX people_email_idx ON people (email);
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    INSERT INTO people SELECT n, n, n FROM generate_series(1, 1000) n;";
const NEW: &str = "
    CREATE TABLE people (id bigint NOT NULL PRIMARY KEY, email text UNIQUE, name text);
    CREATE INDEX people_name_idx ON people (lower(name));
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
    CREATE INDEX events_at_idx ON events (at);
    CREATE TABLE events_1 (at date NOT NULL);
    CREATE INDEX events_1_at_idx ON events_1 (at);
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');";

#[test]
fn nobody_waits_for_what_runs_outside_of_a_transaction() {
    let mut scratch = scratch();
    let (mut from, mut to) = (load(&mut scratch, OLD), load(&mut scratch, NEW));
    let (old, new) = (catalog(&mut from), catalog(&mut to));
    let plan = plan_online(&diff(&old, &new), &old, &new).unwrap();
    let mut observed = 0;
    for section in &plan.sections {
        if !is_outside(section) {
            let mut transaction = from.client().transaction().unwrap();
            for step in section {
                transaction.batch_execute(&step.text()).unwrap();
            }
            transaction.commit().unwrap();
            continue;
        }
        for step in section {
            observe(&from, step);
            observed += 1;
        }
    }
    assert!(observed >= 7, "{observed} of {:#?}", plan.steps().map(Step::text).collect::<Vec<_>>());
    let rest = catalog(&mut from);
    assert!(diff(&rest, &new).is_empty());
}

/// Runs the Step while somebody else writes to its tables, and looks at its locks as it waits for them.
fn observe(db: &ScratchDb, step: &Step) {
    let connect = || Client::connect(&db.url(), NoTls).unwrap();
    let (mut writer, mut watcher, mut runner) = (connect(), connect(), connect());
    let pid: i32 = runner.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    let write = |client: &mut Client| {
        let locks: Vec<String> = step
            .locks
            .iter()
            .map(|(_, on)| format!("LOCK TABLE {on} IN ROW EXCLUSIVE MODE NOWAIT"))
            .collect();
        client.batch_execute(&format!("BEGIN; {}", locks.join("; "))).unwrap();
    };
    write(&mut writer);
    let sql = step.text();
    let running = std::thread::spawn(move || runner.batch_execute(&sql));
    let begun = Instant::now();
    let waits = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted";
    while watcher.query_one(waits, &[&pid]).unwrap().get::<_, i64>(0) == 0 {
        assert!(!running.is_finished(), "it did not wait for a writer: {}", step.text());
        assert!(begun.elapsed() < Duration::from_secs(20), "it neither waits nor ends: {}", step.text());
        std::thread::sleep(Duration::from_millis(10));
    }
    // Others write on.
    let mut other = connect();
    write(&mut other);
    let held = "SELECT c.relname::text, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
        WHERE l.pid = $1 AND l.granted AND c.relkind IN ('r', 'p')";
    let mut most: BTreeMap<String, LockMode> = BTreeMap::new();
    for row in watcher.query(held, &[&pid]).unwrap() {
        let found = most.entry(row.get(0)).or_insert(LockMode::AccessShare);
        *found = (*found).max(LockMode::of_pg_locks(row.get(1)));
    }
    for (said, table) in &step.locks {
        let held = most.get(table.name.as_str()).copied();
        // Detaching, it waits between two transactions, with no lock; what it takes a stronger one on, it takes only
        // once those who were there are gone.
        let right = if step.text().contains(" INDEX ") {
            held == Some(*said)
        } else {
            held.is_none_or(|held| held <= LockMode::ShareUpdateExclusive)
        };
        assert!(right, "{} is locked {held:?}, said was {said}: {}", table.short(), step.text());
    }
    drop((writer, other));
    running.join().unwrap().unwrap_or_else(|error| panic!("{error:?}: {}", step.text()));
}
