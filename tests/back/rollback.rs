//! `schema rollback`: there and back with rows, what is refused, what is resumed.

use super::{ends, migration, number, sql, text};
use crate::cli::story::{Database, Story};
use insta::assert_snapshot;

const USERS: &str = "20260101000000_users";
const MAIL: &str = "20260102000000_mail";
const NAMES: &str = "20260103000000_names";

fn with_three(database: &Database) -> Story {
    let story = Story::with(database);
    migration(&story, USERS, "create table users (id int primary key);", "drop table users;");
    migration(&story, MAIL, "alter table users add mail text;", "alter table users drop mail;");
    migration(&story, NAMES, "alter table users rename to people;", "alter table people rename to users;");
    story
}

#[test]
fn there_and_back_with_rows() {
    let mut database = Database::new();
    let story = with_three(&database);
    let mut told = story.show("migrate");
    // A rename loses nothing, whatever it looks like.
    sql(&mut database, "insert into people values (1, 'a@b'), (2, null), (3, 'c@d')");
    for line in ["rollback --dry-run", "rollback", "status", "rollback", "status"] {
        told += &format!("\n{}", story.show(line));
    }
    assert_eq!(number(&mut database, "select count(*) from users where mail is not null"), 2);
    for line in ["rollback --allow data-loss", "status"] {
        told += &format!("\n{}", story.show(line));
    }
    assert_snapshot!(told);
    assert_eq!(number(&mut database, "select count(*) from users"), 3);
    let status = story.json("status");
    assert_eq!(status["events"][0]["event"], "rolled back");
    assert_eq!(status["events"][1]["migration"], NAMES);
    assert_eq!((&status["applied"], &status["pending"]), (&1.into(), &2.into()));
    // And there again.
    ends(&story, 0, "migrate");
    assert_eq!(number(&mut database, "select count(*) from people where mail is null"), 3);
}

#[test]
fn what_would_be_lost_is_counted_under_the_name_of_now() {
    let mut database = Database::new();
    let story = with_three(&database);
    ends(&story, 0, "migrate");
    // Without rows there is nothing to lose.
    ends(&story, 0, "rollback --to none");
    assert_eq!(story.json("status")["applied"], 0);
    ends(&story, 0, "migrate");
    sql(&mut database, "insert into people values (1, 'a@b'), (2, null)");
    let refused = story.json("rollback --to none");
    let what = refused["error"]["what"].as_str().unwrap();
    assert_eq!(refused["error"]["class"], "refused", "{refused}");
    assert!(what.contains("2 rows of people would be gone"), "{what}");
    assert!(what.contains("the values of people.mail would be gone (1 row)"), "{what}");
    assert_eq!(story.json("status")["applied"], 3);
    let dry = story.json("rollback --to none --dry-run");
    assert_eq!(dry["losses"].as_array().unwrap().len(), 2, "{dry}");
    let done = story.json("rollback --to users --allow data-loss");
    assert_eq!(done["rolled_back"][1]["id"], MAIL, "{done}");
    assert_eq!(number(&mut database, "select count(*) from users"), 2);
}

#[test]
fn hand_written_ways_back_lose_too() {
    let mut database = Database::new();
    let story = Story::with(&database);
    let up =
        "create table a (x int primary key, y text); insert into a values (1, 'seed'); create sequence s;";
    migration(&story, "1_a", up, "drop sequence s; drop table a;");
    // Gone and new under the same name, in a block that no reader of SQL understands.
    let again =
        "do $$ begin execute 'drop table a'; execute 'create table a (x int primary key, y text)'; end $$;";
    migration(&story, "2_b", "select 1;", again);
    migration(&story, "3_c", "alter table a alter y type varchar(100);", "alter table a alter y type text;");
    migration(&story, "4_d", "update a set y = y;", "delete from a where x > 10;");
    migration(
        &story,
        "5_e",
        "alter table a alter x type bigint;",
        "alter table a alter x type smallint; alter table a alter x type int;",
    );
    ends(&story, 0, "migrate");
    sql(&mut database, "select nextval('s')");
    ends(&story, 0, "rollback");
    let told = ends(&story, 3, "rollback");
    assert!(told.contains("4_d/down.sql:1: delete from a where x > 10"), "{told}");
    ends(&story, 0, "rollback --allow data-loss");
    ends(&story, 0, "rollback");
    let told = ends(&story, 3, "rollback");
    assert!(told.contains("1 row of a would be gone"), "{told}");
    assert!(told.contains("x = '1'"), "{told}");
    ends(&story, 0, "rollback --allow data-loss");
    let told = ends(&story, 3, "rollback");
    assert!(told.contains("where s stood is gone") && !told.contains("row of a"), "{told}");
    ends(&story, 0, "rollback --allow data-loss");
}

