//! `schema migrate` and `schema status` on a real server.

use super::story::{Database, Story};
use insta::assert_snapshot;

const USERS: &str = "create table users (id int primary key);\n";
const POSTS: &str =
    "create table posts (id int primary key);\n\n-- schema:section\ncreate index on posts (id);\n";

fn with_two(database: &Database) -> Story {
    let story = Story::with(database);
    story.write("migrations/20260101000000_users/up.sql", USERS);
    story.write("migrations/20260102000000_posts/up.sql", POSTS);
    story
}

fn tables(database: &mut Database) -> i64 {
    let query = "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
    database.db.client().query_one(query, &[]).unwrap().get(0)
}

#[test]
fn from_nothing_to_everything() {
    let mut database = Database::new();
    let story = with_two(&database);
    let mut told = String::new();
    for line in ["status", "migrate --dry-run", "status"] {
        told += &format!("{}\n", story.show(line));
    }
    assert_eq!(tables(&mut database), 0);
    assert_eq!(story.json("status")["ledger"], false);
    for line in ["migrate --to users", "status", "migrate", "migrate", "migrate --dry-run", "status"] {
        told += &format!("{}\n", story.show(line));
    }
    assert_eq!(tables(&mut database), 2);
    assert_snapshot!(told);
}

#[test]
fn objects() {
    let database = Database::new();
    let story = with_two(&database);
    let before = story.json("status");
    assert_eq!((&before["pending"], &before["migrations"][0]["state"]), (&2.into(), &"pending".into()));
    let dry = story.json("migrate --dry-run");
    assert_eq!(dry["sections"].as_array().unwrap().len(), 3);
    assert_eq!(dry["sections"][2]["section"], 2);
    let done = story.json("migrate");
    assert_eq!(done["applied"][1]["id"], "20260102000000_posts");
    assert_eq!(done["applied"][1]["sections"], 2);
    let after = story.json("status");
    assert_eq!((&after["applied"], &after["pending"]), (&2.into(), &0.into()));
    assert!(after["migrations"][0]["at"].as_str().unwrap().starts_with("20"));
    story.write("migrations/20260101000000_users/up.sql", "select 1;");
    let error = &story.json("migrate")["error"];
    assert_eq!(error["class"], "refused");
    assert!(error["next"].as_str().unwrap().contains("--allow edited"), "{error}");
}

#[test]
fn what_has_changed_since() {
    let database = Database::new();
    let story = with_two(&database);
    assert_eq!(story.run("migrate").status.code(), Some(0));
    // Comments are no edit.
    story.write("migrations/20260101000000_users/up.sql", &format!("-- users\n{USERS}"));
    assert_eq!(story.run("status").status.code(), Some(0));
    story.write("migrations/20260101000000_users/up.sql", "create table users (id bigint primary key);\n");
    story.write("migrations/20260101120000_between/up.sql", "select 1;\n");
    std::fs::remove_dir_all(story.path().join("migrations/20260102000000_posts")).unwrap();
    let told = [
        "status",
        "migrate",
        "migrate --allow edited",
        "migrate --allow edited --allow missing --allow out-of-order",
    ];
    assert_snapshot!(told.map(|line| story.show(line)).join("\n"));
}

#[test]
fn a_failure_is_explained_and_resumed() {
    let mut database = Database::new();
    let story = with_two(&database);
    let broken =
        "create table posts (id int primary key);\n\n-- schema:section\ncreate index on posts (nothing);\n";
    story.write("migrations/20260102000000_posts/up.sql", broken);
    story.write("migrations/20260103000000_later/up.sql", "select 1;\n");
    let mut told = story.show("migrate") + "\n" + &story.show("status");
    story.write("migrations/20260102000000_posts/up.sql", POSTS);
    // Rolled back as a whole.
    story.write("migrations/20260103000000_later/up.sql", "select 1 / 0;\n");
    told += &format!("\n{}\n{}", story.show("migrate"), story.show("status"));
    story.write("migrations/20260103000000_later/up.sql", "select 1;\n");
    told += &format!("\n{}\n{}", story.show("migrate"), story.show("status"));
    assert_snapshot!(told);
    assert_eq!(tables(&mut database), 2);
}

#[test]
fn two_at_once() {
    let database = Database::new();
    let story = Story::with(&database);
    story.write("migrations/1_slow/up.sql", "create table slow (); select pg_sleep(1.5);\n");
    let start = || {
        let piped = std::process::Stdio::piped;
        story.command("migrate").stdout(piped()).stderr(piped()).spawn().unwrap()
    };
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let mut told = outputs.map(|output| story.shown("migrate", &output));
    told.sort();
    assert!(told[0].contains("applied  1_slow") && told[0].ends_with("-> 0\n"), "{}", told[0]);
    assert!(told[1].contains("nothing to apply") && told[1].ends_with("-> 0\n"), "{}", told[1]);
    assert!(told[1].contains("! note: another migration run holds the lock"), "{}", told[1]);
}
