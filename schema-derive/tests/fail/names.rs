//! Names that don't exist, exist twice or are too long.
use schema_core::{Enum, Table};

#[derive(Table)]
#[table(index(creatd_at), unique(made), primary_key(id, id), unique(cache), index(nothing_like_it))]
struct Transaction {
    id: i64,
    #[column(name = "made")]
    created_at: String,
    #[column(skip)]
    cache: Option<String>,
}

#[derive(Table)]
struct TwoOfOneName {
    email: String,
    #[column(name = "email")]
    address: String,
}

#[derive(Table)]
#[allow(non_snake_case)]
struct TwoOfOneConst {
    user_id: i64,
    userId: i64,
}

#[derive(Table)]
#[table(name = "a_table_whose_name_has_more_than_the_sixty_three_bytes_that_postgresql_keeps")]
#[table(unique(a, name = "a_constraint_whose_name_has_more_than_the_sixty_three_bytes_that_it_keeps"))]
struct Long {
    #[column(name = "a_column_whose_name_has_more_than_the_sixty_three_bytes_that_postgresql_keeps")]
    a: i64,
}

#[derive(Enum)]
enum Status {
    InFlight,
    #[label(name = "in_flight")]
    Flying,
}

/// Gets no errors because those above have.
#[derive(Table)]
struct Fine {
    #[column(references = Transaction::id)]
    transaction: i64,
    #[column(references = TwoOfOneConst::user_id)]
    user: i64,
    status: Status,
}

fn main() {}
