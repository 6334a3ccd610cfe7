//! What the derives and the wire make of structs: definitions, bytes and records.
#![allow(clippy::disallowed_methods, reason = "a test reads its own program")]
#![cfg(feature = "engine")]

use schema_core::engine::decode::decode;
use schema_core::engine::record::{Base, Place, Records};
use schema_core::{Composite, Domain, Enum, PgType, Table, View, wire};
use std::collections::BTreeSet;

#[derive(Table)]
#[table(
    name = "users",
    schema = "auth",
    comment = "People",
    renamed_from = "people",
    unlogged,
    with(fillfactor = 70, autovacuum_enabled = false),
    replica_identity = index("users_email_key"),
    row_security,
    force_row_security,
    policy(name = "own", for = update, to("app", "public"), using = "id > 1", with_check = "id > 2", restrictive),
    policy(name = "all", to = "admin", using = "true"),
    primary_key(columns(id, email), name = "users_key", include(hash), deferrable),
    unique(columns(email, r#type), nulls_not_distinct, include(tags), deferrable = "deferred"),
    check(name = "named", "email <> ''", no_inherit),
    check = "id > 0",
    exclude(method = "gist", "tags WITH =", where = "id > 7", name = "no_two", deferrable),
    index(email desc nulls last, expr("lower(email)") opclass = "text_pattern_ops", unique, where = "id > 0"),
    index(columns(tags, id asc nulls first), name = "i", method = "gin", include(hash), with = "fillfactor = 70"),
    index(email collation = "de_DE", nulls_not_distinct),
    foreign_key(
        columns(id, email),
        references(Account::id, Account::mail),
        on_delete = cascade,
        on_update = restrict,
        match_full,
        deferrable = "immediate",
        name = "pair"
    ),
    allow("duplicate-index", reason = "one is about to go", until = "2027-01-31"),
    allow("no-primary-key", reason = "it is a view of another program's table")
)]
struct User {
    #[column(identity, allow("int4-or-int2-primary-key", reason = "there are few"))]
    id: i64,
    #[column(unique, collation = "C", check = "email <> ''", index(opclass = "text_ops", unique))]
    email: String,
    #[column(default = "now()", name = "made", comment = "When", renamed_from = "born", index)]
    created: Option<i32>,
    r#type: Kind,
    tags: Vec<String>,
    #[column(storage = external, compression = pglz)]
    hash: Vec<u8>,
    #[column(generated("id + 1", virtual), statistics = 500)]
    next: Option<i64>,
    #[column(sql_type = "numeric(12,2)[]", default = -1.5)]
    amounts: Option<std::cell::Cell<f64>>,
    #[column(default = true)]
    flag: bool,
    #[column(default = -7_000i64)]
    number: i64,
    kinds: Option<Vec<Kind>>,
}

#[derive(Enum)]
#[pg_enum(schema = "auth", comment = "Who", renamed_from = "sort", rename_all = "SCREAMING-KEBAB-CASE")]
enum Kind {
    Human,
    #[label(name = "bot friend", renamed_from = "bot")]
    RobotFriend,
    InFlight,
}

#[derive(PgType)]
struct Id(#[allow(dead_code, reason = "only its type counts")] i64);

#[derive(Table)]
struct Account {
    #[column(primary_key, identity = always)]
    id: Id,
    mail: String,
    #[column(references = User::id, on_delete = set_null, on_update = cascade)]
    owner: Option<Id>,
    #[column(references(Self::id, on_delete = no_action))]
    parent: Option<i64>,
}

#[derive(Table)]
#[table(
    schema = "log",
    partition_by = range(at, expr("lower(kind)") collation = "C"),
    partition(name = "old", from = "MINVALUE, MINVALUE", to = "'2026-01-01', 'a'", with(fillfactor = 50)),
    partition(
        name = "rest",
        schema = "other",
        default,
        partition_by = hash(number opclass = "int4_ops"),
        partition(name = "rest_0", modulus = 2, remainder = 0),
        partition(name = "rest_1", modulus = 2, remainder = 1, partition_by = list(number)),
    ),
    partition(name = "never", from = 1, to = -2, partition_by = list(number), partition(name = "few", in = "1, 2")),
)]
struct Event {
    #[column(sql_type = "timestamptz")]
    at: String,
    kind: String,
    number: i32,
}

