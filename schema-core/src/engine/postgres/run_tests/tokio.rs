//! The runner in an async program.

use super::*;
use crate::migrate::Embedded;
use crate::migrate::tokio as async_migrate;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const MIGRATIONS: &[Embedded] = &[
    Embedded { id: "1_a", up: "create table a ();\nselect pg_sleep(0.3);", down: None },
    Embedded {
        id: "2_b",
        up: "-- schema:section no-transaction\ncreate index concurrently i on a ((1));",
        down: None,
    },
];

/// Drives a future on one thread, as the smallest of programs would.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    ::tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

#[test]
fn an_async_program_migrates_itself() {
    let database = database();
    let config: tokio_postgres::Config = database.target().parse().expect("valid");
    let ticks = Arc::new(AtomicUsize::new(0));
    let report = block_on(async {
        let ticks = Arc::clone(&ticks);
        ::tokio::spawn(async move {
            loop {
                ::tokio::time::sleep(Duration::from_millis(20)).await;
                ticks.fetch_add(1, Ordering::SeqCst);
            }
        });
        async_migrate::run(&config, MIGRATIONS).await.expect("applied")
    });
    assert_eq!(ids(&report), ["1_a", "2_b"]);
    let ticks = ticks.load(Ordering::SeqCst);
    assert!(ticks >= 5, "other futures went on: {ticks}");
    let again = block_on(async_migrate::run_url(database.target(), MIGRATIONS)).expect("nothing to do");
    assert_eq!((ids(&again).len(), again.already), (0, 2));
}

#[test]
fn several_async_programs_at_once() {
    let database = database();
    let config: tokio_postgres::Config = database.target().parse().expect("valid");
    let mut applied = block_on(async {
        let start = || {
            let config = config.clone();
            ::tokio::spawn(async move { async_migrate::run(&config, MIGRATIONS).await })
        };
        let mut applied = Vec::new();
        for running in [start(), start(), start()] {
            applied.push(running.await.expect("no panic").expect("all succeed").applied.len());
        }
        applied
    });
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, 2]);
}

#[test]
fn errors_reach_an_async_program() {
    let database = database();
    let broken = [Embedded { id: "1_a", up: "create table a ();\nselect nothing;", down: None }];
    let error = block_on(async_migrate::run_url(database.target(), &broken)).expect_err("fails").to_string();
    assert!(error.contains("at 1_a/up.sql:2"), "{error}");
    let nowhere = "host=/nonexistent user=app sslmode=require".parse().expect("valid");
    let error = block_on(async_migrate::run(&nowhere, &broken)).expect_err("no server").to_string();
    assert!(error.contains("no server listens there"), "{error}");
}
