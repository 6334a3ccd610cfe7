//! `schema push` in the words of the command line; what it does is tested beside the engine.

use super::story::{Database, Story};
use insta::assert_snapshot;

const USER: &str = "use schema_core::Table;\n\n#[derive(Table)]\n#[table(name = \"users\")]\npub struct User {\n    \
                    #[column(primary_key)]\n    pub id: i64,\n    pub mail: Option<String>,\n}\n";

#[test]
fn try_out_and_put_right() {
    let mut database = Database::new();
    let mut story = Story::project("push");
    story.use_database(&database);
    story.write("src/lib.rs", USER);
    let show = |story: &Story, arguments: &str| story.show(&format!("push --quiet {arguments}"));
    let mut shown = Vec::new();
    shown.push(show(&story, "--dry-run"));
    shown.push(story.show("push -q --yes"));
    shown.push(show(&story, ""));
    let rows = "insert into users select i, nullif('m' || i, 'm2') from generate_series(1, 3) i; create table theirs ()";
    database.db.client().batch_execute(rows).unwrap();

    story.write("src/lib.rs", &USER.replace("Option<String>", "String"));
    shown.push(show(&story, ""));
    let error = story.json("push --quiet");
    assert_eq!(error["error"]["class"], "refused", "{error}");
    assert!(error["error"]["at"][0]["file"].as_str().unwrap().ends_with("src/lib.rs"), "{error}");
    database.db.client().batch_execute("update users set mail = 'x' where mail is null").unwrap();
    let json = story.json("push --quiet");
    assert_snapshot!(
        "push_as_json",
        format!("{json:#}").replace(json["database"].as_str().unwrap(), "DATABASE")
    );

    story.write("src/lib.rs", &USER.replace("    pub mail: Option<String>,\n", ""));
    shown.push(show(&story, ""));
    shown.push(show(&story, "--drop users.mail"));
    shown.push(show(&story, ""));
    story.write("schema.toml", "[push]\nundeclared = \"drop\"\n");
    shown.push(show(&story, ""));
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_database_that_is_migrated() {
    let database = Database::new();
    let mut story = Story::project("pushed_after");
    story.use_database(&database);
    story.write("src/lib.rs", USER);
    for line in ["generate --quiet --name begin", "migrate --quiet"] {
        assert_eq!(story.run(line).status.code(), Some(0));
    }
    let output = story.run("push");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && told.contains("migrations have run on this database"), "{told}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("nothing to push"), "{said}");
}

#[test]
fn no_database() {
    let story = Story::project("pushed_nowhere");
    story.write("src/lib.rs", USER);
    let output = story.run("push --database-url postgres://me:hunter2@127.0.0.1:1/x");
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("127.0.0.1:1") && !told.contains("hunter2"), "{told}");
    assert_eq!(story.run("push").status.code(), Some(2));
}