#[test]
fn what_is_refused() {
    let database = Database::new();
    let story = Story::with(&database);
    migration(&story, "1_a", "create table a (x int);", "");
    migration(&story, "2_b", "create table b ();", "-- schema:irreversible the tax office has it now\n");
    migration(&story, "3_c", "create table c ();", "create table d (); drop table c;");
    migration(&story, "4_d", "create table e ();", "drop table nothing;");
    ends(&story, 0, "migrate --to 3_c");
    let told = ends(&story, 3, "rollback");
    assert!(told.contains("does not lead back") && told.contains("table d"), "{told}");
    ends(&story, 0, "migrate");
    let told = ends(&story, 4, "rollback");
    assert!(told.contains("fails on scratch") && told.contains("4_d/down.sql:1"), "{told}");
    migration(&story, "4_d", "create table e (y int);", "drop table e;");
    assert!(ends(&story, 3, "rollback").contains("was edited after it ran"));
    migration(&story, "4_d", "create table e ();", "drop table e;");
    ends(&story, 0, "rollback");
    ends(&story, 0, "rollback --allow unproven");
    assert!(ends(&story, 3, "rollback").contains("the tax office has it now"));
    std::fs::remove_dir_all(story.path().join("migrations/2_b")).unwrap();
    assert!(ends(&story, 3, "rollback").contains("there is no such folder"));
    migration(&story, "2_b", "create table b ();", "drop table b;");
    let told = ends(&story, 3, "rollback --steps 2");
    assert!(told.contains("1_a has no down.sql"), "{told}");
    assert_eq!(story.json("status")["applied"], 2);
    assert_eq!(story.run("rollback --to 4_d").status.code(), Some(2));
    assert_eq!(story.run("rollback --to 4_d --steps 1").status.code(), Some(2));
}

#[test]
fn a_way_back_that_stops_goes_on_there() {
    let mut database = Database::new();
    let story = Story::with(&database);
    let down = "drop table b;\n-- schema:section\ndrop table a;\n";
    migration(&story, "1_a", "create table a (x int); create table b ();", down);
    ends(&story, 0, "migrate");
    // Something of their own stands in the way of the second section.
    sql(&mut database, "create view theirs as select x from a");
    let mut told = story.show("rollback");
    for line in ["status", "migrate"] {
        told += &format!("\n{}", story.show(line));
    }
    story.write("migrations/1_a/down.sql", &down.replace("b;", "b cascade;"));
    told += &format!("\n{}", story.show("rollback"));
    story.write("migrations/1_a/down.sql", down);
    sql(&mut database, "drop view theirs");
    told += &format!("\n{}\n{}", story.show("rollback"), story.show("status"));
    assert_snapshot!(told);
    ends(&story, 0, "migrate");
}

#[test]
fn back_from_the_middle_of_a_migration() {
    let mut database = Database::new();
    let story = Story::with(&database);
    migration(&story, "1_a", "create table a (x int, y int);", "drop table a;");
    let up = "alter table a add z text;\n-- schema:section no-transaction\ncreate unique index concurrently i on a (x);\n\
              -- schema:section\nalter table a drop y;\n";
    migration(&story, "2_b", up, "alter table a add y int; drop index i; alter table a drop z;");
    ends(&story, 0, "migrate --to 1_a");
    sql(&mut database, "insert into a values (1, 1), (1, 2)");
    assert!(ends(&story, 4, "migrate").contains("section 2 of 3"));
    assert_eq!(number(&mut database, "select count(*) from pg_index where not indisvalid"), 1);
    sql(&mut database, "update a set z = 'new' where y = 1");
    let told = ends(&story, 3, "rollback");
    assert!(told.contains("the values of a.z would be gone (1 row)") && !told.contains("a.y"), "{told}");
    ends(&story, 0, "rollback --allow data-loss");
    assert_eq!(number(&mut database, "select count(*) from pg_index where not indisvalid"), 0);
    let columns = "select string_agg(attname, ',' order by attnum) from pg_attribute \
                   where attrelid = 'a'::regclass and attnum > 0 and not attisdropped";
    assert_eq!(text(&mut database, columns), "x,y");
    assert_eq!(number(&mut database, "select count(*) from a"), 2);
    let status = story.json("status");
    assert_eq!((&status["applied"], &status["pending"]), (&1.into(), &1.into()));
    assert!(status["events"][0]["detail"].as_str().unwrap().starts_with("it was half-applied"), "{status}");
}

#[test]
fn a_ledger_of_the_first_version_is_brought_up_to_date() {
    let mut database = Database::new();
    let story = with_three(&database);
    ends(&story, 0, "migrate");
    sql(
        &mut database,
        "drop table schema_history.ledger_event; update schema_history.ledger_version set version = 1",
    );
    assert_eq!(story.json("status")["events"].as_array().unwrap().len(), 0);
    ends(&story, 0, "rollback");
    assert_eq!(story.json("status")["events"].as_array().unwrap().len(), 1);
    assert_eq!(number(&mut database, "select version::bigint from schema_history.ledger_version"), 2);
    sql(
        &mut database,
        "drop table schema_history.ledger_event; update schema_history.ledger_version set version = 1",
    );
    ends(&story, 0, "migrate");
    assert_eq!(number(&mut database, "select version::bigint from schema_history.ledger_version"), 2);
    sql(&mut database, "update schema_history.ledger_version set version = 99");
    assert!(ends(&story, 4, "rollback").contains("version 99"));
}
