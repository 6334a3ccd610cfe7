//! The folder of the migrations: reads it, and adds to it all or nothing. What the texts mean is for `history`.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the files of migrations are read and written here"
)]

use crate::engine::error::Error;
use crate::engine::history::{History, Migration, compare, is_id};
use crate::engine::script::sha;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file beside the migrations that shows the declared Catalog.
pub const SNAPSHOT: &str = "schema.sql";

/// The folder beside the migrations for those that another one replaces.
pub const REPLACED: &str = ".squashed";

/// A migration to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMigration<'a> {
    /// The folder's name.
    pub id: &'a str,
    /// `up.sql`.
    pub up: &'a str,
    /// `down.sql`.
    pub down: Option<&'a str>,
}

/// The texts of one migration, as they are in its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The folder's name.
    pub id: String,
    /// Its path, as the user would write it.
    pub folder: String,
    /// `up.sql`.
    pub up: String,
    /// `down.sql`.
    pub down: Option<String>,
}

/// Reads all migrations. Files beside them are not looked at, nor are folders whose names begin with a dot.
pub fn read(folder: &Path) -> Result<History, Error> {
    let read = |m: Texts| Migration::read(&m.id, &m.folder, &m.up, m.down.as_deref());
    History::new(texts(folder)?.into_iter().map(read).collect::<Result<_, _>>()?)
}

/// The texts of all migrations in their order, before anybody asks whether they can be read.
pub fn texts(folder: &Path) -> Result<Vec<Texts>, Error> {
    let unreadable = |e: io::Error| {
        if e.kind() == ErrorKind::NotFound {
            return Error::usage(format!("there is no folder {}", folder.display()))
                .next("`schema generate` makes it; or say where the migrations are");
        }
        Error::failed(format!("the folder {} cannot be read: {e}", folder.display()))
    };
    let mut migrations = Vec::new();
    let mut without_up = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || !path.is_dir() {
            continue;
        }
        let up = text(&path.join("up.sql"))?;
        match up {
            Some(_) if !is_id(&name) => {
                return Err(Error::usage(format!(
                    "the name of the migration {} does not begin with digits",
                    path.display()
                ))
                .next("name it like 20261122093000_add_status: its place in the order"));
            }
            Some(up) => {
                let down = text(&path.join("down.sql"))?;
                migrations.push(Texts { id: name, folder: path.display().to_string(), up, down });
            }
            None if is_id(&name) => without_up.push(path.display().to_string()),
            None => {}
        }
    }
    if !without_up.is_empty() {
        without_up.sort();
        return Err(Error::usage(format!("a migration without up.sql: {}", without_up.join(", ")))
            .next("delete the folder, or get the file back from version control"));
    }
    migrations.sort_by(|a, b| compare(&a.id, &b.id));
    Ok(migrations)
}

/// A hash of all files that `read` and `read_snapshot` look at, without reading what they say.
pub fn fingerprint(folder: &Path) -> Option<String> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder).ok()?.map(|entry| Some(entry.ok()?.path())).collect::<Option<_>>()?;
    names.sort();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for path in names {
        parts.push(path.file_name()?.as_encoded_bytes().to_vec());
        for file in [path.join("up.sql"), path.join("down.sql"), path.clone()] {
            parts.push(if file.is_file() { fs::read(&file).ok()? } else { Vec::new() });
        }
    }
    Some(sha(parts.iter().map(Vec::as_slice)))
}

/// The snapshot; `None` where there is none yet.
pub fn read_snapshot(folder: &Path) -> Result<Option<String>, Error> {
    text(&folder.join(SNAPSHOT))
}

/// Adds a migration and puts the new snapshot in place: both, or nothing.
pub fn write(folder: &Path, migration: &NewMigration<'_>, snapshot: &str) -> Result<PathBuf, Error> {
    write_with(folder, migration, Some(snapshot), &[])
}

/// Adds a migration, and leaves the snapshot as it is.
pub fn add(folder: &Path, migration: &NewMigration<'_>) -> Result<PathBuf, Error> {
    write_with(folder, migration, None, &[])
}

