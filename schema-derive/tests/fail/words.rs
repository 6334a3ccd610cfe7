//! Words that attributes don't have, and values of the wrong kind; all are reported at once.
use schema_core::{Enum, Table};

#[derive(Table)]
#[table(nmae = "users", colour = "red", comment = "a", comment = "b", schema = 5, unlogged = true)]
#[table(check, primary_key, index = "email", foreign_key(columns(id)), exclude(method = "gist"))]
struct User {
    #[column(primry_key, default = now(), identity = sometimes)]
    id: i64,
    #[column(name = "", unqiue, sql_type)]
    email: String,
    #[column(references = id, check = 5, on_delete = cascade)]
    account: i64,
    #[column(references(User::id, on_delete = set_nul, matchfull))]
    other: i64,
    #[column(unique(nulls_distinct), index(methd = "gin"))]
    tags: Vec<String>,
}

#[derive(Table)]
#[table(index(id descending), index(id nulls middle), unique(id deferrable), index(expr(5)))]
struct Keys {
    id: i64,
}

#[derive(Enum)]
#[pg_enum(rename_all = "snakecase", labels = 5)]
enum Status {
    #[label(nam = "x")]
    Pending,
}

fn main() {}
