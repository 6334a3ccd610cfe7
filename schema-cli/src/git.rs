//! What git knows of the migrations: those of another commit. Calls git, and only reads.

use schema_core::engine::error::Error;
use schema_core::engine::history::History;
use schema_core::engine::script::Script;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The migrations that a commit has, with the checksums of their `up.sql`.
pub(crate) fn migrations_at(
    base: &str,
    folder: &Path,
    history: &History,
) -> Result<Vec<(String, String)>, Error> {
    let list = |arguments: &[&str]| -> Result<BTreeSet<String>, Error> {
        let text = git(folder, base, arguments)?;
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    };
    // A base that begins with a dash is no option.
    let commit = git(
        folder,
        base,
        &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{base}^{{commit}}")],
    )?;
    let commit = commit.trim();
    let there = list(&["ls-tree", "-r", "--name-only", "-z", commit, "."])?;
    let changed = list(&["diff", "--relative", "--name-only", "--no-renames", "-z", commit, "--", "."])?;
    let mut found = Vec::new();
    for path in there.iter().filter(|path| path.matches('/').count() == 1) {
        let Some(id) = path.strip_suffix("/up.sql") else { continue };
        let same = history.get(id).filter(|_| !changed.contains(path));
        let checksum = match same {
            Some(migration) => migration.up.checksum.clone(),
            None => {
                let text = git(folder, base, &["show", &format!("{commit}:./{path}")])?;
                // What could not be read there has not run either.
                Script::read(path, &text).map(|script| script.checksum).unwrap_or_default()
            }
        };
        found.push((id.to_owned(), checksum));
    }
    Ok(found)
}

fn git(folder: &Path, base: &str, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(|error| {
        Error::failed(format!("git cannot be run: {error}")).next("install git, or leave --base out")
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let said = if said.is_empty() { "there is no such commit here".to_owned() } else { said };
        return Err(Error::usage(format!("--base {base}: {said}")).next(
            "name a commit that git has here, as origin/main; in CI fetch the history (fetch-depth: 0)",
        ));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Error::failed(format!("--base {base}: git names a file that is not UTF-8")))
}
