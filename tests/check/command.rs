//! The command, on a project that is generated, edited and put in order again.

use crate::cli::story::{Database, Story, USER};

/// The rules of the findings, with their places.
fn rules(object: &serde_json::Value) -> Vec<String> {
    let found = object["findings"].as_array().unwrap_or_else(|| panic!("{object}"));
    let name = |finding: &serde_json::Value| {
        format!(
            "{} {}:{}",
            finding["rule"].as_str().unwrap(),
            finding["file"].as_str().unwrap(),
            finding["line"]
        )
    };
    found.iter().map(name).collect()
}

/// The folder of the migration, and its `up.sql`.
fn only_migration(story: &Story) -> (String, String) {
    let folders = std::fs::read_dir(story.path().join("migrations")).unwrap();
    let folder = folders.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let folder = format!("migrations/{}", folder.file_name().unwrap().to_str().unwrap());
    let up = story.read(&format!("{folder}/up.sql"));
    (folder, up)
}

#[test]
fn a_gate_for_ci() {
    let story = Story::project("gate");
    story.write("src/lib.rs", USER);
    // No database of the user's is asked for, nor looked at.
    story.write(".env", "DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n");
    let check = || story.json("check --quiet");
    assert_eq!(rules(&check()), ["models-ahead-of-history src/lib.rs:5"]);

    assert_eq!(story.run("generate --quiet --name begin").status.code(), Some(0));
    let output = story.run("check --quiet");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"".as_slice()));
    let object = check();
    assert_eq!(rules(&object), [""; 0]);
    assert_eq!(object["checked"]["downs"], 1);
    let told = String::from_utf8(story.run("check --verbose").stderr).unwrap();
    assert!(told.contains("nothing has changed since an earlier check"), "{told}");
    assert!(!told.contains("start the scratch server"), "{told}");

    // The code changes, and nobody generates.
    story.write("src/lib.rs", &USER.replace("mail: String", "mail: String,\n    pub age: Option<i32>"));
    assert_eq!(rules(&check()), ["models-ahead-of-history src/lib.rs:9"]);
    let output = story.run("check --quiet --format github");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let begin =
        "::error file=src/lib.rs,line=9,title=models-ahead-of-history::the code declares column users.age";
    assert!(text.starts_with(begin), "{text}");
    let output = story.run("check --quiet --format sarif");
    let sarif: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "models-ahead-of-history");
    let last = "    pub mail: String,\n";
    story.write("src/lib.rs", &USER.replace(last, ""));
    assert_eq!(
        rules(&check()),
        ["history-ahead-of-models migrations/schema.sql:5", "schema-sql-stale migrations/schema.sql:5"]
    );
    story.write("src/lib.rs", USER);

    // schema.sql alone is behind.
    let snapshot = story.read("migrations/schema.sql");
    story.write("migrations/schema.sql", &snapshot.replace("mail", "email"));
    assert_eq!(rules(&check()), ["schema-sql-stale migrations/schema.sql:6"]);
    story.write("migrations/schema.sql", &snapshot);
    assert_eq!(rules(&check()), [""; 0]);

    // Somebody edits a migration.
    let (folder, up) = only_migration(&story);
    story.write(&format!("{folder}/up.sql"), &up.replace("mail text", "mail varchar"));
    let object = check();
    assert_eq!(rules(&object), ["snapshot-does-not-replay migrations/schema.sql:1"]);
    let message = object["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("- column users.mail") && message.contains("varchar"), "{message}");
    story.write(&format!("{folder}/up.sql"), &format!("{up}\nCREATE TABLE broken (x nonsense);\n"));
    let object = check();
    let line = up.lines().count() + 2;
    assert_eq!(rules(&object), [format!("snapshot-does-not-replay {folder}/up.sql:{line}")]);
    assert!(object["findings"][0]["message"].as_str().unwrap().contains("SQLSTATE 42704"), "{object}");
    story.write(&format!("{folder}/up.sql"), &format!("{up}\nBEGIN;\n"));
    assert_eq!(rules(&check()), [format!("unreadable {folder}/up.sql:{line}")]);
    story.write(&format!("{folder}/up.sql"), &up);

    std::fs::remove_file(story.path().join(&folder).join("down.sql")).unwrap();
    assert_eq!(rules(&check()), [format!("downgrade-missing {folder}/up.sql:1")]);
    assert_eq!(story.run("check --quiet").status.code(), Some(0));
    assert_eq!(story.run("check --quiet --strict").status.code(), Some(1));
}

#[test]
fn what_has_run_is_not_edited() {
    let mut database = Database::new();
    let mut story = Story::project("applied");
    story.write("src/lib.rs", USER);
    let directory = story.path().to_owned();
    let git = |arguments: &str| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]);
        let output = command.args(arguments.split(' ')).current_dir(&directory).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    let output = story.run("check --base main");
    assert_eq!(output.status.code(), Some(1), "there is no folder yet: {output:?}");
    assert_eq!(story.run("generate --quiet --name begin").status.code(), Some(0));
    let (folder, up) = only_migration(&story);
    git("init --quiet .");
    let output = story.run("check --base main");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("fetch-depth: 0"));
    git("add -A");
    git("commit --quiet -m begin");
    let check = |story: &Story, more: &str| rules(&story.json(&format!("check --quiet {more}")));
    assert_eq!(check(&story, "--base main"), [""; 0]);

    // Comments are free, statements are not; what comes before is out of order.
    story.write(&format!("{folder}/up.sql"), &format!("{up}-- well done\n"));
    assert_eq!(check(&story, "--base main"), [""; 0]);
    story.write(&format!("{folder}/up.sql"), &format!("{up}SELECT 1;\n"));
    story.write("migrations/20000101000000_early/up.sql", "SELECT 2;\n");
    story.write("migrations/20000101000000_early/down.sql", "SELECT 2;\n");
    let expected = [
        format!("diverged-heads {folder}/up.sql:1"),
        "out-of-order migrations/20000101000000_early/up.sql:1".to_owned(),
        format!("applied-migration-edited {folder}/up.sql:1"),
    ];
    assert_eq!(check(&story, "--base main"), expected);
    // Without a base nobody knows.
    assert_eq!(check(&story, ""), [format!("diverged-heads {folder}/up.sql:1")]);
    std::fs::remove_dir_all(story.path().join("migrations/20000101000000_early")).unwrap();

    // The same against a database, only where it is asked for.
    story.write(&format!("{folder}/up.sql"), &up);
    story.use_database(&database);
    assert_eq!(story.run("migrate --quiet").status.code(), Some(0));
    assert_eq!(check(&story, "--database"), [""; 0]);
    story.write(&format!("{folder}/up.sql"), &format!("{up}SELECT 1;\n"));
    assert_eq!(check(&story, ""), [""; 0]);
    assert_eq!(check(&story, "--database"), [format!("applied-migration-edited {folder}/up.sql:1")]);
    database.db.client().batch_execute("DROP SCHEMA schema_history CASCADE").unwrap();
    assert_eq!(check(&story, "--database"), [""; 0]);
}
