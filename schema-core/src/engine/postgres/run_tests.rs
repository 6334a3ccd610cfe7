//! The runner on a real PostgreSQL.

use super::connect::Target;
use super::run::{Allow, Event, Report, RunOptions, dry_run, migrate, status};
use super::section::apply_script;
use super::status::State;
use super::test_server::{config, connect, database, directory, port};
use crate::engine::error::{Class, Error};
use crate::engine::history::{History, Migration};
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

#[test]
fn applies_what_is_pending_and_only_once() {
    let mut client = connect(&database());
    let mut events = Vec::new();
    let report = migrate(&mut client, &history(&[A, B]), &options(), &mut |event| {
        events.push(match event {
            Event::Started { id, section, sections } => format!("{id} {section}/{sections}"),
            Event::Applied { id, .. } => format!("{id} applied"),
            Event::Finished { .. } => "finished".to_owned(),
            Event::Waiting { .. } | Event::Retrying { .. } | Event::DroppedInvalid { .. } => {
                "unexpected".to_owned()
            }
        });
    });
    let report = report.expect("applied");
    assert_eq!(ids(&report), ["1_a", "2_b"]);
    assert_eq!((report.applied[1].sections, report.already), (2, 0));
    let expected =
        ["1_a 1/1", "finished", "1_a applied", "2_b 1/2", "finished", "2_b 2/2", "finished", "2_b applied"];
    assert_eq!(events, expected);

    let again = run(&mut client, &[A, B]).expect("nothing to do");
    assert_eq!((ids(&again).len(), again.already), (0, 2));
    assert_eq!(count(&mut client, "select count(*) from a"), 2);
    let status = status(&mut client, &history(&[A, B]), &options()).expect("status");
    let row = status.migrations[1].recorded.as_ref().expect("recorded");
    assert_eq!(
        (row.by.as_str(), row.sections, row.done, row.tool.as_str()),
        ("postgres", 2, 2, env!("CARGO_PKG_VERSION"))
    );
    assert!(row.at.starts_with("20") && row.at.ends_with('Z') && row.at.len() == 20, "{}", row.at);
    assert_eq!(
        count(
            &mut client,
            "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
        ),
        0
    );
}

#[test]
fn status_and_dry_run_leave_no_trace() {
    let mut client = connect(&database());
    let before = count(&mut client, "select count(*) from pg_class");
    assert_eq!(states(&mut client, &[A, B]), [State::Pending, State::Pending]);
    let sql = dry_run(&mut client, &history(&[A, B]), &options()).expect("sql");
    assert_eq!(run(&mut client, &[]).expect("nothing"), Report::default());
    assert_eq!(count(&mut client, "select count(*) from pg_class"), before);
    // The SQL is what a run does, ledger included.
    client.batch_execute(&sql).expect("runs as it is");
    assert_eq!(states(&mut client, &[A, B]), [State::Applied, State::Applied]);
    assert_eq!(run(&mut client, &[A, B]).expect("nothing").already, 2);
    assert_eq!(dry_run(&mut client, &history(&[A, B]), &options()).expect("sql"), "");
}

#[test]
fn resumes_after_a_failing_statement() {
    let mut client = connect(&database());
    let broken = (
        "2_b",
        "create table b (x int);\n-- schema:section\ninsert into b values (1);\n\nselect 1,\n  2 / nothing;\n-- schema:section\nselect 3",
    );
    let error = run(&mut client, &[A, broken, ("3_c", "select 1")]).expect_err("fails").to_string();
    let expected = "2_b stopped in section 2 of 3; section 1 is applied
column \"nothing\" does not exist (SQLSTATE 42703)
  in: select 1, 2 / nothing
applied in this run: 1_a
not applied: 3_c
  at migrations/2_b/up.sql:6
  next: the next run goes on with section 2";
    assert_eq!(error, expected);
    assert_eq!(count(&mut client, "select count(*) from b"), 0);
    let history_ = history(&[A, broken]);
    let seen = status(&mut client, &history_, &options()).expect("status");
    assert_eq!(seen.migrations[1].state, State::HalfApplied);
    let row = seen.migrations[1].recorded.as_ref().expect("recorded");
    assert_eq!((row.done, row.sections), (1, 3));
    assert_eq!(row.failure(), Some("column \"nothing\" does not exist (SQLSTATE 42703)"));

    let mended = ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);");
    let report = run(&mut client, &[A, mended, ("3_c", "select 1")]).expect("resumed");
    assert_eq!(ids(&report), ["2_b", "3_c"]);
    assert_eq!(report.applied[0].sections, 1);
    assert_eq!(count(&mut client, "select count(*) from b"), 1);
    assert_eq!(states(&mut client, &[A, mended]), [State::Applied, State::Applied, State::Missing]);
}

