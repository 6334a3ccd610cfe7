//! What the statistics of a server say: read from a real one, and judged.

use super::lines;
use crate::support::{load, scratch};
use schema_core::engine::declared::Allowed;
use schema_core::engine::error::Location;
use schema_core::engine::id::ObjectId;
use schema_core::engine::lint::config::Config;
use schema_core::engine::lint::usage::{IndexUse, TableUse, Usage};
use schema_core::engine::lint::{Input, Linted, lint};
use schema_core::engine::name::QName;
use schema_core::engine::postgres::usage::usage;
use std::collections::BTreeSet;

const MB: u64 = 1 << 20;

fn name(name: &str) -> QName {
    QName::new("public", name)
}

fn index(called: &str, scans: u64, reads: u64, bytes: u64) -> IndexUse {
    IndexUse { index: name(called), table: name("t"), scans, reads, bytes }
}

fn linted(usage: &Usage, allowed: &[Allowed]) -> Linted {
    let config = Config::default();
    let (status, catalog) = (None, None);
    let usage = Some(usage);
    lint(&Input {
        units: &[],
        selected: &[],
        history: false,
        status,
        usage,
        catalog,
        allowed,
        config: &config,
    })
}

#[test]
fn only_what_costs_something_is_said() {
    let indexes = vec![
        index("dead", 0, 1_000, 12 * MB),
        index("used", 1, 1_000, 12 * MB),
        index("small", 0, 1_000, MB - 1),
        index("idle", 0, 99, 12 * MB),
    ];
    let table = |called: &str, bytes, rows| TableUse { table: name(called), bytes, rows };
    let tables = vec![
        table("bloated", 50 * MB, 20 * MB),
        table("large", 50 * MB, 30 * MB),
        table("small", 17 * MB, 2 * MB),
    ];
    let usage = Usage { days: 31, indexes, tables };
    assert_eq!(
        lines(&linted(&usage, &[]).findings),
        "info[table-bloat]: bloated takes 50 MB, and its rows need some 20 MB\n\
         info[unused-index]: dead of t was not used in 31 days, and takes 12 MB\n"
    );
    let young = Usage { days: 6, tables: Vec::new(), ..usage.clone() };
    assert_eq!(lines(&linted(&young, &[]).findings), "");

    // What the code says of its index holds for what the server says of it.
    let allowed = Allowed {
        rule: "unused-index".to_owned(),
        reason: "for the report of the year".to_owned(),
        until: None,
        at: Location { file: "src/lib.rs".to_owned(), line: 3 },
        of: BTreeSet::from([ObjectId::Index(name("dead"))]),
    };
    let linted = linted(&usage, &[allowed]);
    assert_eq!((linted.findings.len(), linted.waived.len()), (1, 1), "{linted:?}");
}

#[test]
fn a_server_knows_it() {
    let mut server = scratch();
    let mut db = load(
        &mut server,
        "CREATE SCHEMA s; CREATE TABLE s.t (id bigint PRIMARY KEY, a text, b text UNIQUE) WITH (fillfactor = 50);
         CREATE INDEX t_a ON s.t (a); CREATE TABLE p (id bigint) PARTITION BY RANGE (id);
         CREATE TABLE p_1 PARTITION OF p DEFAULT; CREATE INDEX p_id ON p (id); CREATE TABLE empty (x int);
         INSERT INTO s.t SELECT n, repeat('a', 100), n FROM generate_series(1, 10000) n; ANALYZE s.t;",
    );
    let client = db.client();
    let full = usage(client).unwrap();
    let names = |usage: &Usage| usage.indexes.iter().map(|index| index.index.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&full), ["s.t_a"], "keys and parts are not asked about");
    assert_eq!((full.indexes[0].scans, full.indexes[0].table.to_string()), (0, "s.t".to_owned()));
    assert!(full.indexes[0].bytes > 0);
    let [table] = full.tables.as_slice() else { panic!("{full:?}") };
    // The estimate is one: full pages count as full.
    assert!(table.rows * 10 > table.bytes * 8 && table.rows * 10 < table.bytes * 12, "{table:?}");

    client.batch_execute("DELETE FROM s.t WHERE id % 10 <> 0; ANALYZE s.t").unwrap();
    let table = usage(client).unwrap().tables.remove(0);
    assert!(table.rows * 7 < table.bytes, "{table:?}");
}
