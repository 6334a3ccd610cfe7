//! What the derives and the wire make of structs: definitions, bytes and records.
#![cfg(feature = "engine")]

use schema_core::engine::decode::decode;
use schema_core::{Enum, PgType, Table, wire};

#[derive(Table)]
#[table(name = "users", schema = "auth", comment = "People", index(email desc nulls last, expr("lower(email)"), unique, where = "id > 0"))]
struct User {
    #[column(primary_key, identity)]
    id: i64,
    #[column(unique, collation = "C", check = "email <> ''")]
    email: String,
    #[column(default = "now()", name = "made")]
    created: Option<i32>,
    r#type: Kind,
    tags: Vec<String>,
    hash: Vec<u8>,
}

#[derive(Enum)]
enum Kind {
    Human,
    #[label(renamed_from = "bot")]
    RobotFriend,
}

#[derive(PgType)]
struct Id(#[allow(dead_code, reason = "only its type counts")] i64);

#[derive(Table)]
struct Account {
    #[column(primary_key, identity = always)]
    id: Id,
    #[column(references = User::id, on_delete = set_null, on_update = cascade)]
    owner: Option<Id>,
    #[column(references = Self::id)]
    parent: Option<i64>,
}

/// The record as the macro puts it into its section.
macro_rules! bytes {
    ($kind:ident, $parts:expr) => {{
        const LEN: usize = wire::length($parts);
        const RECORD: [u8; LEN] = wire::record(wire::$kind, $parts);
        RECORD
    }};
}

#[test]
fn goes_around() {
    let mut section = Vec::new();
    section.extend(bytes!(KIND_TABLE, User::RECORD));
    section.extend(bytes!(KIND_TABLE, Account::RECORD));
    section.extend([0; 5]);
    section.extend(bytes!(KIND_ENUM, Kind::RECORD));
    let records = decode(&section).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(records.tables.len(), 2);
    assert_eq!(
        format!("{:#?}", records.tables[0]).replace("Table {", "TableDef {"),
        format!("{:#?}", User::DEF)
    );
}
