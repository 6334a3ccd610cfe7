//! The pool of data directories: claimed by a file lock, reused, discarded when they cannot be trusted, and bounded.
//!
//! `<clusters>/<key>/<n>.lock` is the lock of `<clusters>/<key>/<n>/`, which holds `data`, `run` (the socket), `log`
//! and `state`. Lock files stay, so that no two runs ever hold locks of two files of one name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::super::super::error::Error;
use super::place;

/// Together, directories that nobody uses may take this much; the least recently used go first.
const IDLE_BYTES: u64 = 1 << 30;
/// Nor may there be more of them.
const IDLE_COUNT: usize = 16;
/// Nor may one lie unused for longer.
const IDLE_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// What a data directory takes without any template.
const BASE_BYTES: u64 = 40 << 20;

/// A claimed directory of the pool. Nobody else uses it while this value lives.
pub(super) struct Slot {
    pub(super) dir: PathBuf,
    /// Held, not read.
    _lock: File,
}

impl Slot {
    /// Claims the first directory of the key that nobody uses.
    pub(super) fn claim(clusters: &Path, key: &str) -> Result<Self, Error> {
        let parent = clusters.join(key);
        let failed = |error: std::io::Error| {
            Error::failed(format!("cannot use the directory {}: {error}", parent.display()))
        };
        place::create(&parent).map_err(failed)?;
        for n in 0..u32::MAX {
            let lock = lock_file(&parent.join(format!("{n}.lock"))).map_err(failed)?;
            if let Some(lock) = lock {
                return Ok(Self { dir: parent.join(n.to_string()), _lock: lock });
            }
        }
        Err(Error::failed(format!("every directory of {} is in use", parent.display())))
    }

    /// Where PostgreSQL's files lie.
    pub(super) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The server's log.
    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// Whether the directory holds a cluster of this boot. Nothing is forced to disk (fsync is off), so that after a
    /// crash of the operating system the files may be any mixture of old and new.
    pub(super) fn trusted(&self) -> bool {
        fs::read_to_string(self.dir.join("state"))
            .is_ok_and(|state| state.lines().next() == Some(boot_id().as_str()))
    }

    /// Says that the directory holds a good cluster, used now, with so many bytes of templates.
    pub(super) fn trust(&self, template_bytes: u64) -> Result<(), Error> {
        let path = self.dir.join("state");
        fs::write(&path, format!("{}\n{template_bytes}\n", boot_id()))
            .map_err(|error| Error::failed(format!("cannot write {}: {error}", path.display())))
    }

    /// Says that the directory is used now.
    pub(super) fn touch(&self) -> Result<(), Error> {
        self.trust(self.template_bytes())
    }

    /// How much the templates took when that was last known.
    pub(super) fn template_bytes(&self) -> u64 {
        template_bytes(&self.dir)
    }

    /// Removes everything in the directory.
    pub(super) fn discard(&self) -> Result<(), Error> {
        remove(&self.dir)
    }
}

/// What the clusters of the pool were last used for, as far as bounding needs it.
struct Idle {
    dir: PathBuf,
    used: SystemTime,
    bytes: u64,
}

/// Removes the least recently used directories beyond the bounds. Best effort: what is in use stays.
pub(super) fn bound(clusters: &Path) {
    let mut idle: Vec<Idle> = subdirectories(clusters)
        .iter()
        .flat_map(|key| subdirectories(key))
        .map(|dir| Idle {
            used: fs::metadata(dir.join("state"))
                .and_then(|meta| meta.modified())
                .unwrap_or(SystemTime::UNIX_EPOCH),
            bytes: BASE_BYTES + template_bytes(&dir),
            dir,
        })
        .collect();
    idle.sort_by_key(|entry| std::cmp::Reverse(entry.used));
    for dir in excess(&idle, SystemTime::now()) {
        if let Ok(Some(_lock)) = lock_file(&dir.with_extension("lock")) {
            let _ = remove(dir);
        }
    }
}

/// Which of the directories, the most recently used first, are too many.
fn excess(idle: &[Idle], now: SystemTime) -> Vec<&Path> {
    let mut bytes = 0;
    idle.iter()
        .enumerate()
        .filter(|(position, entry)| {
            bytes += entry.bytes;
            let age = now.duration_since(entry.used).unwrap_or_default();
            *position >= IDLE_COUNT || age > IDLE_AGE || (bytes > IDLE_BYTES && *position > 0)
        })
        .map(|(_, entry)| entry.dir.as_path())
        .collect()
}

fn template_bytes(dir: &Path) -> u64 {
    fs::read_to_string(dir.join("state"))
        .ok()
        .and_then(|state| state.lines().nth(1)?.parse().ok())
        .unwrap_or(0)
}

fn subdirectories(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

fn remove(dir: &Path) -> Result<(), Error> {
    // Without its state, a directory that is removed by half is not trusted.
    let _ = fs::remove_file(dir.join("state"));
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::failed(format!("cannot remove {}: {error}", dir.display())))
        }
        _ => Ok(()),
    }
}

fn lock_file(path: &Path) -> std::io::Result<Option<File>> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Differs after each start of the operating system.
fn boot_id() -> String {
    if let Ok(id) = fs::read_to_string("/proc/sys/kernel/random/boot_id") {
        return id.trim().to_owned();
    }
    std::process::Command::new("sysctl")
        .args(["-n", "kern.bootsessionuuid"])
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle(dir: &str, days: u64, mib: u64) -> Idle {
        Idle {
            dir: PathBuf::from(dir),
            used: SystemTime::UNIX_EPOCH + Duration::from_secs((100 - days) * 86_400),
            bytes: mib << 20,
        }
    }

    #[test]
    fn the_pool_is_bounded_by_age_bytes_and_number() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100 * 86_400);
        let pool = [idle("a", 0, 600), idle("b", 1, 300), idle("c", 2, 300), idle("d", 8, 1)];
        assert_eq!(excess(&pool, now), [Path::new("c"), Path::new("d")]);
        let alone = [idle("a", 0, 5000)];
        assert_eq!(excess(&alone, now), [] as [&Path; 0], "the last one used stays, however large");
        let many: Vec<Idle> = (0..IDLE_COUNT + 2).map(|_| idle("x", 0, 1)).collect();
        assert_eq!(excess(&many, now).len(), 2);
    }

    #[test]
    fn a_claimed_directory_is_not_claimed_twice() {
        let root = tempfile::tempdir().expect("a directory");
        let first = Slot::claim(root.path(), "k").expect("a slot");
        let second = Slot::claim(root.path(), "k").expect("a slot");
        assert_ne!(first.dir, second.dir);
        let dir = first.dir.clone();
        drop(first);
        assert_eq!(Slot::claim(root.path(), "k").expect("a slot").dir, dir);
    }

    #[test]
    fn a_directory_of_an_earlier_boot_is_not_trusted() {
        let root = tempfile::tempdir().expect("a directory");
        let slot = Slot::claim(root.path(), "k").expect("a slot");
        fs::create_dir(&slot.dir).expect("a directory");
        assert!(!slot.trusted(), "a directory that was made by half");
        slot.trust(7).expect("a state");
        assert!(slot.trusted());
        assert_eq!(template_bytes(&slot.dir), 7);
        fs::write(slot.dir.join("state"), "another boot\n7\n").expect("a state");
        assert!(!slot.trusted());
    }
}
