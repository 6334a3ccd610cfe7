//! What runs, what is refused, and where a run goes on.

use super::*;

#[test]
fn applies_what_is_pending_and_only_once() {
    let database = database();
    let mut client = database.connect();
    let mut events = Vec::new();
    let report = migrate(&mut client, &history(&[A, B]), &options(), &mut |event| {
        events.push(match event {
            Event::Started { id, section, sections } => format!("{id} {section}/{sections}"),
            Event::Applied { id, .. } => format!("{id} applied"),
            Event::Finished { .. } => "finished".to_owned(),
            Event::Waiting { .. }
            | Event::Retrying { .. }
            | Event::DroppedInvalid { .. }
            | Event::RolledBack { .. }
            | Event::Recognized { .. } => "unexpected".to_owned(),
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
    let database = database();
    let mut client = database.connect();
    let before = count(&mut client, "select count(*) from pg_class");
    let vacuum = ("3_c", "-- schema:section no-transaction\n-- comment\nvacuum a;");
    let all = [A, B, vacuum];
    assert_eq!(states(&mut client, &all), [State::Pending; 3]);
    let dry = dry_run(&mut client, &history(&all), &options()).expect("sql");
    assert_eq!(run(&mut client, &[]).expect("nothing"), Report::default());
    assert_eq!(count(&mut client, "select count(*) from pg_class"), before);
    let expected = "-- 1_a
BEGIN;
SET LOCAL lock_timeout = 100;
create table a (x int);
insert into a values (1);
COMMIT;

-- 2_b
BEGIN;
SET LOCAL lock_timeout = 100;
create table b (x int);
COMMIT;
BEGIN;
SET LOCAL lock_timeout = 100;
insert into a values (2);
COMMIT;

-- 3_c
vacuum a;";
    assert_eq!(dry.sql(false), expected);
    // With the ledger it is what a run does; the vacuum needs a message of its own, as every such statement.
    let (transactions, outside) = dry.sections.split_at(3);
    let transactions = DryRun { sections: transactions.to_vec(), ..dry.clone() };
    client.batch_execute(&transactions.sql(true)).expect("runs as it is");
    for sql in [outside[0].before.as_deref().expect("a note"), "vacuum a", &outside[0].after] {
        client.batch_execute(sql).expect(sql);
    }
    assert_eq!(states(&mut client, &all), [State::Applied; 3]);
    assert_eq!(run(&mut client, &all).expect("nothing").already, 3);
    assert_eq!(dry_run(&mut client, &history(&all), &options()).expect("sql").sql(true), "");
}

#[test]
fn resumes_after_a_failing_statement() {
    let database = database();
    let mut client = database.connect();
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
  next: correct it and run again; the run goes on with section 2";
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
    let database = database();
    let mut client = database.connect();
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

#[test]
fn edited_missing_and_out_of_order_are_refused_before_anything_runs() {
    let database = database();
    let mut client = database.connect();
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
    let database = database();
    let mut client = database.connect();
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
fn ledger_in_a_chosen_schema() {
    let database = database();
    let mut client = database.connect();
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
    let database = database();
    let mut client = database.connect();
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("create role reader login").expect("a role");
    let mut reader = database.config();
    let mut reader = reader
        .user("reader")
        .options("-c default_transaction_read_only=on")
        .connect(NoTls)
        .expect("a session");
    let error = status(&mut reader, &history(&[A]), &options()).expect_err("no privilege").to_string();
    assert!(error.contains("GRANT USAGE ON SCHEMA schema_history"), "{error}");
    client.batch_execute("grant usage on schema schema_history to reader; grant select on all tables in schema schema_history to reader").expect("granted");
    assert_eq!(states(&mut reader, &[A, B]), [State::Applied, State::Pending]);
    let error = run(&mut reader, &[A, B]).expect_err("read only");
    assert!(error.to_string().contains("connect to the primary server"), "{error}");
}

#[test]
fn a_migration_cannot_bend_the_session_of_the_next() {
    let database = database();
    let mut client = database.connect();
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
}

#[test]
fn deferred_constraints_fail_at_the_commit() {
    let database = database();
    let mut client = database.connect();
    let up = "create table p (x int primary key);\ncreate table c (x int references p deferrable initially deferred);\ninsert into c values (1);";
    let error = run(&mut client, &[("1_a", up)]).expect_err("violated").to_string();
    assert!(error.contains("committing the section") && error.contains("SQLSTATE 23503"), "{error}");
    assert_eq!(states(&mut client, &[("1_a", up)]), [State::Pending]);
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'p'"), 0);
}

#[test]
fn scripts_without_ledger() {
    let database = database();
    let mut client = database.connect();
    let script = Script::read("up.sql", "create table a (x int);\n-- schema:section no-transaction\ncreate index concurrently i on a (x);\n-- schema:section\nselect 1;\nselect y from a;").expect("valid");
    let error = apply_script(&mut client, &script, false).expect_err("no column").to_string();
    assert!(error.contains("at up.sql:6"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'i'"), 1);
    assert_eq!(count(&mut client, "select count(*) from pg_namespace where nspname = 'schema_history'"), 0);
}

#[test]
fn empty_migrations_and_big_ones() {
    let database = database();
    let mut client = database.connect();
    let big: String =
        (0..3000).map(|i| format!("insert into a values ({i}); -- {}\n", "x".repeat(200))).collect();
    let migrations = [A, ("2_empty", "-- nothing\n"), ("3_big", big.as_str())];
    assert_eq!(ids(&run(&mut client, &migrations).expect("applied")).len(), 3);
    assert_eq!(count(&mut client, "select count(*) from a"), 3001);
    assert_eq!(states(&mut client, &migrations), [State::Applied; 3]);
}

#[test]
fn a_migration_that_left_nothing_may_be_replaced() {
    let database = database();
    let mut client = database.connect();
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
    let database = database();
    let mut client = database.connect();
    assert_eq!(ids(&migrate::run(&mut client, &MIGRATIONS[..1]).expect("applied")), ["1_a"]);
    let error = migrate::run(&mut client, MIGRATIONS).expect_err("fails").to_string();
    assert!(error.contains("at 2_b/up.sql:2"), "{error}");
    // An older program on a newer database.
    assert_eq!(migrate::run(&mut client, &[]).expect_err("refused").class, Class::Refused);
}

#[test]
fn a_ledger_of_the_future_is_left_alone() {
    let database = database();
    let mut client = database.connect();
    run(&mut client, &[A]).expect("applied");
    client.batch_execute("update schema_history.ledger_version set version = 99").expect("updated");
    let error = run(&mut client, &[A, B]).expect_err("not known").to_string();
    assert!(error.contains("has version 99") && error.contains("later one"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'b'"), 0);
}

#[test]
fn without_the_right_to_create_it_says_so() {
    let database = database();
    let mut client = database.connect();
    client.batch_execute("create role poor login").expect("a role");
    let mut poor = database.config().user("poor").connect(NoTls).expect("a session");
    let error = run(&mut poor, &[A]).expect_err("may not").to_string();
    assert!(
        error.contains("creating the ledger in schema_history: permission denied for database"),
        "{error}"
    );
    assert!(error.contains("grant the missing privilege"), "{error}");
}
