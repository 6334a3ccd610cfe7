//! What people write by hand: empty migrations, edits and their proof, and changes in a live database.

use crate::cli::story::{Database, Story, USER, parts};

fn rules(object: &serde_json::Value) -> Vec<&str> {
    let found = object["findings"].as_array().unwrap_or_else(|| panic!("{object}"));
    found.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn an_empty_migration_is_written_and_proven() {
    let story = Story::project("by-hand");
    story.write("src/lib.rs", USER);
    let (code, _, error) = parts(&story.run("prove"));
    assert!(code == 2 && error.contains("there is no folder"), "{error}");
    assert_eq!(story.run("generate --quiet --name begin").status.code(), Some(0));

    let (code, _, error) = parts(&story.run("generate --custom --edit"));
    assert!(code == 3 && error.contains("there is no terminal"), "{error}");
    let made = story.json("generate --custom --name backfill");
    let (folder, id) = (made["folder"].as_str().unwrap(), made["id"].as_str().unwrap());
    let (up, down) = (format!("{folder}/up.sql"), format!("{folder}/down.sql"));
    assert!(story.read(&up).contains("\n-- Written by hand, not proven yet"), "{made}");
    assert!(id.ends_with("_backfill") && story.read(&up).contains("_begin\n-- schema:tool "));
    assert_eq!(rules(&story.json("check --quiet")), ["downgrade-missing"]);

    // A down that does not undo is not proven.
    let head = story.read(&up);
    story.write(&up, &format!("{head}CREATE TABLE extra (x int);\n"));
    story.write(&down, "CREATE TABLE other ();\n");
    let proof = story.json("prove --quiet");
    assert_eq!(rules(&proof), ["down-does-not-undo"]);
    assert!(story.read(&up).starts_with(&head));

    // One that does is, but the code does not say the same.
    story.write(&down, "DROP TABLE extra;\n");
    let proof = story.json("prove --quiet backfill");
    assert_eq!((rules(&proof), &proof["proven"][0]), (vec!["snapshot-does-not-replay"], &made["id"]));
    let text = story.read(&up);
    assert!(text.contains("\n-- Proven on PostgreSQL 1") && !text.contains("not proven yet"), "{text}");
    assert!(text.ends_with("\nCREATE TABLE extra (x int);\n") && story.read(&down) == "DROP TABLE extra;\n");
    assert_eq!(story.run("prove --quiet").status.code(), Some(1));

    story.write(&up, &format!("{head}UPDATE users SET mail = lower(mail);\n"));
    story.write(&down, "-- schema:irreversible the letters' case is gone\n");
    let (code, told, _) = parts(&story.run("prove"));
    assert_eq!(code, 0, "{told}");
    assert!(
        told.contains("ran up; there is no way back") && told.contains("add up to what the code declares")
    );
    assert_eq!(rules(&story.json("check --quiet --no-lint")), [""; 0]);
    // Lint reads what nobody generated.
    assert_eq!(rules(&story.json("check --quiet")), ["unqualified-names", "update-without-where"]);

    // What does not run has its place.
    story.write(&up, &format!("{head}UPDATE nobody SET mail = 'x';\n"));
    let (code, annotated, _) = parts(&story.run("prove --quiet --format github"));
    assert_eq!(code, 1);
    let line = head.lines().count() + 1;
    assert!(
        annotated.starts_with(&format!("::error file={up},line={line},title=snapshot-does-not-replay::"))
    );
}

#[cfg(unix)]
#[test]
fn the_editor_opens_where_somebody_sits() {
    let story = Story::new();
    story.write(
        "edit.sh",
        "#!/bin/sh\necho 'CREATE TABLE edited (x int);' >> \"$1\"\necho 'DROP TABLE edited;' >> \"$2\"\n",
    );
    // `script` gives the program a terminal.
    let program = crate::cli::story::PROGRAM;
    let mut command = std::process::Command::new("script");
    let line = format!("{program} generate --custom --name by_editor --edit");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(story.path())
        .env_remove("CI")
        .env_remove("VISUAL");
    let output = command.env("EDITOR", "sh edit.sh").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}");
    let folder = std::fs::read_dir(story.path().join("migrations")).unwrap().next().unwrap().unwrap().path();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("up.sql").ends_with("CREATE TABLE edited (x int);\n"), "{told}");
    assert!(read("down.sql").ends_with("DROP TABLE edited;\n"), "{told}");
}

