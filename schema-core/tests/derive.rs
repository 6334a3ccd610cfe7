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
struct Id(i64);

#[derive(Table)]
struct Account {
    #[column(primary_key, identity = always)]
    id: Id,
    #[column(references = User::id, on_delete = set_null, on_update = cascade)]
    owner: Option<Id>,
    #[column(references = Self::id)]
    parent: Option<i64>,
}

#[test]
fn goes_around() {
    let mut section = Vec::new();
    let len = wire::table(&mut wire::Sink::counting(), User::DEF);
    let mut bytes = vec![0; len];
    wire::table(&mut wire::Sink::writing(&mut bytes), User::DEF);
    section.extend(bytes);
    let len = wire::enumeration(&mut wire::Sink::counting(), Kind::DEF);
    let mut bytes = vec![0; len];
    wire::enumeration(&mut wire::Sink::writing(&mut bytes), Kind::DEF);
    section.extend([0; 5]);
    section.extend(bytes);
    let records = decode(&section).unwrap_or_else(|e| panic!("{e}"));
}
