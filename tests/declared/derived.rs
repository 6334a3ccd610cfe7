//! From structs to a database: what the derives can say beyond tables and enums, as text and on a real PostgreSQL.

use super::observed;
use crate::line::Project;
use crate::support::{load, scratch};
use schema_core::engine::declared::declare;
use schema_core::engine::decode::decode;
use schema_core::engine::draft::Answers;
use schema_core::engine::postgres::generate::Generated;
use schema_core::engine::record::{
    Base, ConstraintKind, Index, Name, Origin, Partition, PartitionBound, Place, RawSql, Records,
};
use schema_core::{Composite, Domain, Enum, Table, View, wire};

/// The records of derived types.
macro_rules! records {
    ($($kind:ident $ty:ident $derive:ident),+ $(,)?) => {{
        let mut section = Vec::new();
        $({
            const LEN: usize = wire::length(<$ty as $derive>::RECORD);
            const RECORD: [u8; LEN] = wire::record(wire::$kind, <$ty as $derive>::RECORD);
            section.extend(RECORD);
        })+
        decode(&section).unwrap_or_else(|error| panic!("{error}"))
    }};
}

fn raw(place: Place, line: u32, sql: &str) -> RawSql {
    let origin = Origin { file: "tests/declared/derived.rs".to_owned(), line, path: "sql!".to_owned() };
    RawSql { origin, place, sql: sql.to_owned(), file: None }
}

#[derive(Enum)]
enum Tier {
    Basic,
    Gold,
}

#[derive(Table)]
#[table(name = "customers")]
struct Customer {
    #[column(primary_key, identity)]
    id: i64,
    #[column(sql_type = "varchar(80)")]
    email: String,
    tier: Tier,
}

#[derive(Table)]
#[table(name = "orders")]
struct Order {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references = Customer::id)]
    customer_id: i64,
    #[column(sql_type = "numeric(12,2)")]
    amount: f64,
}

/// Needs what comes after it by name, and an extension.
#[derive(Composite)]
#[composite(comment = "Where parcels go")]
struct Address {
    #[column(comment = "And number")]
    street: String,
    #[column(collation = "C")]
    zip: Zip,
    lines: Vec<String>,
    #[column(sql_type = "citext")]
    city: String,
}

/// Needs a function of raw SQL.
#[derive(Domain)]
#[domain(check = "raw_is_zip(VALUE)", check(name = "short", "length(VALUE) < 10"), comment = "Postal code")]
struct Zip(String);

#[derive(Domain)]
#[domain(schema = "money", not_null, default = 0, check = "VALUE >= 0", sql_type = "numeric(12,2)")]
struct Amount(f64);

#[derive(Table)]
#[table(name = "parcels")]
struct Parcel {
    #[column(primary_key, identity)]
    id: i64,
    to: Address,
    past: Option<Vec<Address>>,
    price: Amount,
    prices: Vec<Amount>,
}

/// Named after a view that needs it: the order comes from the query.
#[derive(View)]
#[view(
    name = "zebras",
    sql = "SELECT id, email FROM customers WHERE tier = 'gold'",
    with(security_barrier, check_option = "local")
)]
struct GoldCustomer {
    id: i64,
    email: String,
}

#[derive(View)]
#[view(
    schema = "reports",
    comment = "Gold customers and what they bought",
    sql = "\
SELECT z.id, z.email, count(o.id) AS orders
FROM zebras z
LEFT JOIN orders o ON o.customer_id = z.id
GROUP BY z.id, z.email"
)]
struct GoldOrders {
    id: i64,
    #[column(comment = "May be old")]
    email: Option<String>,
    orders: i64,
}

/// Needs a function of raw SQL.
#[derive(View)]
#[view(
    materialized,
    name = "top_customers",
    sql_file = "declared/sql/top_customers.sql",
    with(fillfactor = 70),
    index(id, unique),
    comment = "Refreshed at night"
)]
struct TopCustomer {
    id: i64,
    email: String,
    #[column(index, sql_type = "numeric")]
    spent: f64,
}

#[derive(View)]
#[view(materialized, with_no_data, sql = "SELECT max(spent) AS spent FROM top_customers")]
struct Record {
    #[column(sql_type = "numeric")]
    spent: f64,
}

#[derive(Table)]
#[table(
    name = "documents",
    with(fillfactor = 70, autovacuum_enabled = false),
    replica_identity = index("documents_slug_idx"),
    row_security,
    force_row_security,
    policy(name = "own", for = all, to = "current_user", using = "owner = current_user"),
    policy(
        name = "Only gold",
        for = insert,
        restrictive,
        with_check = "EXISTS (SELECT 1 FROM zebras WHERE zebras.email = documents.owner AND total(zebras.id) > 100)"
    ),
    index(slug, unique)
)]
struct Document {
    #[column(primary_key, identity)]
    id: i64,
    slug: String,
    #[column(storage = external, compression = pglz, collation = "C")]
    body: String,
    #[column(statistics = 500, default = "CURRENT_USER")]
    owner: String,
}