#[test]
fn drift_is_shown_and_adopted() {
    let mut database = Database::new();
    let mut story = Story::project("drift");
    story.use_database(&database);
    story.write("src/lib.rs", USER);
    let (code, _, error) = parts(&story.run("generate --from live"));
    assert!(code == 2, "{error}");
    assert_eq!(story.run("generate --quiet --name begin").status.code(), Some(0));
    let (code, _, error) = parts(&story.run("generate --from live"));
    assert!(code == 3 && error.contains("no migration of this project has run"), "{error}");
    assert_eq!(story.run("migrate --quiet").status.code(), Some(0));
    let (code, told, _) = parts(&story.run("status --drift"));
    assert!(code == 0 && told.contains("no drift"), "{told}");

    // Somebody helps out in the night.
    let by_hand = "INSERT INTO users VALUES (1, 'a@b'); CREATE INDEX users_mail ON users (mail);
                   ALTER TABLE users ADD seen timestamptz";
    database.db.client().batch_execute(by_hand).unwrap();
    let (code, told, _) = parts(&story.run("status --drift"));
    assert_eq!(code, 1);
    for line in ["add    column users.seen", "CREATE INDEX", "users_mail", "DROP COLUMN seen", "DROP INDEX"] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let found = story.json("status --drift");
    assert_eq!(found["drift"]["drift"], true);
    // Both directions are what diff says.
    for (from, to, key) in [("migrations", "URL", "there"), ("URL", "migrations", "back")] {
        let url = database.db.url();
        let [from, to] = [from, to].map(|word| if word == "URL" { url.as_str() } else { word });
        let output = story.command("diff").args(["--from", from, "--to", to]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), found["drift"][key].as_str().unwrap());
    }

    // Written without touching the database, and recorded there in a second step.
    let (code, told, _) = parts(&story.run("generate --from live --dry-run"));
    assert!(code == 0 && told.contains("proven, not written"), "{told}");
    let made = story.json("generate --from live --name night_shift");
    assert_eq!(made["written"], true);
    assert_eq!(story.json("status")["pending"], 1);
    let (code, told, _) = parts(&story.run("generate --from live"));
    assert!(code == 0 && told.contains("--adopt") && told.contains("night_shift"), "{told}");
    assert_eq!(story.json("status")["pending"], 1);
    let recorded = story.json("generate --from live --adopt");
    assert_eq!(recorded["recorded"][0], made["id"]);
    assert_eq!(story.json("status")["pending"], 0);
    assert_eq!(story.run("status --drift").status.code(), Some(0));
    assert_eq!(story.run("migrate").status.code(), Some(0));

    // The gate says what the code lacks; with it all is well.
    assert_eq!(rules(&story.json("check --quiet --no-lint")), ["snapshot-does-not-replay"]);
    let code = USER.replace(
        "mail: String",
        "mail: String,\n    #[column(sql_type = \"timestamptz\")]\n    pub seen: Option<i64>",
    );
    let code = code.replace(
        "#[table(name = \"users\"",
        "#[table(name = \"users\", index(columns(mail), name = \"users_mail\")",
    );
    story.write("src/lib.rs", &code);
    assert_eq!(story.json("generate --quiet")["snapshot_written"], true);
    assert_eq!(rules(&story.json("check --quiet --no-lint")), [""; 0]);

    // In one step; what is pending comes first, and data that would go elsewhere is not given up in passing.
    database.db.client().batch_execute("ALTER TABLE users DROP COLUMN seen").unwrap();
    let (code, _, error) = parts(&story.run("generate --from live --adopt"));
    assert!(code == 3 && error.contains("--drop users.seen"), "{error}");
    let custom = story.json("generate --custom --name later");
    story.write(&format!("{}/up.sql", custom["folder"].as_str().unwrap()), "CREATE TABLE later (x int);\n");
    let (code, _, error) = parts(&story.run("generate --from live --adopt --drop users.seen"));
    assert!(code == 3 && error.contains("is pending on this database"), "{error}");
    assert_eq!(story.run("migrate").status.code(), Some(0));
    let made = story.json("generate --from live --adopt --drop users.seen");
    assert_eq!(made["written"], true);
    assert_eq!(story.json("status")["pending"], 0);
    assert_eq!(story.run("status --drift").status.code(), Some(0));
    let rows = database.db.client().query_one("SELECT mail FROM users", &[]).unwrap();
    assert_eq!(rows.get::<_, String>(0), "a@b");
}
