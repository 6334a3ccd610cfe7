//! The PostgreSQL that comes with the program (feature `embedded`): unpacked into the cache once.

use std::path::{Path, PathBuf};

use super::user::RunAs;

/// The directory of the binaries, and what they need in their environment.
pub(super) type Unpacked = (PathBuf, Vec<(&'static str, String)>);

/// Unpacks the binaries, unless they are there.
#[cfg(feature = "embedded")]
pub(super) fn unpack(cache: &Path, user: &RunAs) -> Result<Unpacked, String> {
    if schema_embedded::FILES.is_empty() {
        return Err("this program has none for this platform".to_owned());
    }
    let parent = super::place::programs(cache, user)?;
    let root = parent.join(schema_embedded::VERSION);
    if !is_whole(&root) {
        write(&parent, &root)
            .map_err(|error| format!("cannot be unpacked to {}: {error}", root.display()))?;
    }
    let library_path = if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let env = vec![
        // Its programs don't know where their libraries are.
        (library_path, root.join("lib").display().to_string()),
        // initdb of this build would look for ICU's data, which it does not need.
        ("OLIPHAUNT_INTERNAL_SKIP_ICU_DISCOVERY", "1".to_owned()),
    ];
    Ok((root.join("bin"), env))
}

#[cfg(not(feature = "embedded"))]
pub(super) fn unpack(_cache: &Path, _user: &RunAs) -> Result<Unpacked, String> {
    Err("this program was built without it (feature embedded)".to_owned())
}

/// Its major, where the program has one.
#[cfg(feature = "embedded")]
pub(super) fn major() -> Option<u16> {
    let version = super::info::Version::from_text(schema_embedded::VERSION)?;
    (!schema_embedded::FILES.is_empty()).then(|| version.major())
}

#[cfg(not(feature = "embedded"))]
pub(super) fn major() -> Option<u16> {
    None
}

/// What to do where the program was built without.
pub(super) fn way_out() -> &'static str {
    if cfg!(feature = "embedded") { "" } else { "; or build this program with its feature embedded" }
}

/// Whether every file is there in its length: caches are cleaned by others too.
#[cfg(feature = "embedded")]
fn is_whole(root: &Path) -> bool {
    schema_embedded::FILES.iter().all(|file| {
        std::fs::metadata(root.join(file.path)).is_ok_and(|meta| meta.len() == file.bytes.len() as u64)
    })
}

/// Writes all files beside, then puts the directory in its place: another run sees all of it or nothing.
#[cfg(feature = "embedded")]
fn write(parent: &Path, root: &Path) -> std::io::Result<()> {
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    let beside = parent.join(format!("unpacking-{}", std::process::id()));
    let _ = fs::remove_dir_all(&beside);
    for file in schema_embedded::FILES {
        let path = beside.join(file.path);
        if let Some(dir) = path.parent() {
            super::place::create(dir)?;
        }
        let mode = if file.executable { 0o755 } else { 0o644 };
        OpenOptions::new().write(true).create_new(true).mode(mode).open(&path)?.write_all(file.bytes)?;
    }
    if root.exists() && !is_whole(root) {
        fs::remove_dir_all(root)?;
    }
    let placed = fs::rename(&beside, root);
    if placed.is_err() {
        let _ = fs::remove_dir_all(&beside);
        if is_whole(root) {
            return Ok(());
        }
    }
    placed
}
