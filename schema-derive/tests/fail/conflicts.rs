//! What contradicts itself within one struct.
use schema_core::Table;

#[derive(Table)]
#[table(primary_key(id, other))]
struct TwoPrimaryKeys {
    #[column(primary_key)]
    id: i64,
    other: i64,
}

#[derive(Table)]
struct Values {
    #[column(identity, default = 5)]
    a: i64,
    #[column(generated = "a + 1", default = 5)]
    b: i64,
    #[column(generated = "a + 1", identity)]
    c: i64,
    #[column(identity)]
    d: Option<i64>,
    #[column(primary_key)]
    e: Option<i64>,
}

#[derive(Table)]
#[table(foreign_key(columns(a, b), references(Parent::x), on_delete = cascade))]
#[table(foreign_key(columns(a, b), references(Parent::x, Values::a)))]
struct Child {
    #[column(references = Parent::x, on_delete = set_null)]
    a: i64,
    #[column(references = Parent::x, on_delete = set_default)]
    b: i64,
    #[column(references = Parent::x, on_delete = set_null)]
    fine: Option<i64>,
    #[column(references = Parent::x, on_delete = set_default, default = 1)]
    fine_too: i64,
}

#[derive(Table)]
struct Parent {
    #[column(primary_key)]
    x: i64,
}

fn main() {}