#[derive(View)]
#[view(
    name = "active",
    schema = "auth",
    comment = "Not gone",
    sql = "SELECT id, type FROM auth.users",
    with(security_barrier, check_option = "local"),
    after(Counts),
    allow("view-not-security-invoker-over-rls", reason = "only staff may read it")
)]
struct Active {
    #[column(allow("rename-column", reason = "nobody reads it"))]
    id: i64,
    #[column(name = "type", comment = "Which")]
    kind: Option<Kind>,
    #[column(skip)]
    #[allow(dead_code, reason = "only skipped")]
    loaded: bool,
}

#[derive(View)]
#[view(
    materialized,
    sql_file = "tests/sql/counts.sql",
    with(fillfactor = 70, toast.autovacuum_enabled = false),
    with_no_data,
    index(kind, unique)
)]
struct Counts {
    kind: Kind,
    #[column(sql_type = "numeric(12,2)", index(name = "by_number"))]
    number: f64,
}

#[derive(Composite)]
#[composite(name = "postal_address", schema = "auth", comment = "Where", renamed_from = "location")]
struct Address {
    #[column(collation = "C", comment = "With the number")]
    street: Option<String>,
    #[column(name = "zip", sql_type = "varchar(10)")]
    code: String,
    kinds: Vec<Kind>,
    mails: Vec<Mail>,
}

#[derive(Domain)]
#[domain(
    name = "mail",
    schema = "auth",
    comment = "An address",
    renamed_from = "email",
    not_null,
    default = "'nobody@example.org'",
    collation = "C",
    check = "VALUE <> ''",
    check(name = "at", "VALUE ~ '@'")
)]
struct Mail(String);

#[derive(Domain)]
#[domain(sql_type = "numeric(12,2)[]", default = 5)]
struct Amounts {
    all: Vec<f64>,
}

/// The record as the macro puts it into its section.
macro_rules! bytes {
    ($kind:ident, $parts:expr) => {{
        const LEN: usize = wire::length($parts);
        const RECORD: [u8; LEN] = wire::record(wire::$kind, $parts);
        RECORD.to_vec()
    }};
}

fn section() -> Vec<u8> {
    let mut section = bytes!(KIND_TABLE, User::RECORD);
    section.extend(bytes!(KIND_TABLE, Account::RECORD));
    section.extend(bytes!(KIND_TABLE, Event::RECORD));
    section.extend([0; 5]);
    section.extend(bytes!(KIND_ENUM, Kind::RECORD));
    section.extend(bytes!(KIND_COMPOSITE, Address::RECORD));
    section.extend(bytes!(KIND_DOMAIN, Mail::RECORD));
    section.extend(bytes!(KIND_DOMAIN, Amounts::RECORD));
    section.extend(bytes!(KIND_VIEW, Active::RECORD));
    section.extend(bytes!(KIND_VIEW, Counts::RECORD));
    section
}

fn decoded(section: &[u8]) -> Records {
    decode(section).unwrap_or_else(|error| panic!("{error}"))
}

/// The derive writes the definition as code and as bytes; both must say the same.
#[test]
fn definition_and_record_agree() {
    let records = decoded(&section());
    let defs = [User::DEF, Account::DEF, Event::DEF].map(|def| format!("{def:#?}").replace("Def {", " {"));
    let tables: Vec<String> = records.tables.iter().map(|table| format!("{table:#?}")).collect();
    assert_eq!(tables, defs);
    let composites: Vec<String> = records.composites.iter().map(|c| format!("{c:#?}")).collect();
    assert_eq!(composites, [format!("{:#?}", Address::DEF).replace("Def {", " {")]);
    let defs = [Mail::DEF, Amounts::DEF].map(|def| format!("{def:#?}").replace("Def {", " {"));
    let domains: Vec<String> = records.domains.iter().map(|domain| format!("{domain:#?}")).collect();
    assert_eq!(domains, defs);
    let defs = [Active::DEF, Counts::DEF].map(|def| format!("{def:#?}").replace("Def {", " {"));
    let views: Vec<String> = records.views.iter().map(|view| format!("{view:#?}")).collect();
    assert_eq!(views, defs);
    let labels: Vec<String> = records.enums[0].labels.iter().map(|label| format!("{label:?}")).collect();
    let defs: Vec<String> =
        Kind::DEF.labels.iter().map(|def| format!("{def:?}").replace("Def {", " {")).collect();
    assert_eq!(labels, defs);
    insta::assert_debug_snapshot!(records);
}

