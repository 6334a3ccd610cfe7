//! The whole line in the words of the command line: structs, `schema generate`, `schema migrate`, changed structs.

use super::story::{Database, Story, USER, parts};

/// The folders of the migrations, without their moments.
fn migrations(story: &Story) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(story.path().join("migrations")) else { return Vec::new() };
    let folders = entries.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names.into_iter().map(|name| name[15..].to_owned()).collect()
}

#[test]
fn structs_to_database_and_on() {
    let mut database = Database::new();
    let mut story = Story::project("line");
    story.use_database(&database);
    story.write("src/lib.rs", USER);
    let generate = |arguments: &str| parts(&story.run(&format!("generate --quiet {arguments}")));

    // Shown, not written.
    let (code, sql, _) = generate("--dry-run");
    assert_eq!(code, 0);
    assert!(sql.contains("CREATE TABLE") && sql.contains("src/lib.rs:"), "{sql}");
    assert!(migrations(&story).is_empty());
    let (code, _, told) = parts(&story.run("generate --verbose --dry-run --scratch server"));
    assert_eq!(code, 0, "{told}");
    let proven = told.lines().find(|line| line.starts_with("proven on")).unwrap();
    assert!(proven.contains('@'), "not the database's own server: {proven}");

    assert_eq!(generate("--name begin").0, 0);
    assert_eq!(migrations(&story), ["begin"]);
    assert_eq!(story.json("generate --quiet")["changed"], false);
    assert_eq!(migrations(&story), ["begin"]);
    assert_eq!(story.run("status").status.code(), Some(1));
    assert_eq!(story.run("migrate").status.code(), Some(0));
    database.db.client().batch_execute("insert into users values (1, 'a@b')").unwrap();

    // Gone and new: nobody but a person knows whether that is a rename.
    story.write("src/lib.rs", &USER.replace("mail", "email"));
    let (code, _, error) = generate("");
    assert_eq!(code, 3, "{error}");
    assert!(error.contains("--rename users.mail=users.email"), "{error}");
    assert!(error.contains("--drop users.mail"), "{error}");
    assert_eq!(story.json("generate --quiet --no-input")["error"]["class"], "refused");
    assert_eq!(migrations(&story), ["begin"]);
    let renamed = story.json("generate --quiet --name email --rename users.mail=users.email");
    assert!(renamed["up"].as_str().unwrap().contains("RENAME COLUMN"), "{renamed}");
    assert_eq!(story.run("migrate").status.code(), Some(0));
    let row = database.db.client().query_one("select email from users", &[]).unwrap();
    assert_eq!(row.get::<_, String>(0), "a@b");

    // Data goes only by name.
    story.write("src/lib.rs", &USER.replace("    pub mail: String,\n", ""));
    let (code, _, error) = generate("");
    assert_eq!(code, 3, "{error}");
    assert!(error.contains("--allow data-loss"), "{error}");
    assert_eq!(generate("--allow data-loss").0, 0);
    assert_eq!(migrations(&story).len(), 3);
    assert_eq!(story.run("migrate").status.code(), Some(0));
    assert_eq!(story.run("status").status.code(), Some(0));
}

#[test]
fn from_below_the_project() {
    let story = Story::project("below");
    story.write("schema.toml", "migrations = \"db\"\n");
    story.write("src/lib.rs", USER);
    let run = |arguments: &str| {
        parts(&story.command(arguments).current_dir(story.path().join("src")).output().unwrap())
    };
    let (code, told, error) = run("generate --quiet --manifest-path ../Cargo.toml --dry-run");
    assert_eq!(code, 0, "{error}");
    assert!(told.starts_with("../db/"), "{told}");
}

#[test]
fn where_the_proof_runs() {
    let story = Story::project("proof");
    story.write("src/lib.rs", USER);
    // No machine has it yet.
    story.write("schema.toml", "scratch-major = 99\n");
    let (code, _, told) = parts(&story.run("generate --verbose --dry-run"));
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("note: scratch-major is 99, but scratch is PostgreSQL 1"), "{told}");
    let (code, _, told) = parts(&story.run("generate --dry-run"));
    assert!(code == 0 && !told.contains("scratch-major"), "{told}");
    std::fs::remove_file(story.path().join("schema.toml")).unwrap();

    // The database's own server is the one of the variables, which may stand in .env.
    story.write(".env", "PGHOST=127.0.0.1\nPGPORT=1\nPGUSER=me\nPGPASSWORD=hunter2\n");
    let named = "generate --verbose --scratch postgres://me:hunter2@127.0.0.1:1/x?sslmode=require";
    let broken = "generate --verbose --scratch postgres://me:hunter2@127.0.0.1:port/x";
    for (arguments, expected, error) in [
        ("generate --verbose --scratch server", 4, "the scratch server: postgres://me@127.0.0.1:1/"),
        (named, 4, "the scratch server: postgres://me@127.0.0.1:1/x"),
        (broken, 2, "the value of port (from --scratch)"),
    ] {
        let (code, _, told) = parts(&story.run(arguments));
        assert_eq!(code, expected, "{told}");
        assert!(told.contains(error) && !told.contains("hunter2"), "{told}");
    }
}

#[test]
fn what_does_not_build_is_not_dropped() {
    let story = Story::project("broken");
    story.write("src/lib.rs", "pub fn broken( {}\n");
    let (code, _, error) = parts(&story.run("generate"));
    assert_eq!(code, 4, "{error}");
    assert!(error.contains("src/lib.rs:1") && error.contains("does not build"), "{error}");
    story.write("src/lib.rs", "");
    let (code, _, error) = parts(&story.run("generate"));
    assert_eq!(code, 4, "{error}");
    assert!(error.contains("no #[derive(Table)]"), "{error}");
    assert!(migrations(&story).is_empty());
}
