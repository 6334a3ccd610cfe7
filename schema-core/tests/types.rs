//! The SQL types of other crates' types, and columns in sea-query.
#![cfg(all(
    feature = "uuid",
    feature = "chrono",
    feature = "time",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "bigdecimal",
    feature = "serde_json",
    feature = "ipnetwork",
    feature = "bit-vec",
    feature = "sea-query"
))]

use schema_core::def::{Base, Type};
use schema_core::{PgType, Table};
use std::borrow::Cow;

fn text(ty: Type) -> String {
    let Base::Sql(sql) = ty.base else { panic!("an enum") };
    format!("{sql}{}{}", if ty.dimensions == 1 { "[]" } else { "" }, if ty.nullable { "?" } else { "" })
}

macro_rules! assert_types {
    ($($rust:ty => $sql:literal,)+) => { $(assert_eq!(text(<$rust as PgType>::TYPE), $sql);)+ };
}

#[test]
fn types() {
    assert_types! {
        i16 => "smallint",
        i32 => "integer",
        i64 => "bigint",
        f32 => "real",
        f64 => "double precision",
        bool => "boolean",
        &'static str => "text",
        Box<str> => "text",
        Cow<'static, str> => "text",
        Option<Cow<'static, [u8]>> => "bytea?",
        [u8; 16] => "bytea",
        Box<[u8]> => "bytea",
        Vec<Vec<u8>> => "bytea[]",
        Option<Vec<Option<i32>>> => "integer[]?",
        [i64; 3] => "bigint[]",
        Vec<Vec<i64>> => "bigint[]",
        Option<Option<i64>> => "bigint?",
        std::net::IpAddr => "inet",
        uuid::Uuid => "uuid",
        chrono::DateTime<chrono::Utc> => "timestamptz",
        chrono::DateTime<chrono::FixedOffset> => "timestamptz",
        chrono::NaiveDateTime => "timestamp",
        chrono::NaiveDate => "date",
        chrono::NaiveTime => "time",
        chrono::TimeDelta => "interval",
        time::OffsetDateTime => "timestamptz",
        time::PrimitiveDateTime => "timestamp",
        time::Date => "date",
        jiff::Timestamp => "timestamptz",
        jiff::Zoned => "timestamptz",
        jiff::civil::DateTime => "timestamp",
        jiff::Span => "interval",
        rust_decimal::Decimal => "numeric",
        bigdecimal::BigDecimal => "numeric",
        serde_json::Value => "jsonb",
        ipnetwork::IpNetwork => "inet",
        bit_vec::BitVec => "bit varying",
    }
}

#[derive(Table)]
#[table(name = "users")]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(name = "E-Mail")]
    email: Option<String>,
}

#[test]
fn columns_in_a_query() {
    use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
    let sql = Query::select()
        .column(User::ID)
        .column(User::EMAIL)
        .from(User::DEF.name.name)
        .and_where(Expr::col(User::ID).eq(7))
        .to_string(PostgresQueryBuilder);
    assert_eq!(sql, r#"SELECT "id", "E-Mail" FROM "users" WHERE "id" = 7"#);
}
