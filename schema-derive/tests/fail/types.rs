//! Composite types and domains that cannot be.
use schema_core::{Composite, Domain, Table};

#[derive(Composite)]
#[composite(nam = "a", unlogged)]
struct Address {
    #[column(primary_key, default = 5)]
    street: String,
    zip: u32,
}

#[derive(Composite)]
struct Pair(i32, i32);

#[derive(Domain)]
#[domain(check, check = "a" 5, check("VALUE > 0", no_inherit), not_null = true, default, nmae = "b", "c")]
struct Positive(Option<i64>);

#[derive(Domain)]
struct Two(i64, i64);

#[derive(Domain)]
struct Generic<T>(T);

#[derive(Domain)]
struct Odd(std::time::Instant);

#[derive(Table)]
struct User {
    positive: Positive,
    #[column(primary_key)]
    mail: Mail,
}

#[derive(Table)]
struct Letter {
    #[column(references = User::mail)]
    to: String,
}

#[derive(Domain)]
struct Mail(String);

fn main() {}
