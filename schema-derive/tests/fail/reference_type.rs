//! Foreign keys whose types differ.
use schema_core::{Enum, PgType, Table};

#[derive(Enum)]
enum Status {
    Pending,
}

#[derive(PgType)]
struct UserId(i64);

#[derive(Table)]
#[table(name = "users", unique(email, id))]
struct User {
    #[column(primary_key)]
    id: UserId,
    #[column(sql_type = "varchar(100)", unique)]
    email: String,
    #[column(unique)]
    status: Status,
}

#[derive(Table)]
#[table(foreign_key(columns(text, short), references(User::email, User::id)))]
struct Transaction {
    #[column(references = User::id)]
    short: i32,
    #[column(references = User::id)]
    array: Vec<i64>,
    #[column(references = User::status)]
    text: String,
    #[column(references = User::id)]
    fine: Option<UserId>,
    #[column(references = User::id)]
    fine_as_well: i64,
    #[column(references = User::email)]
    fine_too: String,
}

fn main() {}