#[test]
fn columns_are_typed_names() {
    assert_eq!(User::CREATED.name(), "made");
    assert_eq!(User::TYPE.name(), "type");
    assert_eq!(User::TYPE.table().schema, Some("auth"));
    assert!(User::NEXT.sql_type().nullable);
    assert_eq!(format!("{:?}", Account::MAIL), "Column(account.mail)");
}

#[test]
fn damaged_records_are_errors() {
    let whole = section();
    for end in 1..whole.len() {
        // A cut between two records leaves whole ones, but never all.
        let cut = decode(&whole[..end]);
        let types = |r: &Records| r.enums.len() + r.composites.len() + r.domains.len();
        assert!(cut.is_err() || cut.is_ok_and(|r| r.tables.len() + types(&r) + r.views.len() < 9));
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = byte;
            // Most are errors, some change a letter; none panics or takes all memory.
            let _ = decode(&damaged);
        }
    }
    assert!(decode(b"garbage").is_err());
    assert_eq!(decoded(&[0; 32]), Records::default());
}

#[test]
fn another_version_is_named() {
    let mut bytes = bytes!(KIND_ENUM, Kind::RECORD);
    bytes[8] = 99;
    let version =
        bytes.windows(5).position(|window| window == b"0.1.0").unwrap_or_else(|| panic!("no version"));
    bytes[version..version + 5].copy_from_slice(b"7.8.9");
    let error = decode(&bytes).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("schema-core 7.8.9 (format 99)"), "{error}");
    assert!(error.contains(&format!("schema 0.1.0 (format {})", wire::VERSION)), "{error}");
}

schema_core::sql!(before_tables, file = "tests/sql/extension.sql");
schema_core::sql!("CREATE VIEW numbers AS SELECT 1 AS one");

/// The records of this very program.
#[test]
fn linked_into_the_program() {
    let program = std::env::current_exe().and_then(std::fs::read).unwrap_or_default();
    let mut records = Records::default();
    let mut at = 0;
    while let Some(found) = program[at..].windows(8).position(|window| window == wire::MAGIC) {
        at += found;
        let length =
            program.get(at + 12..at + 16).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
        let end = at + length.unwrap_or_default() as usize;
        if let Some(Ok(one)) = program.get(at..end).map(decode) {
            records.tables.extend(one.tables);
            records.enums.extend(one.enums);
            records.sql.extend(one.sql);
        }
        at += 8;
    }
    // The consts of `section` may be in the program too.
    let tables: BTreeSet<&str> = records.tables.iter().map(|table| table.name.name.as_str()).collect();
    let sql: BTreeSet<&str> = records.sql.iter().map(|sql| sql.sql.as_str()).collect();
    assert_eq!(tables, BTreeSet::from(["account", "event", "users"]));
    assert_eq!(sql, BTreeSet::from(["CREATE EXTENSION citext;\n", "CREATE VIEW numbers AS SELECT 1 AS one"]));
    let from_file = records.sql.iter().find(|sql| sql.place == Place::BeforeTables);
    let Some(from_file) = from_file else { panic!("no sql! from a file") };
    assert_eq!(from_file.file.as_deref(), Some("tests/sql/extension.sql"));
    let of_user = records.tables.iter().find(|table| table.name.name == "users");
    assert!(of_user.is_some_and(|table| table.columns[0].ty.base == Base::Sql("bigint".to_owned())));
}
