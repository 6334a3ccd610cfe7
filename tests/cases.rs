//! Cases: `cases/<kind>/<case>/{old.sql,new.sql}`. Each is planned in both directions, applied to a database with the
//! rows of `rows.sql`, read back, planned again (nothing must be left) and dumped; in the plain form and in the online
//! one. The plans are blessed, the online ones of the kind `online`.
//!
//! A case whose `new.sql` begins with `-- min: 17` is left out on older servers. PostgreSQL prints some things
//! differently from major to major: texts are compared on the one that they were blessed on.

use crate::support::{Locks, Way, catalog, dump, load, online, scratch};
use postgres::{Client, Config, NoTls};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::hazard::{Hazard, HazardKind};
use schema_core::engine::id::ObjectId;
use schema_core::engine::plan::{Plan, is_outside, plan};
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb};
use schema_core::engine::render::{Header, up};
use schema_core::engine::step::{LockMode, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{read_dir, read_to_string};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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
    apply(db, &plan, &text);
    let rest = way(&catalog(db), new).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        rest.is_empty(),
        "this is left after\n{text}\n{:#?}",
        rest.steps().map(|s| s.text()).collect::<Vec<_>>()
    );
    assert_eq!(dump(scratch, db), *dumped, "pg_dump sees a difference after\n{text}");
    text
}

fn apply(db: &ScratchDb, plan: &Plan, text: &str) {
    let (mut client, told) = listening(db);
    let client = &mut client;
    let mut locks = Locks::watch(client);
    let made = plan.steps().flat_map(|step| &step.builds).filter_map(ObjectId::as_relation);
    let made: BTreeSet<&str> = made.map(|table| table.name.as_str()).collect();
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
            told.lock().unwrap().clear();
            transaction.batch_execute(&step.text()).unwrap_or_else(|error| failed(error, step));
            let said = std::mem::take(&mut *told.lock().unwrap());
            let read: Vec<String> = said.into_iter().filter(|line| reads(line, &locks, &made)).collect();
            assert!(read.is_empty() || says_so(step), "{read:#?} in\n{}\nin\n{text}", step.text());
            let wrong = locks.after(&mut transaction, step);
            assert!(wrong.is_empty(), "{wrong:#?} in\n{text}");
        }
        transaction.commit().unwrap();
    }
}

/// A connection that hears what PostgreSQL says about tables that it reads or writes anew.
fn listening(db: &ScratchDb) -> (Client, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let mut config: Config = db.url().parse().unwrap();
    let heard = told.clone();
    config.notice_callback(move |notice| heard.lock().unwrap().push(notice.message().to_owned()));
    let mut client = config.connect(NoTls).unwrap();
    client.batch_execute("SET client_min_messages = debug1").unwrap();
    (client, told)
}

/// Whether a whole table that was there before is read, in the words of a debug message.
fn reads(line: &str, locks: &Locks, made: &BTreeSet<&str>) -> bool {
    let name = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
    let was_there = |name: String| locks.knows(&name) && !made.contains(name.as_str());
    let table =
        ["verifying table \"", "rewriting table \""].iter().find_map(|start| line.strip_prefix(start));
    let on = line.starts_with("building index").then(|| line.split_once(" on table \"")).flatten();
    table.or(on.map(|(_, rest)| rest)).is_some_and(|rest| was_there(name(rest)))
        || line.starts_with("validating foreign key constraint")
}

/// Whether the Step says that it may take long, or locks nothing that matters meanwhile.
fn says_so(step: &Step) -> bool {
    let long = |hazard: &Hazard| match hazard.kind {
        HazardKind::LongLock | HazardKind::Rewrite => true,
        // The first row ends it.
        HazardKind::MayFail => hazard.why.starts_with("fails if the table has rows"),
        HazardKind::DataLoss | HazardKind::BreaksRunningCode => false,
    };
    step.hazards.iter().any(long)
        || step.locks.iter().all(|(mode, _)| *mode <= LockMode::ShareUpdateExclusive)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
