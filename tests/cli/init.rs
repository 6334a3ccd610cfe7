//! `schema init`.

use super::story::Story;
use insta::assert_snapshot;

#[test]
fn in_an_empty_directory_and_again() {
    let story = Story::new();
    let told = story.show("init") + &story.read("schema.toml") + &story.show("init");
    assert_snapshot!(told);
    assert!(story.path().join("migrations").is_dir());
}

#[test]
fn keeps_what_is_there() {
    let story = Story::new();
    story.write("schema.toml", "migrations = \"db/changes\"\n");
    let json = story.json("init");
    assert_eq!(json["kept"], serde_json::json!(["schema.toml"]));
    assert_eq!(json["created"], serde_json::json!(["db/changes"]));
    assert_eq!(story.read("schema.toml"), "migrations = \"db/changes\"\n");
}

#[test]
fn knows_the_packages() {
    let story = Story::new();
    let manifest = |name: &str, dependencies: &str| {
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}")
    };
    story.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    story.write("a/Cargo.toml", &manifest("a", "schema-core = \"0.1\"\n"));
    story.write("b/Cargo.toml", &manifest("b", ""));
    story.write("a/src/lib.rs", "");
    story.write("b/src/lib.rs", "");
    let told = story.show("init --database-url postgres://localhost/app") + &story.read("schema.toml");
    assert_snapshot!(told);
}

#[test]
fn a_project_that_cargo_cannot_read() {
    let story = Story::new();
    story.write("Cargo.toml", "[package]\n");
    let told = story.show("init");
    assert!(told.contains("! note: cargo cannot read this project"), "{told}");
    assert!(told.contains("next 1   `cargo add schema-core`"), "{told}");
}

#[test]
fn writes_no_password() {
    let story = Story::new();
    let told = story.show("init --database-url postgres://me:hunter2@localhost/app");
    assert!(told.contains("! warning: the URL holds a password"), "{told}");
    let (_, told) = told.split_once('\n').unwrap();
    assert!(!told.contains("hunter2"), "{told}");
    assert!(!story.read("schema.toml").contains("hunter2"));
}
