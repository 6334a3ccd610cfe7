//! Which directories scratch uses: the cache, and where the clusters lie. Not what is in them.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::super::super::error::Error;
use super::ScratchOptions;
use super::user::{RunAs, my_uid};

/// A file system in memory is used when it has this much room.
const ROOM: u64 = 1 << 30;

/// `cache_dir` of the options; else `/var/cache/schema` for root, because the server's user must reach it and root's
/// home bars it; else `schema` in `$XDG_CACHE_HOME`, `~/.cache` or, on macOS, `~/Library/Caches`.
pub fn cache_dir(options: &ScratchOptions) -> PathBuf {
    if let Some(dir) = &options.cache_dir {
        return dir.clone();
    }
    if my_uid() == 0 {
        return PathBuf::from("/var/cache/schema");
    }
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(cache) = absolute("XDG_CACHE_HOME") {
        return cache.join("schema");
    }
    match absolute("HOME") {
        Some(home) if cfg!(target_os = "macos") => home.join("Library/Caches/schema"),
        Some(home) => home.join(".cache/schema"),
        None => own_temp(),
    }
}

fn own_temp() -> PathBuf {
    env::temp_dir().join(format!("schema-{}", my_uid()))
}

/// The directory of the clusters: the first that we own and that the server's user can enter. Memory before disk,
/// but a cache that the options name before both.
pub(super) fn clusters(options: &ScratchOptions, cache: &Path, user: &RunAs) -> Result<PathBuf, Error> {
    let on_disk = cache.join("scratch");
    let mut candidates = memory();
    if options.cache_dir.is_some() {
        candidates.insert(0, on_disk);
    } else {
        candidates.push(on_disk);
    }
    candidates.push(own_temp().join("scratch"));

    first_usable(candidates, user).map_err(|reasons| {
        Error::failed(format!("no directory can hold a scratch database{reasons}"))
            .next("choose another directory for the cache, one that this user can write")
    })
}

/// The directory of the programs that come with ours: on disk, because memory may bar programs.
#[cfg(feature = "embedded")]
pub(super) fn programs(cache: &Path, user: &RunAs) -> Result<PathBuf, String> {
    first_usable(vec![cache.join("embedded"), own_temp().join("embedded")], user)
        .map_err(|reasons| format!("no directory can hold it{reasons}"))
}

fn first_usable(candidates: Vec<PathBuf>, user: &RunAs) -> Result<PathBuf, String> {
    let mut reasons = String::new();
    for dir in candidates {
        match usable(&dir, user) {
            Ok(()) => return Ok(dir),
            Err(reason) => reasons.push_str(&format!("\n  {}: {reason}", dir.display())),
        }
    }
    Err(reasons)
}

/// Directories in file systems in memory, where there are any with room.
fn memory() -> Vec<PathBuf> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(|dir| (PathBuf::from(dir), "schema".to_owned()));
    let shared = (PathBuf::from("/dev/shm"), format!("schema-{}", my_uid()));
    [Some(shared), runtime]
        .into_iter()
        .flatten()
        .filter(|(dir, _)| dir.is_absolute() && has_room(dir))
        .map(|(dir, name)| dir.join(name))
        .collect()
}

fn has_room(dir: &Path) -> bool {
    rustix::fs::statvfs(dir).is_ok_and(|stat| stat.f_bavail.saturating_mul(stat.f_frsize) >= ROOM)
}

/// Creates the directory if need be. One that is there must be ours alone: others may have planted it in /dev/shm.
fn usable(dir: &Path, user: &RunAs) -> Result<(), String> {
    create(dir).map_err(|error| error.to_string())?;
    let meta = fs::symlink_metadata(dir).map_err(|error| error.to_string())?;
    if !meta.is_dir() || meta.uid() != my_uid() || meta.mode() & 0o022 != 0 {
        return Err("it is not a directory that only this user can write".to_owned());
    }
    match user.barred_by(dir) {
        Some(barrier) => Err(format!("{} cannot enter {}", user.describe(), barrier.display())),
        None => Ok(()),
    }
}

/// Creates a directory and what leads to it; others may enter and not write, whatever the umask says.
pub(super) fn create(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        create(parent)?;
    }
    match fs::create_dir(dir) {
        Ok(()) => fs::set_permissions(dir, Permissions::from_mode(0o755)),
        // Another run was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_others_may_have_planted_is_not_used() {
        let root = tempfile::tempdir().expect("a directory");
        let ours = root.path().join("ours/deep");
        assert_eq!(usable(&ours, &RunAs::Me), Ok(()));
        let link = root.path().join("link");
        std::os::unix::fs::symlink(&ours, &link).expect("a link");
        assert!(usable(&link, &RunAs::Me).is_err());
        fs::set_permissions(&ours, Permissions::from_mode(0o777)).expect("permissions");
        assert!(usable(&ours, &RunAs::Me).is_err());
    }

    #[test]
    fn a_directory_that_the_server_cannot_reach_is_not_used() {
        let root = tempfile::tempdir().expect("a directory");
        fs::set_permissions(root.path(), Permissions::from_mode(0o700)).expect("permissions");
        let deep = root.path().join("deep");
        let other = RunAs::Other { name: "other".to_owned(), uid: 4_000_000, gid: 4_000_000 };
        let reason = usable(&deep, &other).expect_err("the directory is private");
        assert_eq!(reason, format!("user other cannot enter {}", root.path().display()));
    }
}
