//! What the tests share: a scratch PostgreSQL, loading SQL, `pg_dump` as a second observer.

use schema_core::engine::catalog::Catalog;
use schema_core::engine::postgres::introspect::{ReadOptions, read};
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb, ScratchOptions, Source};
use std::path::PathBuf;
use std::process::Command;

/// A server of this machine.
pub(crate) fn scratch() -> Scratch {
    Scratch::open(&ScratchOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A new database with this SQL.
pub(crate) fn load(scratch: &mut Scratch, sql: &str) -> ScratchDb {
    let mut db = scratch.database().unwrap_or_else(|error| panic!("{error}"));
    db.client().batch_execute(sql).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    db
}

/// The whole database as a Catalog.
pub(crate) fn catalog(db: &mut ScratchDb) -> Catalog {
    read(db.client(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The lines of `pg_dump --schema-only`, sorted: the order of statements and of columns is no difference. `None` where
/// the server comes without `pg_dump`.
pub(crate) fn dump(scratch: &Scratch, db: &ScratchDb) -> Option<Vec<String>> {
    let Source::Found(bin) = &scratch.server().source else { return None };
    let program: PathBuf = bin.join("pg_dump");
    if !program.exists() {
        return None;
    }
    let output = Command::new(program)
        .args(["--schema-only", "--no-owner", "--dbname", &db.url()])
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let plain = |line: &&str| !line.is_empty() && !line.starts_with("--") && !line.starts_with("\\");
    let mut lines: Vec<String> =
        text.lines().filter(plain).map(|line| line.trim().trim_end_matches(',').to_owned()).collect();
    lines.sort();
    Some(lines)
}
