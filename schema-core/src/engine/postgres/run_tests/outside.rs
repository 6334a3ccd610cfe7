//! Sections outside of a transaction.

use super::*;
use crate::engine::postgres::ledger::{DEFAULT_SCHEMA, Ledger};
use crate::engine::postgres::run::Job;
use crate::engine::postgres::status::Outcome;

#[test]
fn sections_outside_of_a_transaction() {
    let database = database();
    let mut client = database.connect();
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
    let database = database();
    let mut client = database.connect();
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
    let database = database();
    let mut client = database.connect();
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("insert into a values (1)").expect("a duplicate");
    client.batch_execute("create unique index concurrently i on a (x)").expect_err("left invalid");
    let migrations =
        [A, ("2_b", "-- schema:section no-transaction\ncreate index concurrently if not exists i on a (x);")];
    let error = run(&mut client, &migrations).expect_err("skipped by PostgreSQL").to_string();
    assert!(error.contains("the index public.i is there, but INVALID"), "{error}");
}

/// As a killed process leaves it: begun, and perhaps through.
fn cut(client: &mut Client, migration: (&str, &str)) {
    let history = history(&[migration]);
    let sql = Ledger::new(DEFAULT_SCHEMA).section_sql(&Job::up(&history.0[0]), 1, &Outcome::Started);
    client.batch_execute(&sql).expect("recorded");
}

#[test]
fn a_drop_that_was_cut_off_is_looked_up() {
    let database = database();
    let mut client = database.connect();
    let there = ("2_b", "-- schema:section no-transaction\ndrop index concurrently \"I\";");
    let gone = ("3_c", "-- schema:section no-transaction\ndrop index concurrently public.j;");
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("create index \"I\" on a (x)").expect("an index");
    cut(&mut client, there);
    assert_eq!(ids(&run(&mut client, &[A, there]).expect("dropped")), ["2_b"]);
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'I'"), 0);
    cut(&mut client, gone);
    assert_eq!(ids(&run(&mut client, &[A, there, gone]).expect("was through")), ["3_c"]);
    // One that was never there is an error.
    let never = ("4_d", "-- schema:section no-transaction\ndrop index concurrently k;");
    let error = run(&mut client, &[A, there, gone, never]).expect_err("not there").to_string();
    assert!(error.contains("does not exist"), "{error}");
}

#[test]
fn a_partition_on_its_way_out_is_finalized() {
    let database = database();
    let mut client = database.connect();
    let detach = ("2_b", "-- schema:section no-transaction\nalter table p detach partition p1 concurrently;");
    run(&mut client, &[A]).expect("applied");
    let tables = "create table p (x int) partition by list (x); create table p1 partition of p for values in (1);\
                  create table p2 partition of p for values in (2)";
    client.batch_execute(tables).expect("tables");
    // Somebody who reads it makes it wait between its two transactions; there it is ended.
    let mut reader = database.connect();
    let mut reading = reader.transaction().expect("begun");
    reading.batch_execute("select * from p").expect("read");
    client.batch_execute("set statement_timeout = '500ms'").expect("set");
    client.batch_execute("alter table p detach partition p1 concurrently").expect_err("ended");
    client.batch_execute("set statement_timeout = 0").expect("set");
    reading.commit().expect("ended");
    let pending = "select count(*) from pg_inherits where inhdetachpending";
    assert_eq!(count(&mut client, pending), 1);
    cut(&mut client, detach);
    assert_eq!(ids(&run(&mut client, &[A, detach]).expect("finalized")), ["2_b"]);
    assert_eq!(count(&mut client, pending), 0);
    assert_eq!(count(&mut client, "select count(*) from pg_inherits"), 1);
    // And where it was through, there is nothing left to do.
    let other = ("3_c", "-- schema:section no-transaction\nalter table p detach partition p1 concurrently;");
    cut(&mut client, other);
    assert_eq!(ids(&run(&mut client, &[A, detach, other]).expect("was through")), ["3_c"]);
}

#[test]
fn cut_off_outside_of_a_transaction() {
    let database = database();
    let mut client = database.connect();
    let index = ("2_b", "-- schema:section no-transaction\ncreate index concurrently i on a (x);");
    let value = ("3_c", "-- schema:section no-transaction\nalter type e add value 'x';");
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("create type e as enum ()").expect("a type");
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