#[test]
fn a_half_applied_file_may_lose_the_rest_but_not_what_ran() {
    let mut client = connect(&database());
    run(&mut client, &[("1_a", "create table a ();\n-- schema:section\nselect 1/0")]).expect_err("fails");
    let other = run(&mut client, &[("1_a", "create table other ();")]).expect_err("refused");
    assert_eq!(other.class, Class::Refused);
    assert!(other.to_string().contains("restore the sections of 1_a that have run"), "{other}");
    let allowed = migrate(
        &mut client,
        &history(&[("1_a", "create table other ();")]),
        &allowing(Allow::Edited),
        &mut |_| {},
    );
    assert_eq!(allowed.expect_err("still refused").class, Class::Refused);
    assert_eq!(ids(&run(&mut client, &[("1_a", "create table a ();")]).expect("done")), ["1_a"]);
    assert_eq!(states(&mut client, &[("1_a", "create table a ();")]), [State::Applied]);
}

const KILL: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
    where datname = current_database() and pid <> pg_backend_pid() and query like ";

#[test]
fn a_lost_connection_resumes() {
    let name = database();
    let slow = [
        A,
        (
            "2_b",
            "create table b (x int);\n-- schema:section\ninsert into b values (1);\nselect pg_sleep(30);",
        ),
    ];
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut killer = connect(&name);
            while count(&mut killer, &format!("{KILL} 'select pg_sleep%'")) == 0 {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        run(&mut connect(&name), &slow).expect_err("killed").to_string()
    });
    let expected = "2_b stopped in section 2 of 2; section 1 is applied
terminating connection due to administrator command (SQLSTATE 57P01)
  in: select pg_sleep(30)
applied in this run: 1_a
  at migrations/2_b/up.sql:4
  next: connect and run again: where a section was through after all, the ledger knows it
  then: the next run goes on with section 2";
    assert_eq!(error, expected);
    let mut client = connect(&name);
    assert_eq!(states(&mut client, &slow), [State::Applied, State::HalfApplied]);
    let quick = [A, ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);")];
    assert_eq!(ids(&run(&mut client, &quick).expect("resumed")), ["2_b"]);
    assert_eq!(count(&mut client, "select count(*) from b"), 1);
}

#[test]
fn a_connection_lost_between_sections_resumes() {
    let name = database();
    let mut killer = connect(&name);
    let error = migrate(&mut connect(&name), &history(&[A, B]), &options(), &mut |event| {
        if matches!(event, Event::Started { id: "2_b", section: 2, .. }) {
            assert_eq!(count(&mut killer, &format!("{KILL} '%'")), 1);
        }
    });
    let error = error.expect_err("killed").to_string();
    assert!(
        error.contains("2_b stopped in section 2 of 2") && error.contains("connect and run again"),
        "{error}"
    );
    let report = run(&mut connect(&name), &[A, B]).expect("resumed");
    assert_eq!((ids(&report), report.applied[0].sections), (vec!["2_b"], 1));
    assert_eq!(count(&mut connect(&name), "select count(*) from a"), 2);
}

