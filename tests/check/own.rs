//! The lines for the user's own test suite, in a library, in its `tests/`, and in a program without a library.

use crate::cli::story::{Story, USER};
use std::process::Command;

const TEST: &str =
    "#[test]\nfn schema_sql_is_current() {\n    schema_core::assert_current!(\"migrations\");\n}\n";

fn project(name: &str) -> Story {
    let story = Story::project(name);
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema-core");
    let features =
        format!("\n[dev-dependencies]\nschema-core = {{ path = {core:?}, features = [\"test\"] }}\n");
    story.write("Cargo.toml", &(story.read("Cargo.toml") + &features));
    story
}

/// Whether `cargo test` passes, and what it prints.
fn cargo_test(story: &Story) -> (bool, String) {
    let mut command = Command::new("cargo");
    for (name, value) in story.command("").get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.args(["test", "--offline"]).current_dir(story.path()).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), text)
}

#[test]
fn of_a_library() {
    let story = project("own-library");
    let inside = format!("#[cfg(test)]\nmod tests {{\n{TEST}}}\n");
    story.write("src/lib.rs", &format!("{USER}{inside}"));
    // A table of the tests is none of the crate's.
    let outside =
        "use own_library as _;\n\n#[derive(schema_core::Table)]\npub struct Other {\n    pub id: i64,\n}\n";
    let text = "#[test]\nfn text() {\n    assert!(schema_core::declared_sql!().contains(\"CREATE TABLE users (\"));\n    \
                assert!(!schema_core::declared_sql!().contains(\"others\"));\n}\n";
    story.write("tests/schema.rs", &format!("{outside}\n{TEST}\n{text}"));
    assert_eq!(story.run("generate --quiet").status.code(), Some(0));
    let (passed, told) = cargo_test(&story);
    assert!(passed && told.matches("schema_sql_is_current ... ok").count() == 2, "{told}");
    assert!(told.contains("test text ... ok"), "{told}");

    // Struct and file differ; both tests say where.
    story.write("src/lib.rs", &format!("{}{inside}", USER.replace("mail", "email")));
    let (passed, told) = cargo_test(&story);
    assert!(!passed, "{told}");
    for line in [
        "migrations/schema.sql is not what the code declares",
        "  - ",
        "mail text",
        "  src/lib.rs:5\n  + ",
        "schema generate",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }

    // A test program without the library has nothing to say, and says so.
    story.write("src/lib.rs", USER);
    story.write("tests/schema.rs", TEST);
    let (passed, told) = cargo_test(&story);
    assert!(!passed && told.contains("use my_app as _;"), "{told}");
}

#[test]
fn of_a_program() {
    let story = project("own-program");
    let rest = format!("fn main() {{}}\n\n#[cfg(test)]\nmod tests {{\n{TEST}}}\n");
    story.write("src/main.rs", &format!("{USER}{rest}"));
    assert_eq!(story.run("generate --quiet").status.code(), Some(0));
    let (passed, told) = cargo_test(&story);
    assert!(passed && told.contains("1 passed"), "{told}");
    story.write("migrations/schema.sql", &story.read("migrations/schema.sql").replace('\n', "\r\n"));
    assert!(cargo_test(&story).0);
    story.write("src/main.rs", &format!("{}{rest}", USER.replace("String", "i32")));
    let (passed, told) = cargo_test(&story);
    assert!(!passed && told.contains("integer"), "{told}");
}
