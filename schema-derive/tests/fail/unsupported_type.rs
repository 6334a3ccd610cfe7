//! Types that no column can have: the error stands on the type.
use schema_core::Table;
use std::collections::HashMap;

struct Money(i64);

#[derive(Table)]
struct Transaction {
    id: u64,
    amount: Money,
    tags: HashMap<String, String>,
    parts: Vec<Option<Money>>,
    #[column(sql_type = "hstore")]
    fine: HashMap<String, String>,
    #[column(skip)]
    skipped: Money,
}

fn main() {}
