//! The runner on a real PostgreSQL: what the tests share.

mod apply;
mod locks;
mod outside;
#[cfg(feature = "migrate-tokio")]
mod tokio;

use crate::engine::error::{Class, Error};
use crate::engine::history::{History, Migration};
use crate::engine::postgres::connect::Target;
use crate::engine::postgres::dry::{DryRun, dry_run};
use crate::engine::postgres::run::{Allow, Event, Report, RunOptions, migrate, status};
use crate::engine::postgres::section::apply_script;
use crate::engine::postgres::status::State;
use crate::engine::postgres::test_server::database;
use crate::engine::script::Script;
use postgres::{Client, NoTls};
use std::time::Duration;

fn history(migrations: &[(&str, &str)]) -> History {
    let read =
        |(id, up): &(&str, &str)| Migration::read(id, &format!("migrations/{id}"), up, None).expect("valid");
    History::new(migrations.iter().map(read).collect()).expect("valid")
}

fn options() -> RunOptions {
    RunOptions {
        lock_timeout: Duration::from_millis(100),
        lock_backoff: Duration::from_millis(50),
        wait_for_lock: Duration::from_secs(20),
        ..RunOptions::default()
    }
}

fn allowing(allow: Allow) -> RunOptions {
    RunOptions { allow: [allow].into(), ..options() }
}

fn run(client: &mut Client, migrations: &[(&str, &str)]) -> Result<Report, Error> {
    migrate(client, &history(migrations), &options(), &mut |_| {})
}

fn states(client: &mut Client, migrations: &[(&str, &str)]) -> Vec<State> {
    let status = status(client, &history(migrations), &options()).expect("status");
    status.migrations.iter().map(|m| m.state).collect()
}

fn ids(report: &Report) -> Vec<&str> {
    report.applied.iter().map(|applied| applied.id.as_str()).collect()
}

fn text(client: &mut Client, query: &str) -> String {
    client.query_one(query, &[]).expect("one row").get(0)
}

fn count(client: &mut Client, query: &str) -> i64 {
    client.query_one(query, &[]).expect("one row").get(0)
}

const A: (&str, &str) = ("1_a", "create table a (x int); insert into a values (1);");
const B: (&str, &str) = ("2_b", "create table b (x int);\n-- schema:section\ninsert into a values (2);");
