//! `schema diff` and `schema inspect` in the words of the command line, from files and databases, without a project.

use super::story::{Database, Story};
use crate::support;
use insta::assert_snapshot;

const OLD: &str = "\\restrict x\nSET client_encoding = 'UTF8';\nCREATE TABLE users (id int PRIMARY KEY, mail text);\n\\unrestrict x\n";
const NEW: &str = "CREATE TYPE state AS ENUM ('on', 'off');\nCREATE TABLE users (\n    id bigint PRIMARY KEY,\n    \
                   mail varchar(40) NOT NULL,\n    state state DEFAULT 'on'\n);\n";

fn story() -> Story {
    let story = Story::new();
    story.write("old.sql", OLD);
    story.write("new.sql", NEW);
    story
}

#[test]
fn two_files() {
    let story = story();
    story.write("parts/1_type.sql", "CREATE TYPE state AS ENUM ('on', 'off');");
    story.write("parts/2_table.sql", NEW.split_once('\n').unwrap().1);
    let lines = [
        "diff --from old.sql --to new.sql",
        "diff --from old.sql --to new.sql --exit-code --quiet",
        "diff --from new.sql --to parts --exit-code",
        "diff --from parts --to empty",
        "diff --from old.sql --to old.sql --exit-code",
    ];
    assert_snapshot!(lines.map(|line| story.show(line)).join("\n"));
    let json = story.json("diff --from old.sql --to new.sql");
    assert_snapshot!("diff_as_json", format!("{json:#}"));
    let json = story.json("diff --from new.sql --to parts");
    assert_eq!((&json["equal"], &json["sql"]), (&true.into(), &"".into()), "{json}");
}

#[test]
fn what_no_statement_changes_is_said() {
    let story = story();
    story.write("own.sql", "CREATE TABLE p (a int);\nCREATE TABLE c (a int) INHERITS (p);\n");
    story.write("inherited.sql", "CREATE TABLE p (a int);\nCREATE TABLE c () INHERITS (p);\n");
    story.write("more.sql", "CREATE TABLE p (a int);\nCREATE TABLE c (b int) INHERITS (p);\n");
    let lines = ["diff --from own.sql --to inherited.sql", "diff --from own.sql --to more.sql"];
    assert_snapshot!(lines.map(|line| story.show(line)).join("\n"));
    let json = story.json("diff --from own.sql --to inherited.sql");
    assert_eq!(json["not_changed"].as_array().map(Vec::len), Some(1), "{json}");
}

#[test]
fn what_other_tools_record_is_a_part_of_a_database() {
    let mut database = Database::new();
    let mut story = Story::new();
    story.use_database(&database);
    let sql = "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY)";
    database.db.client().batch_execute(sql).unwrap();
    let shown = story.command("inspect").arg(database.db.url()).output().unwrap();
    assert!(String::from_utf8(shown.stdout).unwrap().contains("__diesel_schema_migrations"));
}

#[test]
fn renames_are_said() {
    let story = story();
    story.write("renamed.sql", "CREATE TABLE people (id int PRIMARY KEY, email text);\n");
    let line = "diff --from old.sql --to renamed.sql --rename users=people --rename people.mail=email";
    assert_snapshot!(
        [line, "diff --from old.sql --to renamed.sql --rename users=folk"]
            .map(|line| story.show(line))
            .join("\n")
    );
}

#[test]
fn databases() {
    let mut database = Database::new();
    let mut story = Story::new();
    story.use_database(&database);
    database.db.client().batch_execute("CREATE TABLE users (id int PRIMARY KEY, mail text)").unwrap();
    story.write("same.sql", OLD);
    story.write("new.sql", NEW);
    let url = database.db.url();
    let run = |from: &str, to: &str| {
        let output = story.command("diff --exit-code").args(["--from", from, "--to", to]).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run(&url, "same.sql"), (0, String::new()));
    assert_eq!(run("same.sql", &url), (0, String::new()));
    let (code, plan) = run(&url, "new.sql");
    assert_eq!(code, 1, "{plan}");
    database.db.client().batch_execute(&plan).unwrap();
    assert_eq!(run(&url, "new.sql"), (0, String::new()));
    // Renames of a live database are tried on a copy of it.
    database.db.client().batch_execute("INSERT INTO users VALUES (1, 'x')").unwrap();
    story.write("renamed.sql", &NEW.replace("users", "people"));
    let mut command = story.command("diff --rename users=people --to renamed.sql");
    let output = command.args(["--from", &url]).output().unwrap();
    let plan = String::from_utf8(output.stdout).unwrap();
    assert!(plan.contains("RENAME TO people") && !plan.contains("DROP"), "{plan}");
    assert_eq!(
        database.db.client().query_one("SELECT mail FROM users", &[]).unwrap().get::<_, String>(0),
        "x"
    );
}

