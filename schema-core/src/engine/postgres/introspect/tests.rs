//! The reader against a real server.

use super::{ReadOptions, read, read_in, read_with};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::name::{Ident, QName};
use crate::engine::postgres::test_server::{Database, database};
use crate::engine::printed::stable;
use std::collections::BTreeSet;
use std::fmt::Write;

fn filled(sql: &str) -> (Database, postgres::Client) {
    let database = database();
    let mut client = database.connect();
    let sql = if is_14(&mut client) { sql.replace("NULLS NOT DISTINCT", "") } else { sql.to_owned() };
    client.batch_execute(&sql).expect("the SQL is right");
    (database, client)
}

/// What a snapshot shows is the same on all majors but this one.
fn is_14(client: &mut postgres::Client) -> bool {
    let row = client.query_one("SELECT current_setting('server_version_num')::int < 150000", &[]);
    row.expect("the server says its version").get(0)
}

fn plain(client: &mut postgres::Client) -> Catalog {
    read(client, &ReadOptions::default()).expect("the database can be read")
}

#[test]
fn a_rich_database() {
    let (_database, mut client) = filled(include_str!("testdata/rich.sql"));
    let options = ReadOptions { ignore_schemas: vec!["ledger".to_owned()], ..ReadOptions::default() };
    let catalog = read(&mut client, &options).expect("the database can be read");
    for (a, b) in catalog.edges.iter() {
        assert!(catalog.objects.contains_key(a) && catalog.objects.contains_key(b), "{a} needs {b}");
    }
    // Without a circle: what needs nothing that is left can go, until all are gone.
    let mut left: BTreeSet<_> = catalog.objects.keys().collect();
    while !left.is_empty() {
        let (free, rest): (BTreeSet<_>, _) =
            left.iter().partition(|id| !catalog.needs(id).any(|needed| left.contains(needed)));
        assert!(!free.is_empty(), "these need each other: {rest:?}");
        left = rest;
    }
    let mut text = String::new();
    for (id, object) in &catalog.objects {
        let mut object = object.clone();
        if let Object::Extension(extension) = &mut object {
            // Each major brings its own.
            extension.version = "any".to_owned();
            extension.comment = None;
        }
        let definition = serde_json::to_string(&object).expect("objects are JSON");
        writeln!(text, "{id}\n  {definition}").expect("a String takes all");
        for needed in catalog.needs(id) {
            writeln!(text, "  needs {needed}").expect("a String takes all");
        }
    }
    writeln!(text, "{:#?}", catalog.unmodeled).expect("a String takes all");
    if !is_14(&mut client) {
        insta::assert_snapshot!(text);
    }
}

#[test]
fn keys_are_written_as_postgres_prints_them() {
    let (_database, mut client) = filled(include_str!("testdata/keys.sql"));
    let catalog = plain(&mut client);
    client.batch_execute("SET search_path = pg_catalog").expect("a setting");
    let printed = "
        SELECT n.nspname::text, t.relname::text, c.conname::text, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE c.contype <> 'n' AND (c.conparentid = 0 OR t.relispartition)";
    let mut seen = 0;
    for row in client.query(printed, &[]).expect("constraints") {
        let (schema, table, name): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let id = ObjectId::Constraint(QName::new(schema, table), Ident::new(name));
        let Some(Object::Constraint(constraint)) = catalog.get(&id) else { continue };
        let not_valid = if constraint.validated { "" } else { " NOT VALID" };
        assert_eq!(format!("{}{not_valid}", constraint.definition), row.get::<_, String>(3), "{id}");
        seen += 1;
    }
    let printed = "
        SELECT n.nspname::text, c.relname::text, pg_get_indexdef(c.oid), c.reloptions IS NOT NULL
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('i', 'I')";
    for row in client.query(printed, &[]).expect("indexes") {
        let id = ObjectId::Index(QName::new(row.get::<_, String>(0), row.get::<_, String>(1)));
        let Some(Object::Index(index)) = catalog.get(&id) else { continue };
        let unique = if index.unique { "UNIQUE " } else { "" };
        let only = if index.partitioned { "ONLY " } else { "" };
        let written = format!("CREATE {unique}INDEX {} ON {only}{}", index.name.name, index.on);
        let mut printed: String = row.get(2);
        if let Some((before, after)) = printed.split_once("WITH (").filter(|_| row.get(3)) {
            printed = format!("{before}{}", after.split_once(") ").map_or("", |(_, rest)| rest));
        }
        assert_eq!(stable(&written), stable(&printed).trim_end(), "{id}");
        seen += 1;
    }
    assert!(seen > 150, "{seen} definitions were compared");
}

