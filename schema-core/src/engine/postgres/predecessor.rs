//! The histories of other tools: how their tables say what has run, and how their folders are read. Changes nothing of
//! theirs.

use super::failure;
use crate::engine::error::Error;
use crate::engine::files;
use crate::engine::hex::hex;
use crate::engine::history::compare;
use crate::engine::name::QName;
use crate::engine::sql_file::SqlFile;
use postgres::Client;
use sha2::{Digest, Sha256, Sha384};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A tool that migrates databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// drizzle-kit: numbered files and a journal.
    Drizzle,
    /// sqlx: files by their version.
    Sqlx,
    /// diesel: a folder each.
    Diesel,
    /// refinery: `V1__name.sql`.
    Refinery,
    /// Prisma: a folder each.
    Prisma,
    /// Flyway: `V1__name.sql`.
    Flyway,
}

/// What a tool has done in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// The tool.
    pub tool: Tool,
    /// Where it writes what has run.
    pub table: QName,
    /// What has run, in order.
    pub applied: Vec<Ran>,
    /// What began and did not end well.
    pub broken: Vec<String>,
}

/// One migration of another tool that has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// By what its file is found.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What the tool knows of the file's text, in hexadecimal; empty where that is nothing that can be compared.
    checksum: String,
}

/// One migration in another tool's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    /// As in [`Ran`].
    pub key: String,
    /// The path.
    pub path: PathBuf,
    text: String,
}

/// What a folder says beside what has run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// The files of what has run, in order.
    pub files: Vec<SqlFile>,
    /// What lies there and has not run.
    pub pending: Vec<String>,
    /// What has run and does not lie there.
    pub missing: Vec<String>,
    /// What has run as something else.
    pub edited: Vec<String>,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Drizzle, Self::Sqlx, Self::Diesel, Self::Refinery, Self::Prisma, Self::Flyway];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drizzle => "drizzle-kit",
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::Refinery => "refinery",
            Self::Prisma => "Prisma",
            Self::Flyway => "Flyway",
        }
    }

    /// The table in which it writes what has run.
    pub fn table(self) -> &'static str {
        match self {
            Self::Drizzle => "__drizzle_migrations",
            Self::Sqlx => "_sqlx_migrations",
            Self::Diesel => "__diesel_schema_migrations",
            Self::Refinery => "refinery_schema_history",
            Self::Prisma => "_prisma_migrations",
            Self::Flyway => "flyway_schema_history",
        }
    }

    /// What its table says: key, name, checksum, whether it has run to its end; in order.
    fn query(self, table: &QName) -> String {
        match self {
            Self::Drizzle => {
                format!(
                    "SELECT created_at::text, created_at::text, hash::text, true FROM {table} ORDER BY created_at"
                )
            }
            Self::Sqlx => format!(
                "SELECT version::text, version || '_' || description, encode(checksum, 'hex'), success FROM {table} ORDER BY version"
            ),
            Self::Diesel => {
                format!("SELECT version::text, version::text, '', true FROM {table} ORDER BY version")
            }
            Self::Refinery => format!(
                "SELECT version::text, 'V' || version || '__' || name, '', true FROM {table} ORDER BY version"
            ),
            Self::Prisma => format!(
                "SELECT migration_name::text, migration_name::text, checksum::text, finished_at IS NOT NULL FROM {table} \
                 WHERE rolled_back_at IS NULL ORDER BY migration_name"
            ),
            Self::Flyway => format!(
                "SELECT script::text, script::text, '', success FROM {table} WHERE type = 'SQL' ORDER BY installed_rank"
            ),
        }
    }
}

/// Whether a table is one in which a tool writes what has run.
pub fn is_tracking(table: &QName) -> bool {
    Tool::ALL.iter().any(|tool| table.name.as_str() == tool.table())
}

/// The tools that have migrated a database.
///
/// # Errors
/// When a table of theirs cannot be read.
pub fn find(client: &mut Client) -> Result<Vec<Predecessor>, Error> {
    let looking = |e: postgres::Error| failure::doing("looking for the histories of other tools", &e);
    let query = "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'p') AND c.relname::text = ANY ($1) ORDER BY 1, 2";
    let names: Vec<&str> = Tool::ALL.into_iter().map(Tool::table).collect();
    let mut found = Vec::new();
    for row in client.query(query, &[&names]).map_err(looking)? {
        let table = QName::new(row.get::<_, String>(0), row.get::<_, String>(1));
        let Some(tool) = Tool::ALL.into_iter().find(|tool| tool.table() == table.name.as_str()) else {
            continue;
        };
        let reading =
            |e: postgres::Error| failure::doing(&format!("reading what {} has done", tool.name()), &e);
        let rows = client.query(&tool.query(&table), &[]).map_err(reading)?;
        let (mut applied, mut broken) = (Vec::new(), Vec::new());
        for row in &rows {
            let ran = Ran { key: row.get(0), name: row.get(1), checksum: row.get(2) };
            if row.get(3) { applied.push(ran) } else { broken.push(ran.name) }
        }
        found.push(Predecessor { tool, table, applied, broken });
    }
    Ok(found)
}

