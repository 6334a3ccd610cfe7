//! Storage, policies and partitions that cannot be.
use schema_core::Table;

#[derive(Table)]
#[table(replica_identity = index, replica_identity = "full", row_security = true, with)]
#[table(policy("own"), policy(name = "a"), policy(name = "b", for = updat, using = "true"), policy(name = "c", fro = all))]
#[table(policy(name = "i", for = insert, using = "true"), policy(name = "s", for = select, with_check = "true"))]
#[table(policy(name = "s", to = app, using = "true"), policy(name = "t", to("app", 5), using = ""))]
#[table(policy(name = "u", using = "true"), policy(name = "u", with_check = "true"))]
struct Stored {
    #[column(storage = huge, compression, statistics = "many", generated(virtual))]
    a: String,
    #[column(generated("a", lazy))]
    b: String,
}

#[derive(Table)]
#[table(partition_by = range(att), partition(name = "p", in = "1"), partition(name = "q"), with(fillfactor = 70))]
#[table(partition(name = "r", from = "1", to = "2", partition_by = range(region), with(fillfactor = 70)))]
#[table(unique(at, id), index(id, unique))]
struct Event {
    #[column(primary_key)]
    id: i64,
    at: i64,
    region: i64,
}

#[derive(Table)]
#[table(partition(name = "p", default), partition_by = list)]
struct Wrong {
    id: i64,
}

#[derive(Table)]
#[table(partition_by = list(id, at desc), partition(name = "p", modulus = 2, remainder = 0))]
struct List {
    id: i64,
    at: i64,
}

#[derive(Table)]
#[table(partition_by = hash(expr("id % 4")), partition(name = "p", default, modulus = 4))]
struct Hash {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
