//! Rules of lint that do not count, but nobody says why, or how long.
use schema_core::{Composite, Table, View};

#[derive(Table)]
#[table(allow, allow = "no-primary-key", allow(), allow("no-primary-key"), allow("no-primary-key", reason = ""))]
#[table(allow(reason = "few rows"), allow(no_primary_key, reason = "few rows"))]
struct Struct {
    #[column(allow("varchar-n", reson = "fixed"), allow("varchar-n", "char-n", reason = "fixed"))]
    name: String,
    #[column(allow("varchar-n", reason = "fixed", until = "soon"), allow("varchar-n", reason = "a", reason = "b"))]
    other: String,
    #[column(allow("varchar-n", reason = "fixed", until = "2027-02-32"))]
    third: String,
}

#[derive(View)]
#[view(sql = "SELECT 1 AS one", allow("rename-column"))]
struct Shown {
    one: Option<i32>,
}

#[derive(Composite)]
struct Address {
    #[column(allow("varchar-n", reason = "no rule is about it"))]
    street: String,
}

fn main() {}
