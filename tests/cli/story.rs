//! One directory, one database and the program: what a story on the command line is made of.

use crate::support;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_schema-under-test");

/// A project's code: one table.
pub(crate) const USER: &str = "use schema_core::Table;\n\n#[derive(Table)]\n#[table(name = \"users\")]\npub struct User {\n    \
                    #[column(primary_key)]\n    pub id: i64,\n    pub mail: String,\n}\n";

/// What was printed, and how it ended.
pub(crate) fn parts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// A directory of the user's.
pub(crate) struct Story {
    directory: PathBuf,
    /// Goes with the story.
    _temporary: Option<tempfile::TempDir>,
    /// Texts that differ from run to run, and what stands for them.
    replaced: Vec<(String, &'static str)>,
}

/// A database for a story. The server goes after it.
pub(crate) struct Database {
    pub(crate) db: ScratchDb,
    _server: Scratch,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

impl Database {
    pub(crate) fn new() -> Self {
        let mut server = support::scratch();
        Self { db: support::load(&mut server, ""), _server: server }
    }
}

impl Story {
    pub(crate) fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let directory = temporary.path().to_owned();
        Self { directory, _temporary: Some(temporary), replaced: Vec::new() }
    }

    /// An empty cargo project. Its place stays the same, so that cargo does not fill its target directory.
    pub(crate) fn project(name: &str) -> Self {
        let directory = repository().join("target/cli/projects").join(name);
        if directory.exists() {
            std::fs::remove_dir_all(&directory).unwrap();
        }
        let story = Self { directory, _temporary: None, replaced: Vec::new() };
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             schema-core = {{ path = {:?} }}\n\n[workspace]\n",
            repository().join("schema-core")
        );
        story.write("Cargo.toml", &manifest);
        story
    }

    /// A story whose `.env` leads to the database.
    pub(crate) fn with(database: &Database) -> Self {
        let mut story = Self::new();
        story.use_database(database);
        story
    }

    /// Writes the `.env` that leads to the database.
    pub(crate) fn use_database(&mut self, database: &Database) {
        let url = database.db.url();
        self.write(".env", &format!("DATABASE_URL=\"{url}\"\n"));
        self.replaced.push((Target::new(&url, &|_| None).unwrap().display(), "DATABASE"));
    }

    pub(crate) fn path(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }

    /// The program with these arguments, and with nothing of the tests' own environment that it could look at.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments.split_whitespace()).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command.env("CARGO_TARGET_DIR", repository().join("target/cli/target"));
        for kept in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "PG_BIN_DIR"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs, and shows all that can be seen of it.
    pub(crate) fn show(&self, arguments: &str) -> String {
        self.shown(arguments, &self.run(arguments))
    }

    /// The object on stdout.
    pub(crate) fn json(&self, arguments: &str) -> serde_json::Value {
        let output = self.run(&format!("{arguments} --format json"));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    pub(crate) fn shown(&self, arguments: &str, output: &Output) -> String {
        let mut text = format!("$ schema {arguments}\n");
        for (mark, bytes) in [("", &output.stdout), ("! ", &output.stderr)] {
            for line in std::str::from_utf8(bytes).unwrap().lines() {
                writeln!(text, "{mark}{}", self.stable(line)).unwrap();
            }
        }
        writeln!(text, "-> {}", output.status.code().unwrap()).unwrap();
        text
    }

    fn stable(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (from, to) in &self.replaced {
            line = line.replace(from, to);
        }
        let words: Vec<&str> = line.split(' ').collect();
        let stable = words.iter().enumerate().map(|(index, word)| {
            let number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
            let next = words.get(index + 1).is_some_and(|next| next.trim_end_matches([')', ';']) == "ms");
            let bare = word.trim_start_matches('(');
            if number && next {
                "#".to_owned()
            } else if bare.len() == 20 && bare.contains('T') && bare.ends_with('Z') {
                word.replace(bare, "MOMENT")
            } else {
                (*word).to_owned()
            }
        });
        stable.collect::<Vec<_>>().join(" ")
    }
}
