//! Items that are no table, no enum, no newtype.
use schema_core::{Enum, PgType, Table};

#[derive(Table)]
struct Generic<T> {
    id: T,
}

#[derive(Table)]
struct Borrowing<'a> {
    name: &'a str,
}

#[derive(Table)]
struct Tuple(i64, String);

#[derive(Table)]
struct Unit;

#[derive(Table)]
enum Status {
    Pending,
}

#[derive(Enum)]
struct NoEnum {
    id: i64,
}

#[derive(Enum)]
enum WithData {
    Pending,
    Posted(i64),
    Failed { reason: String },
}

#[derive(Enum)]
enum Empty {}

#[derive(PgType)]
struct Point {
    x: f64,
    y: f64,
}

fn main() {}
