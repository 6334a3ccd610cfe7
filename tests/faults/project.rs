//! The wrong database.

use super::*;

const OTHER: [(&str, &str); 1] = [("20250601000000_other", "create table other (x int);\n")];

#[test]
fn the_history_of_another_project() {
    let Some(url) = database() else { return skipped("the database of another project", "no PostgreSQL") };
    succeeds(&story(&url, &OTHER), "migrate");
    let ours = hard(&url);
    for line in ["migrate", "migrate --dry-run", "migrate --allow missing"] {
        let error = ends(&ours, line, 3);
        assert!(error.contains("this database has the history of another project: 1 of its migrations have run here, the first of them 20250601000000_other"), "{error}");
        assert!(
            error.contains("a ledger of its own with `ledger-schema`")
                && error.contains("`--allow other-project`"),
            "{error}"
        );
    }
    assert_eq!(count(&url, "select count(*) from pg_class where relname = 'log'"), 0);
    // A ledger of its own.
    ours.write("schema.toml", "ledger-schema = \"ours\"\n");
    succeeds(&ours, "migrate --to log");
    assert_eq!(count(&url, "select count(*) from pg_class where relname = 'log'"), 1);
    told(
        "a database with the history of another project",
        3,
        "refused before anything runs (exit 3): `ledger-schema` or `--allow other-project`",
        "none",
    );
}

#[test]
fn names_decide_where_there_are_any() {
    let Some(url) = database() else { return };
    let (one, other) = (hard(&url), hard(&url));
    one.write("schema.toml", "project = \"one\"\n");
    other.write("schema.toml", "project = \"other\"\n");
    succeeds(&one, "migrate --to log");
    let error = ends(&other, "migrate", 3);
    assert!(error.contains("has the history of the project one, and this is the project other"), "{error}");
    succeeds(&other, "migrate --allow other-project");
    let noted = "select count(*) from schema_history.ledger_version where project = 'one'";
    assert_eq!(count(&url, noted), 1, "the note stays");
    is_whole(&url);
}

#[test]
fn an_older_ledger_is_upgraded_by_the_next_run_only() {
    let Some(url) = database() else { return };
    let story = hard(&url);
    succeeds(&story, "migrate --to log");
    let older = "alter table schema_history.ledger_version drop column project; update schema_history.ledger_version set version = 1";
    connect(&url).batch_execute(older).unwrap();
    assert!(ends(&story, "status", 1).contains("1 applied"));
    assert!(succeeds(&story, "migrate --to log").contains("nothing to apply"));
    let version = "select version::bigint from schema_history.ledger_version";
    assert_eq!(count(&url, version), 1, "whoever has nothing to do writes nothing");
    assert!(succeeds(&story, "migrate --dry-run -v").contains("ADD COLUMN IF NOT EXISTS project text"));
    succeeds(&story, "migrate");
    assert_eq!(count(&url, version), 2);
    assert_eq!(
        count(
            &url,
            "select count(*) from schema_history.ledger_version where project like '@20260101000000_log %'"
        ),
        1
    );
    is_whole(&url);
}