#[derive(Table)]
#[table(
    name = "events",
    comment = "Partitioned twice",
    primary_key(at, region, id),
    index(id),
    index(expr("lower(region)"), at desc),
    check("id > 0"),
    partition_by = range(at),
    partition(name = "events_old", schema = "archive", from = "MINVALUE", to = "'2026-01-01'", with(fillfactor = 100)),
    partition(
        name = "events_2026",
        from = "'2026-01-01'",
        to = "'2027-01-01'",
        partition_by = list(region),
        partition(name = "events_2026_eu", in = "'de', 'fr'"),
        partition(name = "events_2026_rest", default)
    ),
    partition(name = "events_rest", default)
)]
struct Event {
    #[column(sql_type = "timestamptz")]
    at: String,
    region: String,
    id: i64,
    #[column(references = Customer::id)]
    customer_id: i64,
}

/// An index in a partition of `events` is called so.
#[derive(Table)]
#[table(name = "events_rest_id_idx")]
struct Taken {
    id: i64,
}

#[derive(Table)]
#[table(
    name = "counters",
    partition_by = hash(name),
    partition(name = "counters_0", modulus = 2, remainder = 0),
    partition(name = "counters_1", modulus = 2, remainder = 1)
)]
struct Counter {
    #[column(primary_key)]
    name: String,
    value: i64,
}

fn shop() -> Records {
    let mut records = records![
        KIND_TABLE Customer Table,
        KIND_TABLE Order Table,
        KIND_TABLE Document Table,
        KIND_TABLE Event Table,
        KIND_TABLE Counter Table,
        KIND_TABLE Parcel Table,
        KIND_ENUM Tier Enum,
        KIND_COMPOSITE Address Composite,
        KIND_DOMAIN Zip Domain,
        KIND_DOMAIN Amount Domain,
        KIND_VIEW GoldCustomer View,
        KIND_VIEW GoldOrders View,
        KIND_VIEW TopCustomer View,
        KIND_VIEW Record View,
    ];
    records.sql = vec![
        raw(Place::BeforeTables, 1, "CREATE EXTENSION citext"),
        raw(
            Place::BeforeTables,
            2,
            "CREATE FUNCTION raw_is_zip(text text) RETURNS boolean IMMUTABLE RETURN text ~ '^[0-9]+$'",
        ),
        raw(
            Place::BeforeTables,
            3,
            "CREATE FUNCTION raw_label(address address) RETURNS text IMMUTABLE RETURN (address).street",
        ),
        raw(
            Place::AfterTables,
            1,
            "CREATE FUNCTION raw_refresh() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n    REFRESH MATERIALIZED VIEW top_customers;\nEND $$",
        ),
        raw(
            Place::AfterTables,
            2,
            "CREATE FUNCTION total(customer bigint) RETURNS numeric LANGUAGE sql STABLE RETURN\n    (SELECT sum(amount) FROM orders WHERE customer_id = customer)",
        ),
        raw(
            Place::AfterTables,
            3,
            "CREATE FUNCTION raw_best() RETURNS SETOF top_customers LANGUAGE sql AS 'SELECT * FROM top_customers'",
        ),
    ];
    records
}

#[test]
fn structs_read_well() {
    let declared = declare(&shop()).unwrap();
    insta::assert_snapshot!(declared.to_sql());
    let mut scratch = scratch();
    let mut db = load(&mut scratch, &declared.to_sql());
    assert_eq!(observed::objects(db.client()), declared.origins.keys().cloned().collect());
}

/// The columns of views are compared where PostgreSQL knows them.
#[test]
fn fields_must_be_the_columns_of_the_view() {
    let mut told = String::new();
    let mut tell = |what: &str, change: &dyn Fn(&mut Records)| {
        let mut records = shop();
        change(&mut records);
        let error = match Project::new().try_generate(&records, Answers::default()) {
            Err(error) => error,
            Ok(_) => panic!("{what} is taken"),
        };
        told.push_str(&format!("{what}:\n{}\n\n", without_lines(error)));
    };
    let gold =
        |records: &mut Records| records.views.iter().position(|view| view.name.name == "zebras").unwrap();
    tell("another type", &|records| {
        let at = gold(records);
        records.views[at].columns[0].ty.base = Base::Sql("uuid".to_owned());
    });
    tell("no such column", &|records| {
        let at = gold(records);
        records.views[at].columns[1].name = "mail".to_owned();
    });
    tell("a column too many", &|records| {
        let at = gold(records);
        records.views[at].columns.pop();
    });
    tell("no type", &|records| {
        let at = gold(records);
        records.views[at].columns[0].ty.base = Base::Sql("no type".to_owned());
    });
    tell("no such table", &|records| {
        let at = gold(records);
        records.views[at].sql = "SELECT 1 AS id FROM missing".to_owned();
    });
    tell("two statements", &|records| {
        let at = gold(records);
        records.views[at].sql = "SELECT 1 AS id;\n DROP TABLE users".to_owned();
    });
    insta::assert_snapshot!(told);
}

