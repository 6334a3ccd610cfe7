//! Cases: `cases/<kind>/<case>/{old.sql,new.sql}`. Each is planned in both directions, applied to a database with the
//! rows of `rows.sql`, read back, planned again (nothing must be left) and dumped. The plans are blessed.

use crate::support::{catalog, dump, load, scratch};
use schema_core::engine::plan::{Plan, plan};
use schema_core::engine::postgres::scratch::Scratch;
use schema_core::engine::render::{Header, up};
use std::collections::BTreeMap;
use std::fs::{read_dir, read_to_string};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

#[test]
fn every_case_there_and_back() {
    let mut scratch = scratch();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut count, mut failed) = (0, Vec::new());
    for kind in folders(&root) {
        for case in folders(&kind) {
            let run = AssertUnwindSafe(|| both_ways(&mut scratch, &case));
            if catch_unwind(run).is_err() {
                failed.push(case.display().to_string());
            }
            count += 1;
        }
    }
    assert!(failed.is_empty(), "{} of {count} cases failed: {failed:#?}", failed.len());
    assert!(count > 20, "only {count} cases were found in {}", root.display());
}

fn both_ways(scratch: &mut Scratch, case: &Path) {
    let text = |name: &str| read_to_string(case.join(name));
    let (old, new) = (text("old.sql").unwrap(), text("new.sql").unwrap());
    let there = way(scratch, &old, &new, &text("rows.sql").unwrap_or_default());
    let back = way(scratch, &new, &old, "");
    insta::with_settings!({snapshot_path => case, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("up", there);
        insta::assert_snapshot!("down", back);
    });
}

/// Plans and applies one direction; returns the plan's text.
fn way(scratch: &mut Scratch, old: &str, new: &str, rows: &str) -> String {
    let (mut from, mut to) = (load(scratch, old), load(scratch, new));
    from.client().batch_execute(rows).unwrap();
    let wanted = catalog(&mut to);
    let plan = plan(&catalog(&mut from), &wanted).unwrap_or_else(|error| panic!("{error}"));
    let header = Header { id: "case", parent: None, tool: "test", proven_on: "test" };
    let text: String =
        up(&plan, &BTreeMap::new(), &header).lines().skip(4).map(|line| format!("{line}\n")).collect();
    apply(from.client(), &plan, &text);
    let reached = catalog(&mut from);
    let rest = crate::cases::plan(&reached, &wanted).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        rest.is_empty(),
        "this is left after\n{text}\n{:#?}",
        rest.steps().map(|s| s.text()).collect::<Vec<_>>()
    );
    assert_eq!(dump(scratch, &from), dump(scratch, &to), "pg_dump sees a difference after\n{text}");
    text
}

fn apply(client: &mut postgres::Client, plan: &Plan, text: &str) {
    for section in &plan.sections {
        let mut transaction = client.transaction().unwrap();
        for step in section {
            transaction
                .batch_execute(&step.text())
                .unwrap_or_else(|error| panic!("{error:?}\n{}\nin\n{text}", step.text()));
        }
        transaction.commit().unwrap();
    }
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
