//! The PostgreSQL that comes with the program (feature `embedded`): unpacked into the cache once.

use std::path::{Path, PathBuf};

use super::user::RunAs;

/// The directory of the binaries, and what they need in their environment.
pub(super) type Unpacked = (PathBuf, Vec<(&'static str, String)>);

/// Unpacks the binaries, unless they are there.
pub(super) fn unpack(_cache: &Path, _user: &RunAs) -> Result<Unpacked, String> {
    Err("this program was built without it (feature embedded)".to_owned())
}

/// What to do, where the program was built without.
pub(super) fn way_out() -> &'static str {
    "; or use a program built with the feature embedded"
}