/// Adds a migration in the place of others, which are moved into the folder [`REPLACED`]: all of it, or nothing.
pub fn replace(folder: &Path, migration: &NewMigration<'_>, replaced: &[&str]) -> Result<PathBuf, Error> {
    write_with(folder, migration, None, replaced)
}

fn write_with(
    folder: &Path,
    migration: &NewMigration<'_>,
    snapshot: Option<&str>,
    replaced: &[&str],
) -> Result<PathBuf, Error> {
    let target = folder.join(migration.id);
    let made = !folder.exists();
    let temporary = folder.join(format!(".new-{}-{}", std::process::id(), migration.id));
    let mut moved = Vec::new();
    let result = fs::create_dir_all(folder).and_then(|()| {
        fs::create_dir(&temporary)?;
        write_file(&temporary.join("up.sql"), migration.up)?;
        if let Some(down) = migration.down {
            write_file(&temporary.join("down.sql"), down)?;
        }
        if let Some(snapshot) = snapshot {
            write_file(&temporary.join(SNAPSHOT), snapshot)?;
        }
        sync(&temporary)?;
        set_aside(folder, replaced, &mut moved)?;
        place(folder, &temporary, &target, snapshot.is_some())
    });
    result.map_err(|error| {
        // Whatever of these is there was made by this call.
        let _ = fs::remove_dir_all(&temporary);
        for (from, to) in moved.iter().rev() {
            let _ = fs::rename(to, from);
        }
        if made {
            let _ = fs::remove_dir(folder);
        }
        unwritten(&target, &error)
    })?;
    Ok(target)
}

/// Moves folders away, and notes from where to where.
fn set_aside(folder: &Path, ids: &[&str], moved: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
    let aside = folder.join(REPLACED);
    if !ids.is_empty() {
        fs::create_dir_all(&aside)?;
    }
    for id in ids {
        let (from, to) = (folder.join(id), aside.join(id));
        if to.exists() {
            return Err(io::Error::new(
                ErrorKind::AlreadyExists,
                format!("{} is there already", to.display()),
            ));
        }
        fs::rename(&from, &to)?;
        moved.push((from, to));
    }
    Ok(())
}

/// Puts a new snapshot in place of the old one, or leaves that as it is.
pub fn write_snapshot(folder: &Path, snapshot: &str) -> Result<(), Error> {
    put(folder, SNAPSHOT, snapshot)
}

/// Puts a new `up.sql` or `down.sql` in place of a migration's old one, or leaves that as it is.
pub fn rewrite(folder: &Path, id: &str, name: &str, text: &str) -> Result<(), Error> {
    put(&folder.join(id), name, text)
}

fn put(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    let temporary = folder.join(format!(".new-{}-{name}", std::process::id()));
    let target = folder.join(name);
    let result = write_file(&temporary, text).and_then(|()| fs::rename(&temporary, &target));
    result.and_then(|()| sync(folder)).map_err(|error| {
        let _ = fs::remove_file(&temporary);
        unwritten(&target, &error)
    })
}

/// Moves the finished files to their places; the snapshot, where there is a new one, last, and back if that fails.
fn place(folder: &Path, temporary: &Path, target: &Path, snapshot: bool) -> io::Result<()> {
    if target.exists() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "there is one of this name already"));
    }
    if !snapshot {
        fs::rename(temporary, target)?;
        return sync(folder);
    }
    let waiting = folder.join(format!(".new-{}-{SNAPSHOT}", std::process::id()));
    fs::rename(temporary.join(SNAPSHOT), &waiting)?;
    let placed = fs::rename(temporary, target).and_then(|()| {
        fs::rename(&waiting, folder.join(SNAPSHOT)).inspect_err(|_| {
            let _ = fs::remove_dir_all(target);
        })
    });
    if placed.is_err() {
        let _ = fs::remove_file(&waiting);
    }
    placed?;
    sync(folder)
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes a folder's entries last; where a system cannot do that, they last as its files do.
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(open) if cfg!(unix) => open.sync_all(),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn unwritten(target: &Path, error: &io::Error) -> Error {
    let failed = Error::failed(format!("{} was not written, nothing has changed: {error}", target.display()));
    let is = |kinds: &[ErrorKind]| kinds.contains(&error.kind());
    if is(&[ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem]) {
        failed.next("make the folder writable")
    } else if is(&[ErrorKind::StorageFull, ErrorKind::QuotaExceeded]) {
        failed.next("make room on the disk")
    } else {
        failed
    }
}

