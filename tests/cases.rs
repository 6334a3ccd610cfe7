//! Cases: `cases/<kind>/<case>/{old.sql,new.sql}`. Each is planned in both directions, applied to a database with the
//! rows of `rows.sql`, read back, planned again (nothing must be left) and dumped. The plans are blessed.
//!
//! A case whose `new.sql` begins with `-- min: 17` is left out on older servers. PostgreSQL prints some things
//! differently from major to major: texts are compared on the one that they were blessed on.

use crate::support::{Locks, catalog, dump, load, scratch};
use postgres::Client;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::plan::{Plan, plan};
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb};
use schema_core::engine::render::{Header, up};
use std::collections::BTreeMap;
use std::fs::{read_dir, read_to_string};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The major that the texts were blessed on.
const BLESSED_ON: u16 = 15;

#[test]
fn every_case_there_and_back() {
    let mut scratch = scratch();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut count, mut failed) = (0, Vec::new());
    // CASES=grant/ runs only those whose path has this in it.
    let only = std::env::var("CASES").unwrap_or_default();
    for kind in folders(&root) {
        for case in folders(&kind).into_iter().filter(|case| case.to_string_lossy().contains(&only)) {
            let run = AssertUnwindSafe(|| both_ways(&mut scratch, &case));
            if catch_unwind(run).is_err() {
                failed.push(case.display().to_string());
            }
            count += 1;
        }
    }
    assert!(failed.is_empty(), "{} of {count} cases failed: {failed:#?}", failed.len());
    assert!(count > 45 || !only.is_empty(), "only {count} cases were found in {}", root.display());
}

fn both_ways(scratch: &mut Scratch, case: &Path) {
    let text = |name: &str| read_to_string(case.join(name));
    let (old, new) = (text("old.sql").unwrap(), text("new.sql").unwrap());
    let major = scratch.server().major;
    let oldest = new.lines().next().and_then(|line| line.strip_prefix("-- min: "));
    if oldest.is_some_and(|oldest| major < oldest.parse().unwrap()) {
        return;
    }
    let (mut from, mut to) = (load(scratch, &old), load(scratch, &new));
    let (before, after) = (catalog(&mut from), catalog(&mut to));
    let (dump_before, dump_after) = (dump(scratch, &from), dump(scratch, &to));
    from.client().batch_execute(&text("rows.sql").unwrap_or_default()).unwrap();
    let there = way(scratch, &mut from, &before, &after, &dump_after);
    let back = way(scratch, &mut to, &after, &before, &dump_before);
    if major == BLESSED_ON {
        insta::with_settings!({snapshot_path => case, prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!("up", there);
            insta::assert_snapshot!("down", back);
        });
    }
}

/// Plans and applies one direction; returns the plan's text.
fn way(
    scratch: &Scratch,
    db: &mut ScratchDb,
    old: &Catalog,
    new: &Catalog,
    dumped: &Option<Vec<String>>,
) -> String {
    let plan = plan(old, new).unwrap_or_else(|error| panic!("{error}"));
    let header = Header { id: "case", parent: None, tool: "test", proven_on: "test" };
    let text: String =
        up(&plan, &BTreeMap::new(), &header).lines().skip(4).map(|line| format!("{line}\n")).collect();
    apply(db.client(), &plan, &text);
    let rest = crate::cases::plan(&catalog(db), new).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        rest.is_empty(),
        "this is left after\n{text}\n{:#?}",
        rest.steps().map(|s| s.text()).collect::<Vec<_>>()
    );
    assert_eq!(dump(scratch, db), *dumped, "pg_dump sees a difference after\n{text}");
    text
}

fn apply(client: &mut Client, plan: &Plan, text: &str) {
    let mut locks = Locks::watch(client);
    for section in &plan.sections {
        let mut transaction = client.transaction().unwrap();
        locks.begin();
        for setting in section.iter().flat_map(|step| &step.settings) {
            transaction.batch_execute(&format!("SET LOCAL {setting}")).unwrap();
        }
        for step in section {
            transaction
                .batch_execute(&step.text())
                .unwrap_or_else(|error| panic!("{error:?}\n{}\nin\n{text}", step.text()));
            let wrong = locks.after(&mut transaction, step);
            assert!(wrong.is_empty(), "{wrong:#?} in\n{text}");
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