#[test]
fn two_runs_at_once() {
    let name = database();
    let migrations = [("1_a", "select pg_sleep(0.5); create table a ();")];
    let one = || {
        let mut waited = String::new();
        let report = migrate(&mut connect(&name), &history(&migrations), &options(), &mut |event| {
            if let Event::Waiting { holder, .. } = event {
                waited = (*holder).to_owned();
            }
        });
        (ids(&report.expect("both succeed")).len(), waited)
    };
    let mut results = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    results.sort();
    assert_eq!((results[0].0, results[1].0), (0, 1));
    assert!(results[0].1.contains("application schema test, user postgres"), "{:?}", results[0]);
    assert_eq!(results[1].1, "");
}

#[test]
fn who_waits_too_long_is_told_who_holds_the_lock() {
    let name = database();
    let (mut holder, mut client) = (connect(&name), connect(&name));
    let mut held = None;
    let impatient = RunOptions { wait_for_lock: Duration::from_millis(300), ..options() };
    migrate(&mut holder, &history(&[A]), &options(), &mut |event| {
        if matches!(event, Event::Started { .. }) {
            held = Some(migrate(&mut client, &history(&[A]), &impatient, &mut |_| {}));
        }
    })
    .expect("applied");
    let error = held.expect("tried").expect_err("waited").to_string();
    assert!(error.contains("another migration run holds the lock of this database: pid "), "{error}");
    // Another ledger is another history.
    let elsewhere = RunOptions { ledger_schema: "elsewhere".to_owned(), ..impatient };
    let mut ran = None;
    migrate(&mut holder, &history(&[A, ("2_b", "select 1")]), &options(), &mut |event| {
        if matches!(event, Event::Started { .. }) {
            ran = Some(migrate(&mut client, &history(&[("1_x", "select 1")]), &elsewhere, &mut |_| {}));
        }
    })
    .expect("applied");
    assert_eq!(ids(&ran.expect("tried").expect("not locked")), ["1_x"]);
}

#[test]
fn retries_where_a_lock_is_held() {
    let name = database();
    let (mut client, mut other) = (connect(&name), connect(&name));
    run(&mut client, &[A]).expect("applied");
    let alter = [A, ("2_b", "alter table a add y int;")];
    let mut blocker = Some(other.transaction().expect("begun"));
    blocker.as_mut().expect("held").batch_execute("select * from a").expect("locked");
    let mut seen = Vec::new();
    let report = migrate(&mut client, &history(&alter), &options(), &mut |event| {
        if let Event::Retrying { reason, blockers, .. } = event {
            seen.push((reason.to_string(), blockers.to_vec()));
            if seen.len() == 2 {
                drop(blocker.take());
            }
        }
    });
    assert_eq!(ids(&report.expect("applied in the end")), ["2_b"]);
    assert_eq!(seen.len(), 2);
    assert!(seen[0].0.contains("lock timeout (SQLSTATE 55P03)"), "{seen:?}");
    assert!(
        seen[0].1[0].contains("idle in transaction") && seen[0].1[0].contains("AccessShareLock on a"),
        "{seen:?}"
    );
}

