//! `schema lint` in the words of the command line.

use crate::cli::story::{Database, Story};
use insta::assert_snapshot;

const UP: &str = "-- schema:allow drop-column: no release since 4.2 reads it\nALTER TABLE public.t DROP COLUMN c;\n\
                  CREATE INDEX t_a_idx ON public.t (a);\n";

fn story() -> Story {
    let story = Story::new();
    story.write("schema.toml", "[lint]\nsince = \"2_\"\n[lint.rules]\nindex-dropped-in-use = \"off\"\n");
    story.write(
        "migrations/1_old/up.sql",
        "CREATE TABLE public.t (id int PRIMARY KEY, a int, c text);\nDROP TABLE x;\n",
    );
    story.write("migrations/2_new/up.sql", UP);
    story.write(
        "migrations/2_new/down.sql",
        "ALTER TABLE public.t ADD COLUMN c text;\nDROP INDEX public.t_a_idx;\n",
    );
    story
}

#[test]
fn as_text() {
    let story = story();
    let lines = [
        "lint",
        "lint --profile dev",
        "lint 2_new --profile prod --strict --quiet",
        "lint migrations/2_new/down.sql --strict",
        "lint 3_none",
        "lint --profile stage",
        "lint --explain drop-tabel",
        "lint --explain drop-table",
    ];
    assert_snapshot!(lines.map(|line| story.show(line)).join("\n"));
}

#[test]
fn for_programs() {
    let story = story();
    let json = story.json("lint");
    assert_eq!(json["count"]["error"], 2);
    let findings = json["findings"].as_array().unwrap();
    let index = findings.iter().find(|finding| finding["rule"] == "index-not-concurrent").unwrap();
    assert_eq!((&index["line"], &index["file"]), (&3.into(), &"migrations/2_new/up.sql".into()));
    assert_eq!(json["waived"][0]["reason"], "no release since 4.2 reads it");
    assert_snapshot!(story.show("lint --format github"));
    let sarif = story.run("lint --format sarif");
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    let list = story.json("lint --list");
    assert!(list["rules"].as_array().unwrap().len() > 100);
    assert!(story.show("status --format github").contains("no findings"));
}

#[test]
fn configuration_is_checked() {
    let story = story();
    for (text, wanted) in [
        ("[lint.rules]\ndrop-tabel = \"warn\"", "did you mean `drop-table`?"),
        ("[lint.rules]\ndrop-table = \"warm\"", "did you mean `warn`?"),
        ("[lint.profiles.prd]\ndrop-table = \"warn\"", "did you mean `prod`?"),
        ("[lint]\nprofile = \"prd\"", "did you mean `prod`?"),
        ("[lint]\nsinse = \"1\"", "did you mean `since`?"),
        ("[lint.naming]\ntabel = \"x\"", "there is schema, table,"),
        ("[lint.naming]\ntable = \"/(/\"", "`/(/` is no regular expression: "),
        ("[[lint.allow]]\nrule = \"drop-table\"\nuntil = \"soon\"", "`soon` is no day"),
        ("[[lint.allow]]\nrule = \"drop-table\"\nresaon = \"x\"", "did you mean `reason`?"),
    ] {
        story.write("schema.toml", text);
        let shown = story.show("lint");
        assert!(shown.contains(wanted) && shown.contains("schema.toml:"), "{text}:\n{shown}");
    }
}

#[test]
fn levels_and_waivers_of_the_project() {
    let story = story();
    story.write(
        "schema.toml",
        "[lint]\nprofile = \"prod\"\nsince = \"2_\"\n[lint.rules]\nindex-not-concurrent = \"off\"\n\
         [lint.profiles.prod]\nindex-not-concurrent = \"info\"\n\
         [[lint.allow]]\nrule = \"data-and-ddl-in-one-tx\"\n",
    );
    let shown = story.show("lint");
    assert!(shown.contains("info[index-not-concurrent]"), "{shown}");
    assert!(shown.contains("schema.toml:9: error[waiver-without-reason]"), "{shown}");
    assert!(!story.show("lint --profile ci").contains("[index-not-concurrent]"));
}

#[test]
fn a_database_tells_of_its_use() {
    let (story, mut database) = (Story::new(), Database::new());
    story.write("schema.toml", "");
    let sql = "CREATE TABLE w (n int PRIMARY KEY, a text) WITH (autovacuum_enabled = false);
               INSERT INTO w SELECT n, repeat('a', 500) FROM generate_series(1, 60000) n;
               DELETE FROM w WHERE n > 100; ANALYZE w";
    database.db.client().batch_execute(sql).unwrap();
    std::fs::create_dir(story.path().join("migrations")).unwrap();
    let output = story.command("lint --format json").args(["--database-url", &database.db.url()]).output();
    let found: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    assert_eq!(found["findings"][0]["rule"], "table-bloat", "{found}");
    assert_eq!(found["findings"][0]["object"], "table w");
    // It is not asked unless somebody says so.
    let found = story.json("lint");
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(0), "{found}");
}
