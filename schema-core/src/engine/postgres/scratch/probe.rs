//! Asks programs what they are, and remembers the answer as long as the file is the same.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::user::RunAs;

/// Answers by program, kept in the cache directory. Losing it costs some milliseconds.
pub(super) struct Answers {
    file: PathBuf,
    known: BTreeMap<String, Answer>,
    changed: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Answer {
    /// Inode, size and modification time of the program.
    identity: String,
    output: String,
}

impl Answers {
    pub(super) fn load(cache: &Path) -> Self {
        let file = cache.join("programs.json");
        let known =
            fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file, known, changed: false }
    }

    /// What the program prints, or why it cannot be run. Failures are asked again: what was missing may be there.
    pub(super) fn ask(
        &mut self,
        program: &Path,
        argument: &str,
        env: &[(&str, String)],
        user: &RunAs,
    ) -> Result<String, String> {
        let meta = fs::metadata(program).map_err(|error| error.to_string())?;
        let identity =
            format!("{} {} {} {} {}", meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec(), user.uid());
        let key = program.display().to_string();
        if let Some(answer) = self.known.get(&key)
            && answer.identity == identity
        {
            return Ok(answer.output.clone());
        }
        let output = run(program, argument, env, user)?;
        self.changed = true;
        self.known.insert(key, Answer { identity, output: output.clone() });
        Ok(output)
    }

    /// Keeps the answers; a cache that cannot be written is no error.
    pub(super) fn save(&self) {
        if !self.changed {
            return;
        }
        let Ok(bytes) = serde_json::to_vec(&self.known) else {
            return;
        };
        if let Some(dir) = self.file.parent() {
            let _ = super::place::create(dir);
        }
        let temporary = self.file.with_extension(format!("json.{}", std::process::id()));
        if fs::write(&temporary, bytes).is_ok() {
            let _ = fs::rename(&temporary, &self.file);
        }
    }
}

fn run(program: &Path, argument: &str, env: &[(&str, String)], user: &RunAs) -> Result<String, String> {
    let mut command = Command::new(program);
    command.arg(argument).current_dir("/").stdin(Stdio::null());
    command.envs(env.iter().map(|(name, value)| (name, value)));
    user.apply(&mut command);
    let output = command.output().map_err(|error| format!("{} cannot run it: {error}", user.describe()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    match message.lines().next() {
        Some(line) => Err(line.trim().to_owned()),
        None => Err(format!("it ends with {}", output.status)),
    }
}
