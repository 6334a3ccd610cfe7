//! `schema.sql` from records: as text, and on a real PostgreSQL, where every name must be the one foreseen.

mod derived;
mod fixture;
mod guesses;
mod observed;

use crate::support::{load, scratch};
use fixture::*;
use schema_core::engine::declared::{BlockId, Declared, declare};
use schema_core::engine::id::ObjectId;
use schema_core::engine::name::{Ident, QName};
use schema_core::engine::record::{Place, Records};
use std::collections::BTreeSet;

fn declared(records: &Records) -> Declared {
    match declare(records) {
        Ok(declared) => declared,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_shop_reads_well() {
    insta::assert_snapshot!(declared(&shop()).to_sql());
}

#[test]
fn every_form_reads_well() {
    insta::assert_snapshot!(declared(&forms()).to_sql());
}

#[test]
fn the_order_of_records_does_not_matter() {
    for records in [shop(), forms(), names()] {
        let mut reversed = records.clone();
        reversed.tables.reverse();
        reversed.enums.reverse();
        reversed.sql.reverse();
        assert_ne!(records, reversed);
        assert_eq!(declared(&records), declared(&reversed));
    }
}

/// Executes the text and compares what PostgreSQL then has with what `origins` says, name by name.
#[test]
fn postgres_has_what_origins_say() {
    let mut scratch = scratch();
    for (database, records) in [("shop", shop()), ("forms", forms()), ("names", names())] {
        let declared = declared(&records);
        let mut db = load(&mut scratch, &declared.to_sql());
        assert_eq!(observed::objects(db.client()), declared.origins.keys().cloned().collect(), "{database}");
        for (block, id) in declared.blocks.iter().filter_map(|block| match &block.id {
            BlockId::Object(id @ ObjectId::Comment(_)) => Some((block, id)),
            BlockId::Object(_) | BlockId::Raw(_) => None,
        }) {
            assert!(declared.origins.contains_key(id), "{}", block.sql);
        }
    }
}

/// The text names every index: without these names PostgreSQL must choose the same.
#[test]
fn postgres_chooses_the_names_of_indexes() {
    let mut scratch = scratch();
    for (database, records) in [("shop", shop()), ("names", names())] {
        let declared = declared(&records);
        let mut sql = String::new();
        let mut unnamed = 0;
        for block in &declared.blocks {
            let mut text = block.sql.clone();
            if let BlockId::Object(ObjectId::Index(name)) = &block.id
                && !name.name.as_str().starts_with("named_")
            {
                text = text.replacen(&format!("INDEX {} ON", name.name), "INDEX ON", 1);
                assert_ne!(text, block.sql);
                unnamed += 1;
            }
            sql.push_str(&text);
            sql.push('\n');
        }
        assert!(unnamed > 0);
        let mut db = load(&mut scratch, &sql);
        assert_eq!(observed::objects(db.client()), declared.origins.keys().cloned().collect(), "{database}");
    }
}

/// A name that can't be foreseen is written, so that the text and `origins` agree.
#[test]
fn doubtful_names_are_written() {
    let mut table = table("t", 1, vec![column("year", "integer"), column("at", "timestamptz")]);
    table.constraints.push(check("extract(year from at) > 2000"));
    let sql = declared(&Records { tables: vec![table], ..Records::default() }).to_sql();
    assert!(sql.contains("CONSTRAINT t_at_check CHECK (extract(year from at) > 2000)"), "{sql}");
}

/// PostgreSQL merges a unique constraint into an equal primary key of the same CREATE TABLE.
#[test]
fn a_named_unique_beside_the_primary_key_is_kept() {
    let mut table = table("t", 1, vec![column("id", "bigint")]);
    table.constraints.extend([primary_key(&["id"]), unique(&["id"]).named("t_id_unique")]);
    let declared = declared(&Records { tables: vec![table], ..Records::default() });
    assert!(declared.to_sql().contains("ALTER TABLE t ADD CONSTRAINT t_id_unique UNIQUE (id);"));
    let mut scratch = scratch();
    let mut db = load(&mut scratch, &declared.to_sql());
    assert_eq!(observed::objects(db.client()), declared.origins.keys().cloned().collect());
}

#[test]
fn renames_are_addresses() {
    insta::assert_debug_snapshot!(declared(&shop()).renames);
}

#[test]
fn needs_come_first() {
    for records in [shop(), forms(), names()] {
        let mut seen = BTreeSet::new();
        for block in declared(&records).blocks {
            assert!(block.needs.iter().all(|need| seen.contains(need)), "{}", block.sql);
            seen.insert(block.id);
        }
    }
}

/// Every mistake is told with its place.
#[test]
fn mistakes() {
    let id = || column("id", "bigint");
    let one = |name: &str, line: u32| table(name, line, vec![id()]);
    let with = |constraint: Built| {
        let mut table = one("t", 1);
        table.constraints.push(constraint);
        vec![table]
    };
    let mut index_twice = one("t", 1);
    index_twice.indexes.extend([index(&["id"]).named("i"), index(&["id"]).named("i")]);
    let mut taken_by_choice = vec![one("t", 1), one("u", 20)];
    taken_by_choice[0].constraints.push(unique(&["id"]));
    taken_by_choice[1].constraints.push(unique(&["id"]).named("t_id_key"));
    let mut optional_key = with(primary_key(&["id"]));
    optional_key[0].columns[0].ty.nullable = true;
    let mut two_keys = with(primary_key(&["id"]));
    two_keys[0].constraints.push(primary_key(&["id"]));
    let mut unique_key = with(primary_key(&["id"]));
    unique_key[0].constraints.push(unique(&["id"]));
    let mut of_enum = one("t", 1);
    of_enum.columns.push(enum_column("status", "missing"));
    let mut taken_by_sequence = vec![table("s", 1, vec![column("id", "bigserial")]), one("t", 20)];
    taken_by_sequence[1].indexes.push(index(&["id"]).named("s_id_seq"));
    let cases = vec![
        ("a name that a sequence has", taken_by_sequence),
        ("a type that ends too early", vec![table("t", 1, vec![column("id", "text)")])]),
        ("two tables", vec![one("t", 1), one("t", 20)]),
        ("two columns", vec![table("t", 1, vec![id(), id()])]),
        ("two constraints", {
            let mut tables = with(check("id > 0").named("c"));
            tables[0].constraints.push(check("id < 9").named("c"));
            tables
        }),
        ("two indexes", vec![index_twice]),
        ("a table and an index", {
            let mut tables = vec![one("a", 1), one("b", 20)];
            tables[0].indexes.push(index(&["id"]).named("b"));
            tables
        }),
        ("a chosen name that is taken later", taken_by_choice),
        ("no such table", with(foreign_key(&["id"], "missing", &["id"]))),
        ("no such column there", with(foreign_key(&["id"], "t", &["nope"]))),
        ("no such column here", with(unique(&["nope"]))),
        ("no key there", with(foreign_key(&["id"], "t", &["id"]))),
        ("no such enum", vec![of_enum]),
        ("optional primary key", optional_key),
        ("two primary keys", two_keys),
        ("a unique that says nothing", unique_key),
        ("open parenthesis", with(check("(id > 0"))),
        ("closed parenthesis", with(check("id > 0) or (true"))),
        ("semicolon", with(check("true); drop table t; --"))),
        ("open string", with(check("id > '"))),
        ("empty", with(check(" "))),
        ("long name", vec![one(&"n".repeat(64), 1)]),
        ("empty name", vec![one("", 1)]),
    ];
    let mut told = String::new();
    for (what, tables) in cases {
        let error = declare(&Records { tables, ..Records::default() }).expect_err(what);
        told.push_str(&format!("{what}:\n{error}\n\n"));
    }
    let same = Records {
        tables: vec![one("t", 1)],
        enums: vec![enumeration("t", 30, &["a"])],
        ..Records::default()
    };
    told.push_str(&format!("a table and an enum:\n{}\n\n", declare(&same).expect_err("one name")));
    let twice = Records { enums: vec![enumeration("e", 30, &["a", "a"])], ..Records::default() };
    told.push_str(&format!("a value twice:\n{}\n\n", declare(&twice).expect_err("one value")));
    let open =
        Records { sql: vec![raw(Place::AfterTables, 40, "create function f() $$")], ..Records::default() };
    told.push_str(&format!("raw SQL that does not end:\n{}\n", declare(&open).expect_err("open")));
    insta::assert_snapshot!(told);
}

/// What comes out of raw SQL does not depend on how it ends.
#[test]
fn raw_sql_ends_with_a_semicolon() {
    for (sql, end) in [
        ("select 1", "select 1;"),
        ("select 1;", "select 1;"),
        ("select 1 -- last", "select 1 -- last\n;"),
        ("select 1; -- last", "select 1; -- last"),
    ] {
        let records = Records { sql: vec![raw(Place::AfterTables, 1, sql)], ..Records::default() };
        assert_eq!(declared(&records).blocks[0].sql, format!("-- From src/models.rs\n{end}"));
    }
}

/// A comment to the end of the line does not swallow what follows.
#[test]
fn comments_inside_expressions() {
    let mut table = table("t", 1, vec![column("a", "integer")]);
    table.columns[0].default = Some("1 -- one".to_owned());
    table.constraints.push(check("a > 0 -- positive"));
    let declared = declared(&Records { tables: vec![table], ..Records::default() });
    let mut scratch = scratch();
    let mut db = load(&mut scratch, &declared.to_sql());
    assert_eq!(observed::objects(db.client()), declared.origins.keys().cloned().collect());
}

/// Origins lead to the field of a column and to the attribute of a constraint.
#[test]
fn origins_are_the_places_in_the_code() {
    let declared = declared(&shop());
    let users = QName::new("public", "users");
    let line = |id: ObjectId| declared.origins.get(&id).map(|at| at.to_string());
    assert_eq!(line(ObjectId::Table(users.clone())).as_deref(), Some("src/models.rs:10"));
    assert_eq!(
        line(ObjectId::Column(users.clone(), Ident::from("email"))).as_deref(),
        Some("src/models.rs:12")
    );
    assert_eq!(
        line(ObjectId::Constraint(users, Ident::from("users_email_key"))).as_deref(),
        Some("src/models.rs:10")
    );
}