/// One migration, and then there is nothing left to do.
#[test]
fn a_migration_settles_it() {
    let records = shop();
    let mut project = Project::new();
    let made = project.generate(&records);
    assert_eq!(made.unmodeled, [""; 0]);
    assert_eq!(project.try_generate(&records, Answers::default()), Ok(None));
    // No shortcut, no memory: the recorded Catalog is the declared one.
    let mut again = Project { history: project.history, ..Project::new() };
    assert_eq!(again.try_generate(&records, Answers::default()), Ok(None));
}

/// Without raw SQL only what changed runs again, with what it needs.
#[test]
fn a_view_changes_alone() {
    let mut records = records![
        KIND_TABLE Customer Table,
        KIND_TABLE Order Table,
        KIND_ENUM Tier Enum,
        KIND_VIEW GoldCustomer View,
        KIND_VIEW GoldOrders View,
    ];
    let mut project = Project::new();
    project.generate(&records);
    let sql = "SELECT id, email FROM customers WHERE tier = 'gold' AND email <> ''";
    sql.clone_into(&mut records.views[0].sql);
    let made = project.generate(&records);
    // How the query is printed depends on the server's version.
    let up = statements(&made.texts.up);
    assert!(up.starts_with("CREATE OR REPLACE VIEW public.zebras WITH (security_barrier=true) AS\n"), "{up}");
    assert!(up.ends_with("WITH LOCAL CHECK OPTION;\n") && up.matches("VIEW").count() == 1, "{up}");
    records.views[0].columns[0].ty.base = Base::Sql("uuid".to_owned());
    let error = project.try_generate(&records, Answers::default()).expect_err("another type");
    assert!(error.to_string().contains("`GoldCustomer.id` is uuid"), "{error}");
}

/// What a table gets, its partitions get; and a partition comes, changes and goes alone.
#[test]
fn partitions_follow_their_table() {
    let mut records = records![
        KIND_TABLE Customer Table,
        KIND_TABLE Event Table,
        KIND_ENUM Tier Enum,
    ];
    let mut project = Project::new();
    project.generate(&records);
    let index = records.tables[1].indexes[0].clone();
    records.tables[1].indexes.push(Index { name: Some("named".to_owned()), ..index });
    records.tables[1].constraints.retain(|c| !matches!(c.kind, ConstraintKind::ForeignKey { .. }));
    let added = project.generate(&records);
    let partitions = &mut records.tables[1].partitions;
    let next_year = Partition {
        name: Name { schema: None, name: "events_2027".to_owned() },
        bound: PartitionBound::Range { from: "'2027-01-01'".to_owned(), to: "'2028-01-01'".to_owned() },
        with: Some("fillfactor = 80".to_owned()),
        ..partitions[2].clone()
    };
    partitions.insert(1, next_year);
    let next = project.generate(&records);
    records.tables[1].partitions[0].with = None;
    records.tables[1].partitions.remove(1);
    let refused = project.try_generate(&records, Answers::default()).expect_err("rows would be lost");
    let answers = Answers { drops: vec!["events_2027".to_owned()], ..Answers::default() };
    let gone = project.try_generate(&records, answers).unwrap().unwrap();
    assert!(refused.to_string().contains("all rows of events_2027 are gone"), "{refused}");
    let up = |made: &Generated| statements(&made.texts.up);
    assert!(up(&added).contains("public.events_2026_eu"), "{}", up(&added));
    assert!(up(&next).contains("events_2027") && !up(&next).contains("events_old"), "{}", up(&next));
    assert_eq!(
        up(&gone),
        "ALTER TABLE archive.events_old RESET (fillfactor);\nDROP TABLE public.events_2027;\n"
    );
    assert_eq!(project.try_generate(&records, Answers::default()), Ok(None));
}

