//! Cases: `cases/<kind>/<case>/{old.sql,new.sql}`. Each is planned in both directions, applied to a database with the
//! rows of `rows.sql`, read back, planned again (nothing must be left) and dumped; in the plain form and in the online
//! one. The plans are blessed, the online ones of the kind `online`.
//!
//! A case whose `new.sql` begins with `-- min: 17` is left out on older servers. PostgreSQL prints some things
//! differently from major to major: texts are compared on the one that they were blessed on.

use crate::support::{Locks, catalog, dump, load, scratch};
use postgres::Client;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diff::diff;
use schema_core::engine::error::Error;
use schema_core::engine::plan::{Plan, is_outside, plan, plan_online};
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb};
use schema_core::engine::render::{Header, up};
use schema_core::engine::step::Step;
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
    let rows = text("rows.sql").unwrap_or_default();
    for (way, names) in [(plan as Way, ["up", "down"]), (online as Way, ["online_up", "online_down"])] {
        let (mut from, mut to) = (load(scratch, &old), load(scratch, &new));
        let (before, after) = (catalog(&mut from), catalog(&mut to));
        let (dump_before, dump_after) = (dump(scratch, &from), dump(scratch, &to));
        from.client().batch_execute(&rows).unwrap();
        let texts = [
            walk(way, scratch, &mut from, &before, &after, &dump_after),
            walk(way, scratch, &mut to, &after, &before, &dump_before),
        ];
        // The online forms of a few say enough; that they lead to the same end is shown for all.
        let blessed = names[0] == "up" || case.parent().is_some_and(|kind| kind.ends_with("online"));
        if major == BLESSED_ON && blessed {
            insta::with_settings!({snapshot_path => case, prepend_module_to_snapshot => false, omit_expression => true}, {
                for (name, text) in names.iter().zip(texts) {
                    insta::assert_snapshot!(*name, text);
                }
            });
        }
    }
}

/// One of the two ways to plan.
type Way = fn(&Catalog, &Catalog) -> Result<Plan, Error>;

fn online(old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    plan_online(&diff(old, new), old, new)
}

/// Plans and applies one direction; returns the plan's text.
fn walk(
    way: Way,
    scratch: &Scratch,
    db: &mut ScratchDb,
    old: &Catalog,
    new: &Catalog,
    dumped: &Option<Vec<String>>,
) -> String {
    let plan = way(old, new).unwrap_or_else(|error| panic!("{error}"));
    let header = Header { id: "case", parent: None, tool: "test", proven_on: "test" };
    let text: String =
        up(&plan, &BTreeMap::new(), &header).lines().skip(4).map(|line| format!("{line}\n")).collect();
    apply(db.client(), &plan, &text);
    let rest = way(&catalog(db), new).unwrap_or_else(|error| panic!("{error}"));
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
    let failed = |error: postgres::Error, step: &Step| -> () {
        panic!("{error:?}\n{}\nin\n{text}", step.text());
    };
    for section in &plan.sections {
        if is_outside(section) {
            // What it locks is gone by the time that one could look: `online.rs` looks meanwhile.
            for step in section {
                client.batch_execute(&step.text()).unwrap_or_else(|error| failed(error, step));
            }
            continue;
        }
        let mut transaction = client.transaction().unwrap();
        locks.begin();
        for setting in section.iter().flat_map(|step| &step.settings) {
            transaction.batch_execute(&format!("SET LOCAL {setting}")).unwrap();
        }
        for step in section {
            transaction.batch_execute(&step.text()).unwrap_or_else(|error| failed(error, step));
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