#[test]
fn gives_up_in_the_end() {
    let name = database();
    let (mut client, mut other) = (connect(&name), connect(&name));
    run(&mut client, &[A]).expect("applied");
    let mut blocker = other.transaction().expect("begun");
    blocker.batch_execute("lock table a").expect("locked");
    let once = RunOptions { lock_retries: 1, ..options() };
    let error = migrate(
        &mut client,
        &history(&[A, ("2_b", "create table b ();\ndrop table a;")]),
        &once,
        &mut |_| {},
    );
    let error = error.expect_err("gave up").to_string();
    assert!(error.contains("could not get a lock in 2 tries of 100 ms"), "{error}");
    assert!(error.contains("in the way: pid ") && error.contains("AccessExclusiveLock on a"), "{error}");
    assert!(error.contains("at migrations/2_b/up.sql:2"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'b'"), 0);
}

#[test]
fn edited_missing_and_out_of_order_are_refused_before_anything_runs() {
    let mut client = connect(&database());
    run(&mut client, &[A, ("5_e", "select 5")]).expect("applied");
    type Case<'a> = (&'a [(&'a str, &'a str)], Allow, &'a str);
    let cases: [Case<'_>; 3] = [
        (
            &[("1_a", "create table a (y int);"), ("5_e", "select 5"), ("6_f", "create table f ()")],
            Allow::Edited,
            "1_a was edited after it ran",
        ),
        (&[A, ("7_g", "create table g ()")], Allow::Missing, "5_e has run here"),
        (
            &[
                A,
                ("3_c", "create table c ()"),
                ("5_e", "select 5"),
                ("6_f", "create table f ()"),
                ("7_g", "create table g ()"),
            ],
            Allow::OutOfOrder,
            "3_c has not run, but a later",
        ),
    ];
    for (migrations, allow, what) in cases {
        let tables = "select count(*) from pg_class where relname in ('c', 'f', 'g')";
        let before = count(&mut client, tables);
        let error = run(&mut client, migrations).expect_err("refused");
        assert_eq!(error.class, Class::Refused);
        let error = error.to_string();
        assert!(error.contains(what) && error.contains(&format!("`--allow {}`", allow.name())), "{error}");
        assert_eq!(count(&mut client, tables), before);
        assert!(dry_run(&mut client, &history(migrations), &options()).is_err());
        migrate(&mut client, &history(migrations), &allowing(allow), &mut |_| {}).expect("allowed");
        assert!(count(&mut client, tables) > before);
    }
    // A comment is not an edit.
    let commented = [("1_a", "-- c\ncreate  table a (x int);\r\ninsert into a values (1) -- d")];
    let error = run(&mut client, &commented).expect_err("the others are missing").to_string();
    assert!(!error.contains("edited"), "{error}");
}

#[test]
fn to_stops_there() {
    let mut client = connect(&database());
    let all = [A, ("20261122093000_b", "select 1"), ("20261122093001_c", "select 2")];
    let to = |to: &str| RunOptions { to: Some(to.to_owned()), ..options() };
    let mut go = |to_: &str| migrate(&mut client, &history(&all), &to(to_), &mut |_| {});
    assert_eq!(ids(&go("1_a").expect("applied")), ["1_a"]);
    assert_eq!(ids(&go("b").expect("applied")), ["20261122093000_b"]);
    assert!(go("2026112209").expect_err("two").to_string().contains("may be each of"));
    let error = go("20261122093001_d").expect_err("none");
    assert_eq!(error.class, Class::Usage);
    assert!(error.to_string().contains("did you mean 20261122093001_c?"), "{error}");
    assert_eq!(ids(&go("20261122093001").expect("applied")), ["20261122093001_c"]);
}

#[test]
fn sections_outside_of_a_transaction() {
    let mut client = connect(&database());
    let migrations = [
        A,
        (
            "2_b",
            "-- schema:section no-transaction\ncreate index concurrently i on a (x);\n-- schema:section\nselect 1;\n-- schema:section no-transaction\nvacuum a;",
        ),
    ];
    assert_eq!(ids(&run(&mut client, &migrations).expect("applied")), ["1_a", "2_b"]);
    assert_eq!(
        count(&mut client, "select count(*) from pg_index where indexrelid = 'i'::regclass and indisvalid"),
        1
    );
    let inside = [A, migrations[1], ("3_c", "create index concurrently j on a (x)")];
    let error = run(&mut client, &inside).expect_err("not in a transaction").to_string();
    assert!(error.contains("put `-- schema:section no-transaction` before it"), "{error}");
}

#[test]
fn an_invalid_index_is_dropped_and_built_again() {
    let mut client = connect(&database());
    let unique = (
        "2_b",
        "-- schema:section no-transaction\ncreate unique index concurrently if not exists \"I\" on a (x);",
    );
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("insert into a values (1)").expect("a duplicate");
    let error = run(&mut client, &[A, unique]).expect_err("not unique").to_string();
    assert!(
        error.contains("SQLSTATE 23505") && error.contains("DETAIL: Key (x)=(1) is duplicated"),
        "{error}"
    );
    let invalid = "select count(*) from pg_index where not indisvalid";
    assert_eq!(count(&mut client, invalid), 1);
    // What is recorded is no data of rows.
    assert_eq!(
        text(&mut client, "select error from schema_history.ledger_section where error is not null"),
        "could not create unique index \"I\" (SQLSTATE 23505)"
    );
    client.batch_execute("delete from a").expect("no duplicates");
    let mut dropped = Vec::new();
    migrate(&mut client, &history(&[A, unique]), &options(), &mut |event| {
        if let Event::DroppedInvalid { index, .. } = event {
            dropped.push((*index).to_owned());
        }
    })
    .expect("built");
    assert_eq!(dropped, ["public.\"I\""]);
    assert_eq!(count(&mut client, invalid), 0);
    assert_eq!(count(&mut client, "select count(*) from pg_index where indexrelid = '\"I\"'::regclass"), 1);
}

#[test]
fn a_foreign_invalid_index_is_not_taken_for_ours() {
    let mut client = connect(&database());
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("insert into a values (1)").expect("a duplicate");
    client.batch_execute("create unique index concurrently i on a (x)").expect_err("left invalid");
    let migrations =
        [A, ("2_b", "-- schema:section no-transaction\ncreate index concurrently if not exists i on a (x);")];
    let error = run(&mut client, &migrations).expect_err("skipped by PostgreSQL").to_string();
    assert!(error.contains("the index public.i is there, but INVALID"), "{error}");
}

#[test]
fn cut_off_outside_of_a_transaction() {
    let mut client = connect(&database());
    let index = ("2_b", "-- schema:section no-transaction\ncreate index concurrently i on a (x);");
    let value = ("3_c", "-- schema:section no-transaction\nalter type e add value 'x';");
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("create type e as enum ()").expect("a type");
    // As a killed process leaves it: begun, and perhaps through.
    let cut = |client: &mut Client, migration: (&str, &str)| {
        let history = history(&[migration]);
        let ledger = super::ledger::Ledger::new(super::ledger::DEFAULT_SCHEMA);
        let sql = ledger.section_sql(&history.0[0], 1, &super::status::Outcome::Started);
        client.batch_execute(&sql).expect("recorded");
    };
    cut(&mut client, index);
    client.batch_execute("create index i on a (x)").expect("through");
    assert_eq!(states(&mut client, &[A, index]), [State::Applied, State::HalfApplied]);
    assert_eq!(ids(&run(&mut client, &[A, index]).expect("through")), ["2_b"]);

    cut(&mut client, value);
    let error = run(&mut client, &[A, index, value]).expect_err("not known");
    assert_eq!(error.class, Class::Refused);
    assert!(error.to_string().contains("`--allow rerun`"), "{error}");
    migrate(&mut client, &history(&[A, index, value]), &allowing(Allow::Rerun), &mut |_| {})
        .expect("ran again");
    assert_eq!(text(&mut client, "select enum_range(null::e)::text"), "{x}");
}

#[test]
fn ledger_in_a_chosen_schema() {
    let mut client = connect(&database());
    for schema in ["public", "we\"ird 🦀 'x\\y", "user"] {
        let chosen = RunOptions { ledger_schema: schema.to_owned(), ..options() };
        let migrations = history(&[("1_'a\\", "select 1;\n-- schema:section\nselect '🦀'")]);
        let report = migrate(&mut client, &migrations, &chosen, &mut |_| {}).expect(schema);
        assert_eq!(ids(&report), ["1_'a\\"]);
        let seen = status(&mut client, &migrations, &chosen).expect("status");
        assert_eq!(seen.migrations[0].state, State::Applied);
    }
    assert_eq!(count(&mut client, "select count(*) from pg_namespace where nspname = 'schema_history'"), 0);
}

#[test]
fn status_of_a_role_that_may_only_read() {
    let name = database();
    let mut client = connect(&name);
    run(&mut client, &[A]).expect("applied");
    client.batch_execute(&format!("create role reader_{name} login")).expect("a role");
    let mut reader = config(&name);
    let mut reader = reader
        .user(&format!("reader_{name}"))
        .options("-c default_transaction_read_only=on")
        .connect(NoTls)
        .expect("a session");
    let error = status(&mut reader, &history(&[A]), &options()).expect_err("no privilege").to_string();
    assert!(error.contains("GRANT USAGE ON SCHEMA schema_history"), "{error}");
    client.batch_execute(&format!("grant usage on schema schema_history to reader_{name}; grant select on all tables in schema schema_history to reader_{name}")).expect("granted");
    assert_eq!(states(&mut reader, &[A, B]), [State::Applied, State::Pending]);
    let error = run(&mut reader, &[A, B]).expect_err("read only");
    assert!(error.to_string().contains("connect to the primary server"), "{error}");
    client.batch_execute(&format!("drop owned by reader_{name}; drop role reader_{name}")).ok();
}

#[test]
fn a_migration_cannot_bend_the_session_of_the_next() {
    let mut client = connect(&database());
    client
        .batch_execute(
            "create schema tenant; create role bent; set search_path = tenant; set work_mem = '5MB'",
        )
        .expect("set");
    let migrations = [
        (
            "1_a",
            "select pg_catalog.set_config('search_path', '', false); set statement_timeout = 1; set role bent;",
        ),
        ("2_b", "create table t (); select pg_sleep(0.05);"),
    ];
    run(&mut client, &migrations).expect("applied");
    assert_eq!(count(&mut client, "select count(*) from pg_class where oid = 'tenant.t'::regclass"), 1);
    assert_eq!(text(&mut client, "show search_path"), "tenant");
    assert_eq!(text(&mut client, "show work_mem"), "5MB");
    assert_eq!(text(&mut client, "show statement_timeout"), "0");
    assert_eq!(text(&mut client, "select current_user::text"), "postgres");
    client.batch_execute("reset search_path; drop schema tenant cascade; drop role bent").expect("clean");
}

#[test]
fn deferred_constraints_fail_at_the_commit() {
    let mut client = connect(&database());
    let up = "create table p (x int primary key);\ncreate table c (x int references p deferrable initially deferred);\ninsert into c values (1);";
    let error = run(&mut client, &[("1_a", up)]).expect_err("violated").to_string();
    assert!(error.contains("committing the section") && error.contains("SQLSTATE 23503"), "{error}");
    assert_eq!(states(&mut client, &[("1_a", up)]), [State::Pending]);
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'p'"), 0);
}

#[test]
fn scripts_without_ledger() {
    let mut client = connect(&database());
    let script = Script::read("up.sql", "create table a (x int);\n-- schema:section no-transaction\ncreate index concurrently i on a (x);\n-- schema:section\nselect 1;\nselect y from a;").expect("valid");
    let error = apply_script(&mut client, &script).expect_err("no column").to_string();
    assert!(error.contains("at up.sql:6"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'i'"), 1);
    assert_eq!(count(&mut client, "select count(*) from pg_namespace where nspname = 'schema_history'"), 0);
}

#[test]
fn empty_migrations_and_big_ones() {
    let mut client = connect(&database());
    let big: String =
        (0..3000).map(|i| format!("insert into a values ({i}); -- {}\n", "x".repeat(200))).collect();
    let migrations = [A, ("2_empty", "-- nothing\n"), ("3_big", big.as_str())];
    assert_eq!(ids(&run(&mut client, &migrations).expect("applied")).len(), 3);
    assert_eq!(count(&mut client, "select count(*) from a"), 3001);
    assert_eq!(states(&mut client, &migrations), [State::Applied; 3]);
}

#[test]
fn a_migration_that_left_nothing_may_be_replaced() {
    let mut client = connect(&database());
    run(&mut client, &[A, ("5_b", "select 1/0")]).expect_err("fails");
    assert_eq!(ids(&run(&mut client, &[A, ("3_b", "select 1")]).expect("another")), ["3_b"]);
}

#[test]
fn a_program_migrates_itself() {
    use crate::migrate::{self, Embedded};
    const MIGRATIONS: &[Embedded] = &[
        Embedded { id: "1_a", up: "create table a ();", down: None },
        Embedded { id: "2_b", up: "create table b ();\nselect nothing;", down: None },
    ];
    let mut client = connect(&database());
    assert_eq!(ids(&migrate::run(&mut client, &MIGRATIONS[..1]).expect("applied")), ["1_a"]);
    let error = migrate::run(&mut client, MIGRATIONS).expect_err("fails").to_string();
    assert!(error.contains("at 2_b/up.sql:2"), "{error}");
    // An older program on a newer database.
    assert_eq!(migrate::run(&mut client, &[]).expect_err("refused").class, Class::Refused);
}

/// Not a test by itself: the process that the next test kills.
#[test]
#[ignore = "started by a_killed_process_resumes"]
fn runs_until_it_is_killed() {
    let target = std::env::var("SCHEMA_TEST_TARGET").expect("the database of the test that starts this");
    let mut client = Target::new(&target, &|_| None).expect("valid").connect().expect("a session");
    run(&mut client, &SLOW).expect("killed before");
}

const SLOW: [(&str, &str); 2] = [
    A,
    ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);\nselect pg_sleep(60);"),
];

#[test]
fn a_killed_process_resumes() {
    let name = database();
    let socket = format!("host={} port={} user=postgres dbname={name}", directory().display(), port());
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "engine::postgres::run_tests::runs_until_it_is_killed"])
        .env("SCHEMA_TEST_TARGET", socket)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a process");
    let mut client = connect(&name);
    let sleeping = "select count(*) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'";
    while count(&mut client, sleeping) == 0 {
        assert_eq!(child.try_wait().expect("a state"), None, "it must not end by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
    // The server notices within some seconds, not only when the statement ends; until then its session holds the lock.
    let quick = [A, ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);")];
    let report = run(&mut client, &quick).expect("resumed");
    assert_eq!((ids(&report), report.applied[0].sections), (vec!["2_b"], 1));
    assert_eq!(count(&mut client, "select count(*) from b"), 1);
}

#[test]
fn who_waits_for_a_run_does_not_stand_in_its_way() {
    // CREATE INDEX CONCURRENTLY waits for every older snapshot: a blocking pg_advisory_lock would have one.
    let name = database();
    let index = (
        "2_b",
        "select pg_sleep(0.5);\n-- schema:section no-transaction\ncreate index concurrently i on a (x);",
    );
    let migrations = [A, index];
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| run(&mut connect(&name), &migrations).expect("applied or nothing to do"));
        }
    });
    assert_eq!(states(&mut connect(&name), &migrations), [State::Applied, State::Applied]);
}

#[test]
fn a_ledger_of_the_future_is_left_alone() {
    let mut client = connect(&database());
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("update schema_history.ledger_version set version = 2").expect("updated");
    let error = run(&mut client, &[A, B]).expect_err("not known").to_string();
    assert!(error.contains("has version 2") && error.contains("later one"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'b'"), 0);
}

#[test]
fn without_the_right_to_create_it_says_so() {
    let name = database();
    let mut client = connect(&name);
    client.batch_execute(&format!("create role poor_{name} login")).expect("a role");
    let mut poor = config(&name).user(&format!("poor_{name}")).connect(NoTls).expect("a session");
    let error = run(&mut poor, &[A]).expect_err("may not").to_string();
    assert!(
        error.contains("creating the ledger in schema_history: permission denied for database"),
        "{error}"
    );
    assert!(error.contains("grant the missing privilege"), "{error}");
    client.batch_execute(&format!("drop role poor_{name}")).expect("dropped");
}