#[test]
fn what_is_no_source() {
    let story = Story::new();
    story.write("broken.sql", "CREATE TABLE a ();\n\nCREATE TABLE b (\n    c nonsense\n);\n");
    story.write("unended.sql", "SELECT 1;\nSELECT 'x;\n");
    story.write("psql.sql", "\\connect other\n");
    story.write("rows.sql", "CREATE TABLE a (b text);\nCOPY a (b) FROM stdin;\nit's\n\\.\n");
    story.write("notes.txt", "");
    std::fs::create_dir(story.path().join("none")).unwrap();
    let lines = [
        "broken.sql",
        "unended.sql",
        "psql.sql",
        "rows.sql",
        "nowhere.sql",
        "notes.txt",
        "none",
        "migratoins",
        "migrations",
    ];
    let shown = lines.map(|word| story.show(&format!("inspect {word}"))).join("\n");
    assert_snapshot!(shown);
    let output = story.run("inspect postgres://me:hunter2@127.0.0.1:1/x");
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("me@127.0.0.1:1/x") && !told.contains("hunter2"), "{told}");
    let output = story.run("inspect code");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn escapes_are_printed_as_they_are() {
    let story = Story::new();
    story.write("a.sql", "CREATE TABLE a (b text DEFAULT E'\\x1b[31m\\r\\n-- x');\n");
    let printed = String::from_utf8(story.run("inspect a.sql").stdout).unwrap();
    assert!(printed.contains("'\u{1b}[31m\r\n-- x'"), "{printed:?}");
    story.write("b.sql", &printed);
    assert_eq!(story.run("diff --from a.sql --to b.sql").stdout, b"");
}

#[test]
fn forms_of_a_schema() {
    let story = Story::new();
    story.write(
        "new.sql",
        &format!(
            "{NEW}CREATE SCHEMA shop; CREATE TABLE shop.\"the order\" (id int PRIMARY KEY, \
        \"user\" bigint NOT NULL UNIQUE REFERENCES users, at timestamptz);"
        ),
    );
    let lines = [
        "inspect new.sql",
        "inspect new.sql --schema shop --quiet",
        "inspect new.sql --format mermaid",
        "inspect new.sql --format dot",
        "inspect new.sql --schema shoop",
        "status --format mermaid",
    ];
    assert_snapshot!(lines.map(|line| story.show(line)).join("\n"));
    // The whole form is that of the Catalog, and grows with the kinds.
    let json = story.json("inspect new.sql --schema shop");
    let objects = json["objects"].as_array().unwrap();
    let kinds: Vec<&str> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "column").count(), 3, "{json:#}");
    let table = objects.iter().find(|object| object["kind"] == "table").unwrap();
    assert_eq!(table["name"], serde_json::json!({"schema": "shop", "name": "the order"}));
    assert!(json["server_version"].as_u64() >= Some(140_000) && json["unmodeled"].is_object(), "{json:#}");
}

/// What `inspect` prints makes an equal database of an empty one: `pg_dump` sees no difference.
#[test]
fn sql_restores() {
    let mut server = support::scratch();
    let sql = "CREATE SCHEMA app; CREATE TYPE app.state AS ENUM ('a', 'it''s'); CREATE SEQUENCE app.numbers START 7;
        CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE, boss bigint
            REFERENCES app.users, state app.state NOT NULL DEFAULT 'a', n int DEFAULT nextval('app.numbers') CHECK (n > 0));
        CREATE TABLE app.\"Odd \"\"one\" (s serial, u bigint REFERENCES app.users ON DELETE CASCADE, EXCLUDE (u WITH =));
        CREATE INDEX ON app.users (lower(mail)) WHERE n > 3; COMMENT ON COLUMN app.users.mail IS E'a\\nb';";
    let mut from = support::load(&mut server, sql);
    let story = Story::new();
    let output = story.command("inspect").arg(from.url()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let to = support::load(&mut server, &printed);
    assert_eq!(support::dump(&server, &from), support::dump(&server, &to), "{printed}");
    assert!(support::catalog(&mut from).objects.len() > 20);
}
