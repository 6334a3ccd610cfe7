//! `schema repair`: what it finds, what it does about it, what only a person can say.

use super::{ends, migration, number, sql};
use crate::cli::story::{Database, Story};

const INDEX: &str = "create table a (x int);\n-- schema:section no-transaction\ncreate index concurrently i on a (x);\n\
                     -- schema:section\ncreate table b ();\n";

/// What a run that was killed in section 2 leaves: the note that it began, and what the statement did until then.
fn cut_off(database: &mut Database, story: &Story, id: &str) {
    let up = story.read(&format!("migrations/{id}/up.sql"));
    let broken = up.replace("create table b ();", "select 1 / 0;");
    story.write(&format!("migrations/{id}/up.sql"), &broken);
    ends(story, 4, "migrate");
    sql(
        database,
        &format!(
            "update schema_history.ledger_section set outcome = 'started' where migration = '{id}' and number = 2;
             delete from schema_history.ledger_section where migration = '{id}' and number = 3;
             update schema_history.ledger_migration set done = 1 where id = '{id}'"
        ),
    );
    story.write(&format!("migrations/{id}/up.sql"), &up);
}

fn invalid(database: &mut Database, index: &str) {
    sql(database, &format!("update pg_index set indisvalid = false where indexrelid = '{index}'::regclass"));
}

#[test]
fn sections_that_were_cut_off() {
    for (what, expected, done) in [
        ("select 1", "it took effect, and is recorded as done", 2),
        ("drop index i", "it is recorded as not run", 1),
        (
            "update pg_index set indisvalid = false where indexrelid = 'i'::regclass",
            "is dropped, and it runs again",
            1,
        ),
    ] {
        let mut database = Database::new();
        let story = Story::with(&database);
        migration(&story, "1_a", INDEX, "drop table a, b;");
        assert!(ends(&story, 0, "repair").contains("nothing to repair"));
        cut_off(&mut database, &story, "1_a");
        sql(&mut database, what);
        let told = ends(&story, 1, "repair");
        assert!(told.contains(expected) && told.contains("nothing was changed"), "{what}: {told}");
        assert_eq!(story.json("status")["half_applied"], 1);
        let before = number(&mut database, "select count(*) from pg_class where relname = 'i'");
        assert_eq!(before, i64::from(what != "drop index i"));
        // What is left is that the migration has run in part, which is for the next run.
        let told = ends(&story, 1, "repair --apply");
        assert!(told.contains("1 repaired") && told.contains("has run in part"), "{what}: {told}");
        let status = story.json("status");
        assert_eq!(status["migrations"][0]["sections_done"], done, "{what}: {status}");
        assert_eq!(status["events"][0]["event"], "repaired");
        ends(&story, 0, "migrate");
        assert_eq!(
            number(
                &mut database,
                "select count(*) from pg_index where indisvalid and indexrelid = 'i'::regclass"
            ),
            1
        );
        ends(&story, 0, "repair");
    }
}

#[test]
fn a_section_that_only_a_person_knows() {
    let mut database = Database::new();
    let story = Story::with(&database);
    let up = "create type e as enum ('a');\n-- schema:section no-transaction\nalter type e add value 'b';\n\
              -- schema:section\ncreate table b ();\n";
    migration(&story, "1_a", up, "drop table b; drop type e;");
    cut_off(&mut database, &story, "1_a");
    assert!(ends(&story, 3, "rollback").contains("`schema repair` settles that"));
    let told = ends(&story, 1, "repair --apply");
    assert!(told.contains("then `--done 1_a`, else `--not-done 1_a`"), "{told}");
    assert_eq!(story.run("repair --done 1_b").status.code(), Some(2));
    assert_eq!(story.run("repair --done 1_a --not-done 1_a").status.code(), Some(2));
    ends(&story, 1, "repair --done 1_a --apply");
    ends(&story, 0, "migrate");
    assert_eq!(number(&mut database, "select count(*) from pg_enum"), 2);
    ends(&story, 0, "rollback");
    cut_off(&mut database, &story, "1_a");
    sql(&mut database, "drop type e; create type e as enum ('a')");
    ends(&story, 1, "repair --not-done 1_a --apply");
    ends(&story, 0, "migrate");
    assert_eq!(number(&mut database, "select count(*) from pg_enum"), 2);
}

#[test]
fn files_that_were_edited() {
    let mut database = Database::new();
    let story = Story::with(&database);
    migration(&story, "1_a", "create table a (x int);", "drop table a;");
    migration(&story, "2_b", "create table b (x int);\n-- schema:section\nselect 1;", "drop table b;");
    ends(&story, 0, "migrate");
    // In other words the same, and a section less.
    migration(&story, "1_a", "CREATE TABLE public.a (x integer);", "drop table a;");
    migration(&story, "2_b", "create table b (x int);", "drop table b;");
    ends(&story, 3, "migrate");
    let told = ends(&story, 1, "repair");
    assert!(told.matches("the files add up to this database").count() == 2, "{told}");
    ends(&story, 0, "repair --apply");
    ends(&story, 0, "status");
    ends(&story, 0, "migrate");
    // Not the same.
    migration(&story, "1_a", "create table a (x int, y int);", "drop table a;");
    let told = ends(&story, 1, "repair --apply");
    assert!(told.contains("+ column a.y") && told.contains("--accept 1_a"), "{told}");
    assert_eq!(story.run("repair --accept 2_b").status.code(), Some(2));
    ends(&story, 1, "status");
    ends(&story, 0, "repair --apply --accept 1_a");
    ends(&story, 0, "status");
    ends(&story, 0, "rollback --to 1_a");
    assert_eq!(number(&mut database, "select count(*) from schema_history.ledger_event"), 4);
}

#[test]
fn folders_that_are_gone_and_leftovers() {
    let mut database = Database::new();
    let story = Story::with(&database);
    migration(
        &story,
        "1_a",
        "create table a (x int); create index j on a (x); create index j_ccnew on a (x);",
        "",
    );
    migration(&story, "2_b", "create table b ();", "");
    ends(&story, 0, "migrate");
    migration(&story, "3_c", "select 1 / 0;", "");
    ends(&story, 4, "migrate");
    std::fs::remove_dir_all(story.path().join("migrations/2_b")).unwrap();
    std::fs::remove_dir_all(story.path().join("migrations/3_c")).unwrap();
    invalid(&mut database, "j");
    invalid(&mut database, "j_ccnew");
    let told = ends(&story, 1, "repair");
    for expected in [
        "2_b has run here, but there is no such folder",
        "`--forget 2_b`",
        "remembers that 3_c failed",
        "REINDEX INDEX CONCURRENTLY public.j`",
        "a REINDEX CONCURRENTLY left it",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let object = story.json("repair --apply --forget 2_b");
    assert_eq!(object["findings"].as_array().unwrap().len(), 4, "{object}");
    sql(&mut database, "reindex index concurrently j");
    ends(&story, 0, "repair");
    assert_eq!(number(&mut database, "select count(*) from pg_class where relname in ('j_ccnew', 'b')"), 1);
    ends(&story, 0, "migrate");
    let status = story.json("status");
    assert_eq!((&status["applied"], &status["missing"]), (&1.into(), &0.into()), "{status}");
}