/// Reads a tool's folder and compares it with what has run.
///
/// # Errors
/// When the folder is not one of this tool, or a file cannot be read.
pub fn read_folder(predecessor: &Predecessor, path: &Path) -> Result<Folder, Error> {
    let tool = predecessor.tool;
    let theirs = match tool {
        Tool::Drizzle => drizzle(path)?,
        Tool::Prisma => folders(path, "migration.sql", |name| Some(name.to_owned()))?,
        Tool::Diesel => folders(path, "up.sql", diesel_version)?,
        Tool::Sqlx => flat(path, sqlx_version)?,
        Tool::Refinery => flat(path, refinery_version)?,
        Tool::Flyway => flat(path, |name| name.starts_with(['V', 'R']).then(|| name.to_owned()))?,
    };
    if theirs.is_empty() {
        return Err(Error::usage(format!("in {} there is no migration of {}", path.display(), tool.name())));
    }
    let mut folder = Folder::default();
    let ran: BTreeSet<&str> = predecessor.applied.iter().map(|ran| ran.key.as_str()).collect();
    for one in &predecessor.applied {
        let Some(file) = theirs.iter().find(|file| file.key == one.key) else {
            folder.missing.push(one.name.clone());
            continue;
        };
        if hash(tool, &file.text).is_some_and(|hash| hash != one.checksum) {
            folder.edited.push(file.path.display().to_string());
        }
        folder.files.push(SqlFile::read(&file.path.display().to_string(), &file.text)?);
    }
    let pending = theirs.iter().filter(|file| !ran.contains(file.key.as_str()));
    folder.pending = pending.map(|file| file.path.display().to_string()).collect();
    Ok(folder)
}

/// What the tool itself would write as the checksum of a text.
fn hash(tool: Tool, text: &str) -> Option<String> {
    match tool {
        Tool::Drizzle | Tool::Prisma => Some(hex(&Sha256::digest(text.as_bytes()))),
        Tool::Sqlx => Some(hex(&Sha384::digest(text.as_bytes()))),
        Tool::Diesel | Tool::Refinery | Tool::Flyway => None,
    }
}

fn text(path: &Path) -> Result<String, Error> {
    files::text(path)?.ok_or_else(|| Error::usage(format!("there is no file {}", path.display())))
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable =
        |e: std::io::Error| Error::usage(format!("the folder {} cannot be read: {e}", path.display()));
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect::<Result<_, _>>()?;
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.sort_by(|a, b| compare(&name(a), &name(b)));
    Ok(paths)
}

/// One file in a folder of its own each.
fn folders(path: &Path, file: &str, key: fn(&str) -> Option<String>) -> Result<Vec<Theirs>, Error> {
    let mut found = Vec::new();
    for folder in entries(path)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(file);
        if let Some(key) = key(&name).filter(|_| path.is_file()) {
            found.push(Theirs { key, text: text(&path)?, path });
        }
    }
    Ok(found)
}

/// All files in one folder.
fn flat(path: &Path, key: fn(&str) -> Option<String>) -> Result<Vec<Theirs>, Error> {
    let mut found = Vec::new();
    for path in entries(path)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(key) = key(&name).filter(|_| path.is_file() && name.ends_with(".sql")) {
            found.push(Theirs { key, text: text(&path)?, path });
        }
    }
    Ok(found)
}

/// `2023-01-01-000000_name`: the digits before the underscore.
fn diesel_version(folder: &str) -> Option<String> {
    let version = folder.split('_').next().unwrap_or_default().replace('-', "");
    (!version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())).then_some(version)
}

/// `<version>_<name>.sql` or `.up.sql`.
fn sqlx_version(file: &str) -> Option<String> {
    if file.ends_with(".down.sql") {
        return None;
    }
    let (version, _) = file.split_once('_')?;
    version.parse::<i64>().ok().map(|version| version.to_string())
}

/// `V1__name.sql`, `U1__name.sql`.
fn refinery_version(file: &str) -> Option<String> {
    let (version, _) = file.strip_prefix(['V', 'U'])?.split_once("__")?;
    version.parse::<i64>().ok().map(|version| version.to_string())
}

/// Its journal says which file belongs to which moment.
fn drizzle(path: &Path) -> Result<Vec<Theirs>, Error> {
    let journal = path.join("meta/_journal.json");
    let no_journal = |why: &str| {
        Error::usage(format!("{}: {why}", journal.display()))
            .next("give the folder in which drizzle-kit writes its migrations, with its meta/_journal.json")
    };
    let json: serde_json::Value =
        serde_json::from_str(&text(&journal)?).map_err(|error| no_journal(&error.to_string()))?;
    let entries = json["entries"].as_array().ok_or_else(|| no_journal("it has no entries"))?;
    let mut found = Vec::new();
    for entry in entries {
        let (Some(when), Some(tag)) = (entry["when"].as_i64(), entry["tag"].as_str()) else {
            return Err(no_journal("an entry has no `when` or no `tag`"));
        };
        let path = path.join(format!("{tag}.sql"));
        found.push(Theirs { key: when.to_string(), text: text(&path)?, path });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_file_names() {
        assert_eq!(diesel_version("2023-01-02-030405_users").as_deref(), Some("20230102030405"));
        assert_eq!(diesel_version("00000000000000_diesel_initial_setup").as_deref(), Some("00000000000000"));
        assert_eq!(diesel_version(".keep"), None);
        assert_eq!(sqlx_version("0007_users.sql").as_deref(), Some("7"));
        assert_eq!(sqlx_version("20230102_users.up.sql").as_deref(), Some("20230102"));
        assert_eq!(sqlx_version("20230102_users.down.sql"), None);
        assert_eq!(sqlx_version("notes.sql"), None);
        assert_eq!(refinery_version("V12__users.sql").as_deref(), Some("12"));
        assert_eq!(refinery_version("12__users.sql"), None);
    }
}