/// The text of a file; `None` where there is none.
pub fn text(path: &Path) -> Result<Option<String>, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Error::failed(format!("{} cannot be read: {error}", path.display())));
        }
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Error::usage("the file is not UTF-8")
            .at(path.display().to_string(), u32::try_from(line).unwrap_or(u32::MAX))
            .next("save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: NewMigration<'_> = NewMigration { id: "1_a", up: "select 1;", down: Some("select 2;") };

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn writes_and_reads() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("migrations");
        assert!(read(&folder).expect_err("none").to_string().contains("schema generate"));
        let path = write(&folder, &NEW, "-- schema").expect("written");
        assert_eq!(names(&folder), ["1_a", "schema.sql"]);
        assert_eq!(names(&path), ["down.sql", "up.sql"]);
        fs::write(folder.join("README.md"), "x").expect("written");
        fs::create_dir_all(folder.join(".git")).expect("made");
        fs::create_dir_all(folder.join("notes")).expect("made");
        let history = read(&folder).expect("valid");
        assert_eq!(history.0.len(), 1);
        assert_eq!(history.0[0].up.file, folder.join("1_a/up.sql").display().to_string());
        write_snapshot(&folder, "-- other").expect("written");
        assert_eq!(read_snapshot(&folder), Ok(Some("-- other".to_owned())));
        assert_eq!(names(&folder), [".git", "1_a", "README.md", "notes", "schema.sql"]);
        add(&folder, &NewMigration { id: "2_b", up: "select 1;", down: None }).expect("written");
        rewrite(&folder, "2_b", "up.sql", "select 2;").expect("written");
        assert_eq!(names(&folder.join("2_b")), ["up.sql"]);
        assert_eq!(fs::read_to_string(folder.join("2_b/up.sql")).expect("there"), "select 2;");
        assert_eq!(read_snapshot(&folder), Ok(Some("-- other".to_owned())));
    }

    #[test]
    fn all_or_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        write(root.path(), &NEW, "-- old").expect("written");
        let again = NewMigration { up: "select 3;", ..NEW };
        let error = write(root.path(), &again, "-- new").expect_err("exists").to_string();
        assert!(error.contains("nothing has changed"), "{error}");
        assert_eq!(read_snapshot(root.path()), Ok(Some("-- old".to_owned())));
        assert_eq!(fs::read_to_string(root.path().join("1_a/up.sql")).expect("there"), "select 1;");
        assert_eq!(names(root.path()), ["1_a", "schema.sql"]);

        // The last move fails: a folder stands where the snapshot should go.
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(root.path().join("schema.sql/x")).expect("made");
        write(root.path(), &NEW, "-- new").expect_err("in the way");
        write_snapshot(root.path(), "-- new").expect_err("in the way");
        assert_eq!(names(root.path()), ["schema.sql"]);

        // No folder can be made below a file.
        let file = root.path().join("file");
        fs::write(&file, "").expect("written");
        write(&file.join("migrations"), &NEW, "").expect_err("no folder");
    }

    #[test]
    fn reports_what_is_no_migration() {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(root.path().join("1_a")).expect("made");
        fs::create_dir_all(root.path().join("2_b")).expect("made");
        let error = read(root.path()).expect_err("no up.sql").to_string();
        assert!(error.contains("1_a, ") && error.contains("2_b"), "{error}");
        fs::remove_dir(root.path().join("1_a")).expect("removed");
        fs::write(root.path().join("2_b/up.sql"), b"select 1;\n-- \xff").expect("written");
        let error = read(root.path()).expect_err("not UTF-8").to_string();
        assert!(error.contains("2_b/up.sql:2"), "{error}");
        fs::write(root.path().join("2_b/up.sql"), "").expect("written");
        fs::create_dir_all(root.path().join("add_x")).expect("made");
        fs::write(root.path().join("add_x/up.sql"), "").expect("written");
        assert!(read(root.path()).expect_err("no digits").to_string().contains("does not begin with digits"));
    }
}
