//! Other people's schemas, pulled, compiled and compared: `scripts/pull_corpus.sh` runs it on a folder of `.sql` files.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

use super::workspace::Workspace;
use super::{typed, without_places};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::declare;
use schema_core::engine::error::Error;
use schema_core::engine::plan::plan;
use schema_core::engine::postgres::scratch::ScratchOptions;
use schema_core::engine::postgres::source::read_files;
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::pull::{Pulled, pull};
use std::path::{Path, PathBuf};

/// One schema on its way.
struct Subject {
    name: String,
    live: Catalog,
    pulled: Pulled,
}

#[test]
#[ignore = "takes minutes, and a folder of schemas"]
fn corpus() {
    let folder = std::env::var("SCHEMA_CORPUS").expect("SCHEMA_CORPUS is a folder of .sql files");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut bench = Workbench::new(ScratchOptions::default());
    let mut workspace = Workspace::new("corpus");
    let (mut subjects, mut failed) = (Vec::new(), Vec::new());
    for path in &files {
        let name = path.file_stem().unwrap().display().to_string();
        match read(&mut bench, path) {
            Ok((live, pulled)) => {
                workspace.add(&package(&name), &pulled);
                subjects.push(Subject { name, live, pulled });
            }
            Err(error) => failed.push(format!("{name:50} not read: {}", first_line(&error))),
        }
    }
    workspace.write();
    workspace.build_all();
    let (mut whole, mut equal) = (0, 0);
    for subject in &subjects {
        let (verdict, good) = match judge(&mut bench, &workspace, subject) {
            Ok(left) if left.is_empty() => ("equal".to_owned(), true),
            Ok(left) => {
                (format!("DIFFERS by {}: {}", left.len(), left[0].lines().next().unwrap_or("")), false)
            }
            Err(error) => (format!("FAILED: {}", first_line(&error)), false),
        };
        let unmodeled: Vec<String> =
            subject.live.unmodeled.iter().map(|(kind, names)| format!("{} {kind}", names.len())).collect();
        equal += usize::from(good);
        whole += usize::from(good && unmodeled.is_empty());
        println!("{:50} {verdict}  {}", subject.name, unmodeled.join(", "));
    }
    for line in &failed {
        println!("{line}");
    }
    let all = subjects.len();
    println!("{all} read, {equal} compile and are equal in all that schema models, {whole} are whole");
}

fn read(bench: &mut Workbench, path: &Path) -> Result<(Catalog, Pulled), Error> {
    let live = bench.loaded(&read_files(path)?)?;
    let pulled = pull(&live, &typed())?;
    Ok((live, pulled))
}

/// The statements that lead from what the compiled code declares to what was there.
fn judge(bench: &mut Workbench, workspace: &Workspace, subject: &Subject) -> Result<Vec<String>, Error> {
    let found = workspace.records(&package(&subject.name))?;
    let meant = without_places(subject.pulled.records.clone());
    if without_places(found.clone()) != meant {
        return Err(Error::failed("the records are not those that were meant"));
    }
    let declared = bench.declared(&declare(&found)?, None)?;
    Ok(plan(&declared, &subject.live)?.steps().map(|step| step.text()).collect())
}

fn package(name: &str) -> String {
    format!("pulled-{}", name.to_lowercase())
}

fn first_line(error: &Error) -> String {
    error.what.lines().take(2).collect::<Vec<_>>().join(" | ")
}
