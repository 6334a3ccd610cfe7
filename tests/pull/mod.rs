//! Pull: databases to Rust code and back, as text, on scratch, and through rustc.

mod corpus;
mod workspace;

use crate::support::{catalog, known, load, scratch};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::declare;
use schema_core::engine::diff::diff;
use schema_core::engine::plan::plan;
use schema_core::engine::postgres::scratch::Scratch;
use schema_core::engine::pull::{ForeignCrate, PullOptions, Pulled, pull};
use schema_core::engine::record::{Origin, Records};
use workspace::Workspace;

const RICH: &str = include_str!("rich.sql");
const NAMES: &str = include_str!("names.sql");
const RARE: &str = include_str!("rare.sql");

fn options(crates: &[ForeignCrate]) -> PullOptions {
    PullOptions {
        folder: "src/schema".to_owned(),
        of: "the database of a test".to_owned(),
        crates: crates.iter().copied().collect(),
    }
}

fn typed() -> PullOptions {
    options(&[ForeignCrate::Uuid, ForeignCrate::Chrono, ForeignCrate::RustDecimal, ForeignCrate::SerdeJson])
}

fn pulled(scratch: &mut Scratch, sql: &str, options: &PullOptions) -> (Catalog, Pulled) {
    let sql = known(scratch, sql);
    let live = catalog(&mut load(scratch, &sql));
    assert!(live.unmodeled.is_empty(), "{:?}", live.unmodeled);
    let pulled = pull(&live, options).unwrap_or_else(|error| panic!("{error}"));
    (live, pulled)
}

/// All files, one after the other.
fn text(pulled: &Pulled) -> String {
    pulled.files.iter().map(|file| format!("==== {}\n{}\n", file.name, file.text)).collect()
}

/// What is declared, once PostgreSQL has run it, has nothing more and nothing less.
fn assert_equal(scratch: &mut Scratch, records: &Records, live: &Catalog) {
    let declared = declare(records).unwrap_or_else(|error| panic!("{error}"));
    let declared = catalog(&mut load(scratch, &declared.to_sql()));
    let there = plan(&declared, live).unwrap_or_else(|error| panic!("{error}"));
    let left: Vec<String> = there.steps().map(|step| step.text()).collect();
    assert!(left.is_empty() && diff(live, &declared).is_empty(), "{left:#?}");
}

#[test]
fn the_code_reads_well() {
    let mut scratch = scratch();
    for (name, sql) in [("rich", RICH), ("names", NAMES)] {
        let (_, pulled) = pulled(&mut scratch, sql, &typed());
        insta::assert_snapshot!(name, text(&pulled));
    }
}

#[test]
fn what_is_declared_is_what_was_there() {
    let mut scratch = scratch();
    for sql in [RICH, NAMES, RARE, "CREATE TABLE t ()", "DROP SCHEMA public", "CREATE TYPE e AS ENUM ()", ""]
    {
        for options in [typed(), options(&[])] {
            let (live, pulled) = pulled(&mut scratch, sql, &options);
            assert_equal(&mut scratch, &pulled.records, &live);
        }
    }
}

/// The records that a build finds are those that were meant, so what is true of these is true of the code.
#[test]
fn the_code_compiles_to_what_was_meant() {
    let mut scratch = scratch();
    let mut workspace = Workspace::new("rich");
    let members: Vec<(&str, Pulled)> =
        [("rich", RICH, typed()), ("plain", RICH, options(&[])), ("names", NAMES, typed())]
            .map(|(name, sql, options)| (name, pulled(&mut scratch, sql, &options).1))
            .into();
    for (name, pulled) in &members {
        workspace.add(name, pulled);
    }
    workspace.write();
    for (name, pulled) in members {
        let found = workspace.records(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(without_places(found), without_places(pulled.records), "{name}");
    }
}

/// Where a definition stands is not known before rustfmt and rustc have seen it.
fn without_places(mut records: Records) -> Records {
    let nowhere = || Origin { file: String::new(), line: 0, path: String::new() };
    for table in &mut records.tables {
        table.origin = nowhere();
        table.columns.iter_mut().for_each(|column| column.origin = nowhere());
        table.constraints.iter_mut().for_each(|constraint| constraint.origin = nowhere());
        table.indexes.iter_mut().for_each(|index| index.origin = nowhere());
    }
    for view in &mut records.views {
        view.origin = nowhere();
        view.columns.iter_mut().for_each(|column| column.origin = nowhere());
        view.indexes.iter_mut().for_each(|index| index.origin = nowhere());
    }
    records.enums.iter_mut().for_each(|item| item.origin = nowhere());
    records.sql.sort_by_key(|raw| (raw.origin.file.clone(), raw.origin.line));
    records.sql.iter_mut().for_each(|raw| raw.origin = nowhere());
    let name = |schema: &Option<String>, name: &String| (schema.clone(), name.clone());
    records.tables.sort_by_key(|table| name(&table.name.schema, &table.name.name));
    records.views.sort_by_key(|view| name(&view.name.schema, &view.name.name));
    records.enums.sort_by_key(|item| name(&item.name.schema, &item.name.name));
    records
}
