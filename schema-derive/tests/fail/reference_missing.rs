//! Foreign keys to what doesn't exist or is no table.
use schema_core::Table;

#[derive(Table)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(skip)]
    cache: i64,
}

struct NoTable {
    id: i64,
}

#[derive(Table)]
struct Transaction {
    #[column(references = User::uid)]
    no_field: i64,
    #[column(references = User::cache)]
    skipped: i64,
    #[column(references = Usr::id)]
    no_struct: i64,
    #[column(references = NoTable::id)]
    no_table: i64,
}

fn main() {}
