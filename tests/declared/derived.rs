//! From structs to a database: what the derives can say beyond tables and enums, as text and on a real PostgreSQL.

use super::observed;
use crate::line::Project;
use crate::support::{load, scratch};
use schema_core::engine::declared::declare;
use schema_core::engine::decode::decode;
use schema_core::engine::draft::Answers;
use schema_core::engine::record::{Base, Origin, Place, RawSql, Records};
use schema_core::{Enum, Table, View, wire};

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

fn shop() -> Records {
    let mut records = records![
        KIND_TABLE Customer Table,
        KIND_TABLE Order Table,
        KIND_ENUM Tier Enum,
        KIND_VIEW GoldCustomer View,
        KIND_VIEW GoldOrders View,
        KIND_VIEW TopCustomer View,
        KIND_VIEW Record View,
    ];
    records.sql = vec![
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
