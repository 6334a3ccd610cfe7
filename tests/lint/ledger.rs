//! What a database says about the files: edited, missing, out of order.

use super::{history, lines};
use schema_core::engine::files::Texts;
use schema_core::engine::lint::config::Config;
use schema_core::engine::lint::unit::Unit;
use schema_core::engine::lint::{Input, lint};
use schema_core::engine::postgres::status::{Recorded, Status};

fn texts(id: &str, up: &str) -> Texts {
    Texts { id: id.to_owned(), folder: id.to_owned(), up: up.to_owned(), down: Some("SELECT 0;".to_owned()) }
}

fn recorded(id: &str, checksum: &str) -> Recorded {
    Recorded {
        id: id.to_owned(),
        checksum: checksum.to_owned(),
        sections: 1,
        done: 1,
        tool: "0.1.0".to_owned(),
        by: "ann".to_owned(),
        at: "2026-11-20 10:00".to_owned(),
        milliseconds: 1,
        tried: Vec::new(),
        back: Default::default(),
    }
}

fn found(migrations: &[Texts], rows: &[Recorded]) -> String {
    let units = Unit::of_migrations(migrations).unwrap();
    let status = Status::of(&history(migrations), Some(rows));
    let selected = vec![true; units.len()];
    let linted = lint(&Input {
        units: &units,
        selected: &selected,
        history: true,
        status: Some(&status),
        usage: None,
        catalog: None,
        allowed: &[],
        config: &Config::default(),
    });
    lines(&linted.findings)
}

#[test]
fn what_has_run_is_compared_with_the_files() {
    let migrations = [texts("1_a", "SELECT 1;"), texts("2_b", "SELECT 2;"), texts("3_c", "SELECT 3;")];
    let sums: Vec<String> = history(&migrations).0.iter().map(|m| m.up.checksum.clone()).collect();
    let fine = [recorded("1_a", &sums[0]), recorded("2_b", &sums[1])];
    assert_eq!(found(&migrations, &fine), "");
    let rows = [recorded("1_a", "another"), recorded("3_c", &sums[2]), recorded("4_gone", "x")];
    assert_eq!(
        found(&migrations, &rows),
        "error[missing-applied-file]: 4_gone has run (2026-11-20 10:00 by ann), and there is no such folder\n\
         1_a/up.sql:1: error[applied-migration-edited]: it was edited after it ran (2026-11-20 10:00 by ann)\n\
         2_b/up.sql:1: warn[out-of-order]: it has not run, and a later migration has\n"
    );
}
