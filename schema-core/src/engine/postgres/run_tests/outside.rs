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

#[test]
fn cut_off_outside_of_a_transaction() {
    let database = database();
    let mut client = database.connect();
    let index = ("2_b", "-- schema:section no-transaction\ncreate index concurrently i on a (x);");
    let value = ("3_c", "-- schema:section no-transaction\nalter type e add value 'x';");
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("create type e as enum ()").expect("a type");
    // As a killed process leaves it: begun, and perhaps through.
    let cut = |client: &mut Client, migration: (&str, &str)| {
        let history = history(&[migration]);
        let ledger = Ledger::new(DEFAULT_SCHEMA);
        let sql = ledger.section_sql(&Job::up(&history.0[0]), 1, &Outcome::Started);
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
