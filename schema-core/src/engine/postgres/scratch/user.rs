//! Who runs the server: us, or an unprivileged user when we are root, because PostgreSQL refuses uid 0.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The operating system's user that runs initdb and postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RunAs {
    /// The user that we are.
    Me,
    /// We are root: this user.
    Other { name: String, uid: u32, gid: u32 },
}

/// The uid and gid that mean "nobody" where the machine names none.
const NOBODY: u32 = 65_534;

pub(super) fn my_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

impl RunAs {
    /// User `postgres`, else `nobody`, when we are root.
    pub(super) fn choose() -> Self {
        if my_uid() != 0 {
            return Self::Me;
        }
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"].iter().find_map(|name| lookup(&passwd, name)).unwrap_or(Self::Other {
            name: "nobody".to_owned(),
            uid: NOBODY,
            gid: NOBODY,
        })
    }

    /// The uid that owns the data directory.
    pub(super) fn uid(&self) -> u32 {
        match self {
            Self::Me => my_uid(),
            Self::Other { uid, .. } => *uid,
        }
    }

    /// How a message names the user.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Me => "this user".to_owned(),
            Self::Other { name, .. } => format!("user {name}"),
        }
    }

    /// Makes the command run as the user. (std drops root's groups with its uid.)
    pub(super) fn apply(&self, command: &mut Command) {
        match self {
            Self::Me => {}
            Self::Other { uid, gid, .. } => {
                command.uid(*uid).gid(*gid);
            }
        }
    }

    /// Hands over a path that we created.
    pub(super) fn give(&self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Me => Ok(()),
            Self::Other { uid, gid, .. } => chown(path, Some(*uid), Some(*gid)),
        }
    }

    /// The first directory on the way to `path` that the user may not enter.
    pub(super) fn barred_by<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        match self {
            Self::Me => None,
            Self::Other { uid, gid, .. } => path.ancestors().find(|dir| {
                fs::metadata(dir).is_ok_and(|meta| {
                    let bit = if meta.uid() == *uid {
                        0o100
                    } else if meta.gid() == *gid {
                        0o010
                    } else {
                        0o001
                    };
                    meta.mode() & bit == 0
                })
            }),
        }
    }
}

fn lookup(passwd: &str, name: &str) -> Option<RunAs> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid: u32 = fields.nth(1)?.parse().ok()?;
        let gid: u32 = fields.next()?.parse().ok()?;
        (uid != 0).then(|| RunAs::Other { name: name.to_owned(), uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_a_passwd_file() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\npostgres:x:101:104:,,,:/var/lib:/bin/bash\n";
        assert_eq!(
            lookup(passwd, "postgres"),
            Some(RunAs::Other { name: "postgres".to_owned(), uid: 101, gid: 104 })
        );
        assert_eq!(lookup(passwd, "root"), None, "a user that is root by another name does not help");
        assert_eq!(lookup(passwd, "nobody"), None);
    }
}
