//! `schema squash`: databases with all, some and none of what is replaced.

use super::{ends, migration, number, parts, sql};
use crate::cli::story::{Database, Story};

const A: &str = "20260101000000_users";
const B: &str = "20260102000000_kind";
const C: &str = "20260103000000_posts";

fn with_three(database: &Database) -> Story {
    let story = Story::with(database);
    migration(&story, A, "create table users (id int primary key, mail text);", "drop table users;");
    let kind = "create type kind as enum ('a', 'b'); alter table users add kind kind default 'b';\n\
                -- schema:section\nupdate users set kind = 'a' where kind is null;";
    migration(&story, B, kind, "alter table users drop kind; drop type kind;");
    let posts =
        "create table posts (id serial primary key, by int references users); create index on posts (by);";
    migration(&story, C, posts, "drop table posts;");
    story
}

/// The story of another database, with the same folder of migrations.
fn elsewhere(story: &Story, database: &Database) -> Story {
    let other = Story::with(database);
    copy(&story.path().join("migrations"), &other.path().join("migrations"));
    other
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn all_some_none() {
    let (mut all, middle, mut none) = (Database::new(), Database::new(), Database::new());
    let story = with_three(&all);
    ends(&story, 0, "migrate");
    let (middle_story, none_story) = (elsewhere(&story, &middle), elsewhere(&story, &none));
    ends(&middle_story, 0, "migrate --to kind");
    let oid = "select 'users'::regclass::oid::bigint";
    let before = number(&mut all, oid);
    sql(&mut all, "insert into users values (1, 'a@b', 'b')");

    assert!(story.json("squash --dry-run")["up"].as_str().unwrap().contains("CREATE TABLE"));
    assert!(story.path().join("migrations").join(C).exists());
    let squashed = story.json("squash --name begin");
    let id = "20260103000000_begin";
    assert_eq!((&squashed["id"], &squashed["carried"]), (&id.into(), &0.into()), "{squashed}");
    let up = story.read(&format!("migrations/{id}/up.sql"));
    assert_eq!(up.matches("-- schema:replaces ").count(), 3, "{up}");
    assert!(!story.path().join("migrations").join(A).exists());
    assert!(story.path().join("migrations/.squashed").join(A).join("down.sql").exists());

    // With all of them nothing runs.
    let status = story.json("status");
    assert_eq!((&status["applied"], &status["missing"]), (&1.into(), &0.into()), "{status}");
    assert!(story.json("migrate --dry-run")["sql"].as_str().unwrap().contains("ledger_event"));
    let told = ends(&story, 0, "migrate");
    assert!(told.contains(&format!("recognized  {id}")), "{told}");
    assert_eq!((number(&mut all, oid), number(&mut all, "select count(*) from users")), (before, 1));
    let status = story.json("status");
    assert_eq!((&status["events"][0]["event"], &status["applied"]), (&"squashed".into(), &1.into()));
    ends(&story, 0, "status");
    assert!(ends(&story, 0, "migrate").contains("nothing to apply"));

    // With some of them it is refused, and the way out works.
    copy(&story.path().join("migrations"), &middle_story.path().join("migrations"));
    for old in [A, B, C] {
        std::fs::remove_dir_all(middle_story.path().join("migrations").join(old)).unwrap();
    }
    let told = ends(&middle_story, 3, "migrate");
    assert!(told.contains(&format!("applied: {A}, {B}")) && told.contains(&format!("--to {C}")), "{told}");
    ends(&middle_story, 1, "status");
    let before_the_squash = elsewhere(&none_story, &middle);
    ends(&before_the_squash, 0, &format!("migrate --to {C}"));
    assert!(ends(&middle_story, 0, "migrate").contains("recognized"));

    // With none of them the one runs, and later ones follow everywhere.
    let fresh = elsewhere(&story, &none);
    migration(&fresh, "20260104000000_more", "create table more ();", "drop table more;");
    let done = fresh.json("migrate");
    assert_eq!(done["applied"].as_array().unwrap().len(), 2, "{done}");
    migration(&story, "20260104000000_more", "create table more ();", "drop table more;");
    assert_eq!(story.json("migrate")["applied"].as_array().unwrap().len(), 1);

    // Back, as a whole.
    ends(&fresh, 0, "rollback --to none");
    assert_eq!(
        number(&mut none, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"),
        0
    );
    let told = ends(&story, 3, "rollback --to none");
    assert!(told.contains("1 row of users would be gone"), "{told}");
}

#[test]
fn an_old_one_that_was_edited_is_not_recognized() {
    let database = Database::new();
    let story = with_three(&database);
    ends(&story, 0, "migrate");
    migration(&story, A, "create table users (id int primary key, mail varchar(100));", "drop table users;");
    ends(&story, 0, "squash --to kind");
    let told = ends(&story, 3, "migrate");
    assert!(told.contains(&format!("not applied, or not as they were: {A}")), "{told}");
    let both = story.read("migrations/20260102000000_squashed/up.sql");
    migration(&story, A, "select 1;", "");
    let (code, _, told) = parts(&story.run("migrate"));
    assert!(code == 2 && told.contains("which is still there") && both.contains(A), "{told}");
}

#[test]
fn rows_are_carried_over_or_refused() {
    let database = Database::new();
    let story = with_three(&database);
    migration(
        &story,
        "20260104000000_seed",
        "insert into users values (1, 'root'), (2, 'o''brien');",
        "delete from users;",
    );
    migration(
        &story,
        "20260105000000_more",
        "insert into posts (by) values (1); update users set mail = 'x' where id = 2;",
        "",
    );
    let carried = story.json("squash --name seeded");
    // The one about kind comes too, and does nothing, as it did.
    assert_eq!((&carried["carried"], &carried["left"]), (&4.into(), &serde_json::json!([])), "{carried}");
    let up = story.read("migrations/20260105000000_seeded/up.sql");
    assert!(up.contains("'o''brien'") && up.contains("-- 20260104000000_seed/up.sql:1"), "{up}");
    ends(&story, 0, "migrate");
    ends(&story, 0, "rollback --allow data-loss");

    // A column that went since.
    migration(
        &story,
        "20260106000000_gone",
        "alter table users drop mail;",
        "alter table users add mail text;",
    );
    let told = ends(&story, 3, "squash --name again");
    assert!(told.contains("users: 2 rows") && told.contains("20260105000000_seeded/up.sql"), "{told}");
    assert!(story.path().join("migrations/20260106000000_gone").exists());
    let left = story.json("squash --name again --allow data-statements");
    assert_eq!(left["left"].as_array().unwrap().len(), 3, "{left}");
    ends(&story, 0, "migrate");
    assert_eq!(story.run("squash").status.code(), Some(2), "one is not squashed");
}

#[test]
fn what_a_replaced_one_had_parked_is_not_its_own() {
    let mut database = Database::new();
    let story = with_three(&database);
    ends(&story, 0, "migrate");
    sql(&mut database, "create schema parked_20260103000000; create table parked_20260103000000.t (x int)");
    ends(&story, 0, "squash");
    ends(&story, 0, "migrate");
    ends(&story, 0, "purge --allow data-loss");
    ends(&story, 0, "rollback --to none");
    assert_eq!(number(&mut database, "select count(*) from pg_class where relname = 'users'"), 0);
}

#[test]
fn two_of_the_same_digits() {
    let database = Database::new();
    let story = Story::with(&database);
    for name in ["7_a", "8_a", "8_b"] {
        migration(&story, name, &format!("create table t{name} ();"), &format!("drop table t{name};"));
    }
    let told = ends(&story, 2, "squash --to 8_a");
    assert!(told.contains("8_squashed would come after 8_b") && told.contains("8_b/up.sql:1"), "{told}");
    ends(&story, 0, "squash --to 8_a --name an");
    ends(&story, 0, "migrate");
}
