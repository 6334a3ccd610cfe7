//! Two local files: an audit line per statement that wrote, and the statements of the SQL editor. No passwords.

use super::session::lock;
use super::statement::may_be_kept;
use schema_core::engine::history::rfc3339;
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// So many statements are shown; the file is cut when it has twice as many.
const SHOWN: usize = 200;

/// Where they are.
pub(super) struct Journal {
    directory: PathBuf,
    /// What every audit line says: which database, as whom.
    place: String,
    writing: Mutex<()>,
}

impl Journal {
    /// In this directory, which is made when something is written.
    pub(super) fn new(directory: PathBuf, place: String) -> Self {
        Self { directory, place, writing: Mutex::default() }
    }

    /// Notes a statement that wrote, or tried to, with what came of it. A journal that cannot be written stops nobody.
    pub(super) fn audit(&self, statement: &str, outcome: &str) {
        let statement = if may_be_kept(statement) { one_line(statement) } else { hidden(statement) };
        let line = format!("{}\t{}\t{}\t{}\n", now(), self.place, outcome, statement);
        self.add("studio.log", &line);
    }

    /// Remembers a statement of the editor.
    pub(super) fn remember(&self, sql: &str, milliseconds: u128, error: Option<&str>) {
        if !may_be_kept(sql) {
            return;
        }
        let entry = json!({"at": now(), "sql": sql, "milliseconds": milliseconds, "error": error});
        self.add("studio-history.jsonl", &format!("{entry}\n"));
    }

    /// The last statements of the editor, the newest first.
    pub(super) fn history(&self) -> Vec<Value> {
        let path = self.directory.join("studio-history.jsonl");
        let _held = lock(&self.writing);
        let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(SHOWN)..];
        if lines.len() > 2 * SHOWN {
            // It is only a memory: if this fails, it stays long.
            let _ = fs::write(&path, last.join("\n") + "\n");
        }
        last.iter().rev().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    fn add(&self, name: &str, line: &str) {
        let _held = lock(&self.writing);
        let write = || -> std::io::Result<()> {
            prepare(&self.directory)?;
            private(&self.directory.join(name))?.write_all(line.as_bytes())
        };
        // A full disk must not keep anybody from seeing the answer.
        let _ = write();
    }
}

/// The directory, kept out of version control.
fn prepare(directory: &Path) -> std::io::Result<()> {
    if !directory.exists() {
        fs::create_dir_all(directory)?;
        fs::write(directory.join(".gitignore"), "*\n")?;
    }
    Ok(())
}

/// Opened to add to it; nobody else can read it.
pub(super) fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.truncate(line.floor_char_boundary(4000));
    line
}

fn hidden(statement: &str) -> String {
    let first = statement.split_whitespace().next().unwrap_or_default();
    format!("{first} ... (not written down: it may hold a password)")
}

/// RFC 3339, UTC.
fn now() -> String {
    rfc3339(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down() {
        let directory = std::env::temp_dir().join(format!("schema-journal-{}", std::process::id()));
        let journal = Journal::new(directory.clone(), "db".to_owned());
        journal.audit("update t\n set a = 1", "1 row");
        journal.audit("alter role x password 'hunter2'", "done");
        journal.remember("select 1", 3, None);
        journal.remember("alter role x password 'hunter2'", 3, None);
        let text = fs::read_to_string(directory.join("studio.log")).unwrap();
        assert!(text.contains("Z\tdb\t1 row\tupdate t set a = 1\n"), "{text}");
        let history = journal.history();
        fs::remove_dir_all(&directory).unwrap();
        assert!(!text.contains("hunter2") && text.lines().count() == 2, "{text}");
        assert_eq!((history.len(), history[0]["sql"].as_str()), (1, Some("select 1")));
    }
}