#[test]
fn what_is_not_modeled_is_named() {
    let (_database, mut client) = filled(include_str!("testdata/unmodeled.sql"));
    let catalog = plain(&mut client);
    // PostgreSQL 16 names transforms without the "on".
    insta::assert_snapshot!(format!("{:#?}", catalog.unmodeled).replace(" on language ", " language "));
    client.batch_execute("CREATE ROLE nobody; SET ROLE nobody").expect("a role can be made");
    // Its own default privileges have no name of a role; and it may not read the connection of a subscription.
    let without = |mut catalog: Catalog| {
        let left_out =
            |id: &ObjectId| matches!(id, ObjectId::Subscription(_) | ObjectId::DefaultPrivileges(..));
        catalog.objects.retain(|id, _| !left_out(id));
        catalog.edges.retain(|id| !left_out(id));
        catalog
    };
    let (mut all, other) = (without(catalog), without(plain(&mut client)));
    all.unmodeled.insert("subscription".to_owned(), BTreeSet::from(["sub".to_owned()]));
    assert!(other == all, "a role without any privilege reads the same");
    client.batch_execute("RESET ROLE").expect("the role can be left");
    // A subscription outlives its database and would keep it from being dropped.
    client
        .batch_execute("ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub")
        .expect("the subscription can be dropped");
}

#[test]
fn an_empty_database_has_schema_public_alone() {
    let (_database, mut client) = filled("");
    let catalog = plain(&mut client);
    assert_eq!(catalog.objects.keys().collect::<Vec<_>>(), [&ObjectId::Schema("public".into())]);
    assert!(catalog.edges.is_empty() && catalog.unmodeled.is_empty());
    assert!(catalog.server_version >= 140_000);
}

#[test]
fn the_comment_on_public_is_read_when_it_is_ours() {
    let (_database, mut client) = filled("COMMENT ON SCHEMA public IS 'ours'");
    let id = ObjectId::Comment(Box::new(ObjectId::Schema("public".into())));
    assert!(plain(&mut client).objects.contains_key(&id));
}

#[test]
fn comments_that_an_extension_brought_are_its_own() {
    let sql = "CREATE EXTENSION hstore; COMMENT ON FUNCTION hstore(text, text) IS 'as its script says'";
    let (_database, mut client) = filled(sql);
    let catalog = plain(&mut client);
    assert!(catalog.get(&ObjectId::Extension("hstore".into())).is_some());
    assert!(catalog.unmodeled.is_empty(), "{:?}", catalog.unmodeled);
}

#[test]
fn hostile_names_come_back_exactly() {
    const NAMES: [&str; 7] = [
        "with \"quotes\" and 'these'",
        "back\\slash",
        "a\nnew line",
        "dots.and, commas (x) USING ON ",
        "🦀 ünï",
        "select",
        "sixty_three_bytes_sixty_three_bytes_sixty_three_bytes_sixty_thr",
    ];
    let mut sql = String::new();
    for raw in NAMES {
        let (name, text) = (format!("\"{}\"", raw.replace('"', "\"\"")), raw.replace('\'', "''"));
        write!(
            sql,
            "CREATE SCHEMA {name};
             CREATE TYPE {name}.{name} AS ENUM ('{text}');
             CREATE SEQUENCE {name}.s;
             CREATE TABLE {name}.t ({name} {name}.{name} DEFAULT '{text}', other int, CONSTRAINT {name} CHECK (other > 0));
             CREATE INDEX i ON {name}.t ({name}) WHERE {name} = '{text}';
             COMMENT ON COLUMN {name}.t.{name} IS '{text}';",
        )
        .expect("a String takes all");
    }
    let (_database, mut client) = filled(&sql);
    let catalog = plain(&mut client);
    for raw in NAMES {
        let table = QName::new(raw, "t");
        let Some(Object::Column(column)) = catalog.get(&ObjectId::Column(table.clone(), Ident::from(raw)))
        else {
            panic!("no column {raw:?}");
        };
        assert_eq!(column.data_type, QName::new(raw, raw).to_string());
        let Some(Object::Enum(object)) = catalog.get(&ObjectId::Enum(QName::new(raw, raw))) else {
            panic!("no enum {raw:?}");
        };
        assert_eq!(object.labels, [raw]);
        let Some(Object::Index(index)) = catalog.get(&ObjectId::Index(QName::new(raw, "i"))) else {
            panic!("no index in {raw:?}");
        };
        assert!(index.on.starts_with(&format!("{table} USING btree ({})", Ident::from(raw))), "{}", index.on);
        assert_eq!(index.columns, [Ident::from(raw)]);
        assert!(catalog.objects.contains_key(&ObjectId::Constraint(table.clone(), Ident::from(raw))));
        assert!(catalog.objects.contains_key(&ObjectId::Sequence(QName::new(raw, "s"))));
        let comment = ObjectId::Comment(Box::new(ObjectId::Column(table, Ident::from(raw))));
        assert!(matches!(catalog.get(&comment), Some(Object::Comment(comment)) if comment.text == raw));
    }
}

