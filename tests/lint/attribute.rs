//! `allow(...)` in the code: on a struct and on a field, for the declared schema and for migrations.

use crate::cli::story::Story;

const LIB: &str = r#"use schema_core::Table;

#[derive(Table)]
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[table(name = "notes" ON_STRUCT)]
pub struct Note {
    #[column(references = User::id FIRST)]
    pub user_id: i64,
    #[column(sql_type = "json" SECOND)]
    pub raw: String,
}
"#;

fn lib(on_struct: &str, first: &str, second: &str) -> String {
    LIB.replace(" ON_STRUCT", on_struct).replace(" FIRST", first).replace(" SECOND", second)
}

/// The findings as `rule place`, and what is waived as `rule: reason`.
fn linted(story: &Story, arguments: &str) -> (Vec<String>, Vec<String>) {
    let object = story.json(arguments);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let found =
        object["findings"].as_array().unwrap_or_else(|| panic!("{object}")).iter().map(|finding| {
            format!("{} {}:{}", text(&finding["rule"]), text(&finding["file"]), finding["line"])
        });
    let waived = object["waived"].as_array().into_iter().flatten();
    let waived =
        waived.map(|one| format!("{}: {}", text(&one["finding"]["rule"]), text(&one["reason"]))).collect();
    (found.collect(), waived)
}

#[test]
fn the_design_of_what_says_so() {
    let story = Story::project("allowing");
    story.write("src/lib.rs", &lib("", "", ""));
    let (found, _) = linted(&story, "lint --code-only");
    let all = [
        "no-primary-key src/lib.rs:13",
        "fk-missing-index src/lib.rs:14",
        "json-instead-of-jsonb src/lib.rs:17",
    ];
    assert_eq!(found, all);

    // On the field: its column, and its foreign key.
    let fk = ", allow(\"fk-missing-index\", reason = \"users are never deleted\")";
    let json = ", allow(\"json-instead-of-jsonb\", reason = \"white space counts\", until = \"2999-12-31\")";
    story.write("src/lib.rs", &lib("", fk, json));
    let (found, waived) = linted(&story, "lint --code-only");
    assert_eq!(found, ["no-primary-key src/lib.rs:13"]);
    assert_eq!(
        waived,
        ["json-instead-of-jsonb: white space counts", "fk-missing-index: users are never deleted"]
    );

    // On the struct: all that is in it.
    let both =
        ", allow(\"json-instead-of-jsonb\", reason = \"a\"), allow(\"no-primary-key\", reason = \"b\")";
    story.write("src/lib.rs", &lib(both, fk, ""));
    let (found, waived) = linted(&story, "lint --code-only");
    assert_eq!((found.len(), waived.len()), (0, 3), "{found:?}");
    assert_eq!(story.run("lint --code-only --strict").status.code(), Some(0));

    // On another field it is about nothing.
    let elsewhere = ", allow(\"json-instead-of-jsonb\", reason = \"a\")";
    story.write("src/lib.rs", &lib("", elsewhere, ""));
    let (found, _) = linted(&story, "lint --code-only");
    assert_eq!(
        found.iter().filter(|found| found.starts_with("waiver-")).collect::<Vec<_>>(),
        ["waiver-unused src/lib.rs:14"]
    );
    assert!(found.contains(&"json-instead-of-jsonb src/lib.rs:17".to_owned()), "{found:?}");
}

#[test]
fn what_is_wrong_with_it() {
    let story = Story::project("allowing-wrong");
    let unknown = ", allow(\"no-primery-key\", reason = \"a\")";
    let unused = ", allow(\"char-n\", reason = \"a\"), index";
    let expired = ", allow(\"json-instead-of-jsonb\", reason = \"a\", until = \"2020-01-31\")";
    story.write("src/lib.rs", &lib(unknown, unused, expired));
    let (found, waived) = linted(&story, "lint --code-only");
    let expected = [
        "no-primary-key src/lib.rs:13",
        "waiver-of-unknown-rule src/lib.rs:12",
        "waiver-unused src/lib.rs:14",
        "waiver-expired src/lib.rs:16",
        "json-instead-of-jsonb src/lib.rs:17",
    ];
    let mut sorted = expected.map(str::to_owned).to_vec();
    sorted.sort();
    let mut found = found;
    found.sort();
    assert_eq!((found, waived.len()), (sorted, 0));
    let shown = story.show("lint --code-only --quiet");
    assert!(
        shown.contains("did you mean `no-primary-key`?") && shown.contains("ended on 2020-01-31"),
        "{shown}"
    );
}

#[test]
fn migrations_of_what_says_so() {
    let story = Story::project("allowing-migrations");
    story.write("src/lib.rs", &lib("", "", ""));
    assert_eq!(story.run("generate --quiet --name begin").status.code(), Some(0));
    let snapshot = story.read("migrations/schema.sql");
    let up = "CREATE INDEX notes_raw_idx ON notes (lower(raw::text));\n\
              ALTER TABLE public.notes ALTER COLUMN raw TYPE jsonb;\n\
              ALTER TABLE public.users ADD CONSTRAINT c CHECK (id > 0);\n";
    story.write("migrations/20990101000000_by_hand/up.sql", up);
    let before = linted(&story, "lint").0;
    let of = |rule: &str| before.iter().filter(|found| found.starts_with(rule)).count();
    assert_eq!((of("index-not-concurrent "), of("change-column-type "), of("check-not-valid ")), (1, 1, 1));

    let few = ", allow(\"index-not-concurrent\", reason = \"few rows\"), allow(\"check-not-valid\", reason = \"x\")";
    let column = ", allow(\"change-column-type\", reason = \"few rows\")";
    story.write("src/lib.rs", &lib(few, "", column));
    let (found, waived) = linted(&story, "lint");
    assert_eq!(waived, ["index-not-concurrent: few rows", "change-column-type: few rows"]);
    let of = |rule: &str| found.iter().filter(|found| found.starts_with(rule)).count();
    // What is about another table stands, and what waives nothing is said.
    assert_eq!((of("check-not-valid "), of("waiver-unused ")), (1, 1), "{found:?}");
    // Without the code nobody knows.
    let (found, waived) = linted(&story, "lint --no-code");
    assert!(found.iter().any(|found| found.starts_with("index-not-concurrent ")) && waived.is_empty());

    // It is about nothing in the database.
    std::fs::remove_dir_all(story.path().join("migrations/20990101000000_by_hand")).unwrap();
    assert_eq!(story.json("generate --quiet")["changed"], false);
    assert_eq!(story.read("migrations/schema.sql"), snapshot);
    let (found, _) = linted(&story, "check --quiet");
    assert!(found.iter().all(|found| !found.contains("stale") && !found.contains("ahead")), "{found:?}");
    // The gate knows what is allowed too.
    story.write("src/lib.rs", &lib(", allow(\"no-primary-key\", reason = \"a\")", "", ""));
    let (found, _) = linted(&story, "check --quiet");
    assert!(found.iter().all(|found| !found.starts_with("no-primary-key")), "{found:?}");
    assert!(found.iter().any(|found| found.starts_with("json-instead-of-jsonb")), "{found:?}");
}