#[test]
fn types_are_renamed() {
    let mut records = records![
        KIND_TABLE Parcel Table,
        KIND_COMPOSITE Address Composite,
        KIND_DOMAIN Zip Domain,
        KIND_DOMAIN Amount Domain,
    ];
    records.sql = shop().sql.into_iter().filter(|raw| raw.place == Place::BeforeTables).take(2).collect();
    let mut project = Project::new();
    project.generate(&records);
    let name =
        |schema: Option<&str>, name: &str| Name { schema: schema.map(str::to_owned), name: name.to_owned() };
    records.composites[0].name = name(None, "place");
    records.composites[0].renamed_from = Some("address".to_owned());
    records.composites[0].columns[1].ty.base = Base::Domain(name(None, "postal_code"));
    for domain in &mut records.domains {
        let new =
            if domain.name.name == "zip" { name(None, "postal_code") } else { name(Some("money"), "price") };
        domain.renamed_from = Some(std::mem::replace(&mut domain.name, new).name);
    }
    for column in &mut records.tables[0].columns {
        column.ty.base = match &column.ty.base {
            Base::Composite(_) => Base::Composite(name(None, "place")),
            Base::Domain(_) => Base::Domain(name(Some("money"), "price")),
            Base::Sql(_) | Base::Enum(_) => continue,
        };
    }
    let made = project.generate(&records);
    insta::assert_snapshot!(statements(&made.texts.up), @r"
    ALTER TYPE public.address RENAME TO place;
    ALTER DOMAIN money.amount RENAME TO price;
    ALTER DOMAIN public.zip RENAME TO postal_code;
    ALTER DOMAIN money.price RENAME CONSTRAINT amount_check TO price_check;
    ALTER DOMAIN public.postal_code RENAME CONSTRAINT zip_check TO postal_code_check;
    ");
    assert_eq!(project.try_generate(&records, Answers::default()), Ok(None));
}

#[derive(Table)]
#[table(name = "boxes")]
struct Box3 {
    side: i32,
    #[column(generated("side * side * side", virtual))]
    volume: Option<i32>,
}

/// Such columns are there since PostgreSQL 18; the text is the same everywhere.
#[test]
fn virtual_columns() {
    let records = records![KIND_TABLE Box3 Table];
    let sql = declare(&records).unwrap().to_sql();
    assert!(sql.contains("volume integer GENERATED ALWAYS AS (side * side * side) VIRTUAL\n"), "{sql}");
    if scratch().server().major >= 18 {
        let mut project = Project::new();
        project.generate(&records);
        assert_eq!(project.try_generate(&records, Answers::default()), Ok(None));
    }
}

#[derive(Table)]
#[table(
    name = "readings",
    primary_key(id, at),
    index(at),
    partition_by = range(at),
    partition(name = "readings_rest", schema = "archive", default),
    allow("wide-row-toast", reason = "few are read")
)]
struct Reading {
    id: i64,
    at: i64,
    #[column(
        index,
        check = "level > 0",
        allow("float-for-money", reason = "no money", until = "2027-01-31")
    )]
    level: f64,
}

/// On a struct for all that belongs to it, on a field for what the field says.
#[test]
fn what_is_allowed() {
    let records = records![KIND_TABLE Reading Table];
    let declared = declare(&records).unwrap();
    let shown = |allowed: &schema_core::engine::declared::Allowed| {
        let of: Vec<String> = allowed.of.iter().map(ToString::to_string).collect();
        format!("{} ({}, {:?}): {}\n", allowed.rule, allowed.reason, allowed.until, of.join("; "))
    };
    let all: String = declared.allowed.iter().map(shown).collect();
    insta::assert_snapshot!(all);
    assert!(declared.allowed[0].at.file.ends_with("derived.rs"));
    let mut silent = records.clone();
    silent.tables[0].allow.clear();
    silent.tables[0].columns[2].allow.clear();
    let silent = declare(&silent).unwrap();
    // It is about nothing in the database.
    assert_eq!((silent.to_sql(), silent.blocks), (declared.to_sql(), declared.blocks));
}

/// A migration without comments.
fn statements(sql: &str) -> String {
    let lines = sql.lines().filter(|line| !line.starts_with("--") && !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn names_in_partitions_are_known() {
    let mut records = shop();
    records.tables.extend(records![KIND_TABLE Taken Table].tables);
    let error = declare(&records).expect_err("one name for two");
    insta::assert_snapshot!(without_lines(error), @r"
    index events_rest_id_idx and table events_rest_id_idx have the same name
      at tests/declared/derived.rs:LINE
      at tests/declared/derived.rs:LINE
      next: give one of them another name
    ");
}

/// The places are in this very file, which changes.
fn without_lines(error: impl std::fmt::Display) -> String {
    let text = error.to_string();
    text.lines()
        .map(|line| match line.find("derived.rs:") {
            Some(at) => format!("{}derived.rs:LINE\n", &line[..at]),
            None => format!("{line}\n"),
        })
        .collect()
}
