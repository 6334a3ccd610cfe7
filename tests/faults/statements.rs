//! Statements that fail: by themselves, for want of rights, and an index left INVALID.

use super::*;

#[test]
fn a_failing_statement() {
    let Some(url) = database() else { return skipped("a failing statement", "no PostgreSQL") };
    let story = hard(&url);
    story.write(
        "migrations/20260103000000_fill/up.sql",
        "insert into log values (4);\n\n-- schema:section\ninsert into log values (99);\nselect z,\n  nothng from a;\n",
    );
    let error = ends(&story, "migrate", 4);
    for part in [
        "20260103000000_fill stopped in section 2 of 2; section 1 is applied",
        "column \"nothng\" does not exist (SQLSTATE 42703)",
        "applied in this run: 20260101000000_log, 20260102000000_index",
        "not applied: 20260104000000_swap, 20260105000000_last",
        "20260103000000_fill/up.sql:6",
        "the run goes on with section 2",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert_eq!(count(&url, "select count(*) from log"), 4);
    assert!(ends(&story, "status", 1).contains("section 2 of 2 is next"));
    // What has not run may be put right; what has run may not.
    let rest = HARD[2].1.split_once("-- schema:section\n").unwrap().1;
    story.write(
        "migrations/20260103000000_fill/up.sql",
        &format!("insert into log values (4);\n\n-- schema:section\nupdate a set z = id * 2;\n{rest}"),
    );
    succeeds(&story, "migrate");
    assert_eq!(state(&url).0, expected().unwrap().0);
    story.write("migrations/20260109000000_more/up.sql", "select pg_sleep('x', 1);\n");
    let error = ends(&story, "migrate", 4);
    assert!(error.contains("HINT: No function matches the given name and argument types"), "{error}");
    told(
        "a failing statement in the middle",
        2,
        "file:line, SQLSTATE, DETAIL and HINT, what is applied and what not; exit 4; the next run goes on with that section",
        "none",
    );
}

#[test]
fn an_index_left_invalid() {
    let Some(url) = database() else { return skipped("a concurrent index left INVALID", "no PostgreSQL") };
    let story = hard(&url);
    succeeds(&story, "migrate --to log");
    connect(&url).batch_execute("update a set y = 'same' where id in (1, 2)").unwrap();
    let error = ends(&story, "migrate", 4);
    assert!(
        error.contains("stopped in section 4 of 5") && error.contains("Key (y)=(same) is duplicated"),
        "{error}"
    );
    let invalid = "select count(*) from pg_index where not indisvalid";
    assert_eq!(count(&url, invalid), 1);
    connect(&url).batch_execute("update a set y = 'row ' || id where id in (1, 2)").unwrap();
    let said = succeeds(&story, "migrate");
    assert!(said.contains("the index public.a_y_idx is INVALID"), "{said}");
    is_whole(&url);
    told(
        "a concurrent index left INVALID by duplicates",
        1,
        "exit 4 with the key; the next run drops the index and builds it again",
        "none",
    );
}

#[test]
fn a_role_without_rights() {
    let Some(url) = database() else { return skipped("a role without rights", "no PostgreSQL") };
    succeeds(&hard(&url), "migrate --to log");
    let role = "create role deployer login; grant usage on schema public, schema_history to deployer; \
                grant all on all tables in schema schema_history to deployer; grant all on log to deployer";
    connect(&url).batch_execute(role).unwrap();
    let as_deployer = url.replace("user=postgres", "user=deployer");
    let story = hard(&as_deployer);
    story.write(
        "migrations/20260102000000_index/up.sql",
        "insert into log values (2);\nalter table a add column z int;\n",
    );
    let error = ends(&story, "migrate", 4);
    for part in [
        "must be owner of table a (SQLSTATE 42501)",
        "20260102000000_index/up.sql:2",
        "connect as one that has it (ALTER and DROP need the owner)",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert_eq!(count(&url, "select count(*) from log"), 1, "the section was rolled back");
    // A role that may not even make the ledger, on a database without one.
    let other = database().unwrap();
    let error = ends(&hard(&other.replace("user=postgres", "user=deployer")), "migrate", 4);
    assert!(
        error.contains("creating the ledger in schema_history: permission denied for database"),
        "{error}"
    );
    connect(&url).batch_execute("drop owned by deployer; drop role deployer").unwrap();
    told(
        "a role without rights (on a table, on the database)",
        2,
        "exit 4 with file:line, SQLSTATE and the privilege to grant; the section rolled back",
        "none",
    );
}