#[test]
fn an_open_transaction_is_read_with_its_changes_and_keeps_its_settings() {
    let (database, mut client) = filled("CREATE TABLE before (id int)");
    let mut transaction = client.transaction().expect("a transaction starts");
    transaction
        .batch_execute("SET LOCAL search_path = public; SET LOCAL IntervalStyle = 'iso_8601'; CREATE TABLE inside (id int)")
        .expect("the SQL is right");
    let inside = read_in(&mut transaction, &ReadOptions::default()).expect("the transaction can be read");
    assert!(inside.objects.contains_key(&ObjectId::Table(QName::new("public", "inside"))));
    for (setting, value) in [("search_path", "public"), ("IntervalStyle", "iso_8601")] {
        let row = transaction.query_one("SELECT current_setting($1)", &[&setting]).expect("a setting");
        assert_eq!(row.get::<_, &str>(0), value);
    }
    let outside = plain(&mut database.connect());
    assert!(!outside.objects.contains_key(&ObjectId::Table(QName::new("public", "inside"))));
    transaction.batch_execute("CREATE TABLE after (id int)").expect("the transaction can still write");
    transaction.commit().expect("it commits");
}

#[test]
fn settings_of_the_role_do_not_change_the_text() {
    let (_database, mut client) = filled(include_str!("testdata/rich.sql"));
    let usual = plain(&mut client);
    client
        .batch_execute(
            "SET search_path = public, billing; SET quote_all_identifiers = on; SET extra_float_digits = -5;
             SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'; SET TimeZone = 'Asia/Tokyo';
             SET bytea_output = 'escape'; SET standard_conforming_strings = off",
        )
        .expect("the settings exist");
    assert_eq!(plain(&mut client), usual);
}

#[test]
fn what_belongs_to_an_extension_is_not_read_but_can_be_needed() {
    let (_database, mut client) = filled(
        "CREATE EXTENSION citext;
         CREATE SCHEMA inside; ALTER EXTENSION citext ADD SCHEMA inside;
         CREATE TABLE theirs (id int PRIMARY KEY); CREATE VIEW theirs_too AS SELECT id FROM theirs;
         COMMENT ON COLUMN theirs.id IS 'theirs'; CREATE TYPE mood AS ENUM ('good');
         ALTER EXTENSION citext ADD TABLE theirs; ALTER EXTENSION citext ADD VIEW theirs_too;
         ALTER EXTENSION citext ADD TYPE mood;
         CREATE TABLE inside.ours (id int REFERENCES theirs, moods mood[])",
    );
    let catalog = plain(&mut client);
    let ids: Vec<String> = catalog.objects.keys().map(ToString::to_string).collect();
    assert_eq!(
        ids,
        [
            "schema public",
            "extension citext",
            "table inside.ours",
            "column inside.ours.id",
            "column inside.ours.moods",
            "constraint inside.ours.ours_id_fkey"
        ]
    );
    let extension = ObjectId::Extension("citext".into());
    for needing in ["table inside.ours", "column inside.ours.moods", "constraint inside.ours.ours_id_fkey"] {
        let found = catalog.edges.iter().any(|(a, b)| a.to_string() == needing && *b == extension);
        assert!(found, "{needing} needs {extension}");
    }
    assert!(catalog.unmodeled.is_empty(), "{:?}", catalog.unmodeled);
}

#[test]
fn a_foreign_key_needs_the_unique_index_it_stands_on() {
    let (_database, mut client) = filled(
        "CREATE TABLE a (id int); CREATE UNIQUE INDEX a_id ON a (id); CREATE TABLE b (a int REFERENCES a (id))",
    );
    let catalog = plain(&mut client);
    let key = ObjectId::Constraint(QName::new("public", "b"), Ident::from("b_a_fkey"));
    assert!(catalog.needs(&key).any(|id| *id == ObjectId::Index(QName::new("public", "a_id"))));
}

#[test]
fn a_large_database_is_read_over_two_connections_and_one_moment() {
    let (database, mut client) = filled(
        "DO $$ BEGIN FOR i IN 1..1001 LOOP EXECUTE 'CREATE TYPE t' || i || ' AS (a int)'; END LOOP; END $$;
         CREATE TABLE seen (id int PRIMARY KEY, name text DEFAULT 'x')",
    );
    let asked = std::cell::Cell::new(false);
    let another = || {
        asked.set(true);
        // What others do meanwhile is not seen.
        database.connect().batch_execute("CREATE TABLE not_seen ()").expect("another session can write");
        Ok(database.connect())
    };
    let options = ReadOptions::default();
    let once = read(&mut client, &options).expect("the database can be read");
    let twice = read_with(&mut client, &another, &options).expect("the database can be read");
    assert!(asked.get());
    assert_eq!(once, twice);
    let failing = || Err(crate::engine::error::Error::failed("no more connections"));
    let alone = read_with(&mut client, &failing, &options).expect("one connection is enough");
    assert!(alone.get(&ObjectId::Table(QName::new("public", "not_seen"))).is_some());
}
