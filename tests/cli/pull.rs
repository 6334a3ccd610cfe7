//! `schema pull`.

use super::story::{Database, Story};
use insta::assert_snapshot;

const SHOP: &str = "\
CREATE TYPE order_status AS ENUM ('open', 'paid');
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL UNIQUE, at timestamptz);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL REFERENCES users,
    status order_status NOT NULL DEFAULT 'open');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at = now(); RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
";

const MANIFEST: &str = "\
[package]
name = \"shop\"
edition = \"2024\"
[dependencies]
schema-core = \"0.1\"
uuid = \"1\"
";

fn shop() -> Story {
    let story = Story::new();
    story.write("Cargo.toml", MANIFEST);
    story.write("src/lib.rs", "");
    story.write("shop.sql", SHOP);
    story
}

#[test]
fn a_file_of_sql() {
    let story = shop();
    let mut told = story.show("pull shop.sql");
    told += &story.read("src/schema/mod.rs");
    told += &story.read("src/schema/triggers.sql");
    assert_snapshot!(told);
}

#[test]
fn the_configured_database() {
    let mut database = Database::new();
    database.db.client().batch_execute(SHOP).unwrap();
    let mut story = shop();
    story.use_database(&database);
    let from_file = story.json("pull shop.sql --out src/one");
    let from_database = story.json("pull --out src/two");
    assert_eq!(from_file["proven"], true);
    assert_eq!(from_database["proven"], true);
    let items = |file: &str| {
        let text = story.read(file).replace("src/two", "src/one");
        text.split_once("\nuse ").map(|(_, items)| items.to_owned()).unwrap()
    };
    assert_eq!(items("src/one/mod.rs"), items("src/two/mod.rs"));
}

#[test]
fn types_that_are_wanted() {
    let story = shop();
    let none = story.json("pull shop.sql --types none");
    assert!(
        story
            .read("src/schema/mod.rs")
            .contains("#[column(sql_type = \"uuid\", primary_key)]\n    pub id: String,")
    );
    assert_eq!(none["next"].as_array().unwrap().len(), 1);
    let jiff = story.json("pull shop.sql --types jiff,uuid");
    assert!(story.read("src/schema/mod.rs").contains("pub at: Option<jiff::Timestamp>,"));
    let next = jiff["next"].as_array().unwrap();
    assert_eq!(next[0], "`cargo add jiff`");
    assert_eq!(next[1], "`cargo add schema-core --features uuid,jiff`");
}

/// A file that somebody has written or edited is theirs.
#[test]
fn edits_are_kept() {
    let story = shop();
    assert_eq!(story.run("pull shop.sql").status.code(), Some(0));
    let first = story.read("src/schema/mod.rs");
    assert_eq!(story.run("pull shop.sql").status.code(), Some(0));
    assert_eq!(story.read("src/schema/mod.rs"), first);

    story.write("src/schema/mod.rs", &first.replace("pub struct User", "pub struct Person"));
    story.write("src/schema/functions.sql", "-- mine\n");
    let mut told = story.show("pull shop.sql");
    assert!(story.read("src/schema/mod.rs").contains("pub struct Person"));
    assert_eq!(story.read("src/schema/functions.sql"), "-- mine\n");
    told += &story.show("pull shop.sql --force");
    assert_eq!(story.read("src/schema/mod.rs"), first);
    assert_snapshot!(told);
}

#[test]
fn what_cannot_be_carried_is_named() {
    let story = shop();
    story.write("shop.sql", "CREATE TABLE t (a integer);\nCOMMENT ON TYPE t IS 'the row type';\n");
    assert_snapshot!(story.show("pull shop.sql"));
}
