//! Views that cannot be.
use schema_core::{Table, View};

#[derive(View)]
#[view(name = "a")]
struct NoQuery {
    id: i64,
}

#[derive(View)]
#[view(sql = "SELECT 1 AS id", sql_file = "a.sql", with_no_data, index(id), after = NoQuery, nmae = "b", unlogged)]
struct Plain {
    #[column(index, primary_key)]
    id: i64,
}

#[derive(View)]
#[view(sql_file = "no/such/file.sql", with(5), with(a b), with(a = [1]), after(User), materialized)]
struct NoFile {
    id: i64,
}

#[derive(View)]
#[view(sql = "SELECT 1 AS id", after(User))]
struct NoView {
    id: u64,
}

#[derive(Table)]
struct User {
    #[column(references = NoView::id)]
    id: i64,
}

#[derive(View)]
enum Choice {
    A,
}

fn main() {}
