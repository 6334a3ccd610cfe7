//! Identity columns that are no integers.
use schema_core::{PgType, Table};

#[derive(PgType)]
struct Fine(i32);

#[derive(PgType)]
struct Name(String);

type Maybe = Option<i64>;

#[derive(Table)]
struct User {
    #[column(identity)]
    fine: Fine,
    #[column(identity)]
    text: Name,
    #[column(identity)]
    float: f64,
    #[column(identity)]
    array: Vec<i64>,
    #[column(identity)]
    hidden: Maybe,
}

fn main() {}
