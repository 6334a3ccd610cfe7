//! For the user's own test suite: whether `schema.sql` is what the code declares. Reads the records inside of the test
//! program itself: no database, no cargo, some milliseconds.
//!
//! In a test of the crate that has the tables (in `src/`), or in `tests/` of a library:
//!
//! ```ignore
//! use my_app as _; // In tests/: what is not used is not part of the test program.
//!
//! #[test]
//! fn schema_sql_is_current() {
//!     schema_core::assert_current!("migrations");
//! }
//!
//! #[test]
//! fn the_declared_schema() {
//!     insta::assert_snapshot!(schema_core::declared_sql!());
//! }
//! ```
//!
//! What counts is what is linked into the test program: the tables of the crate and of the local crates that it uses.
//! Tables that a file in `tests/` declares for itself do not count there; those in a `#[cfg(test)]` module of `src/` do,
//! so where there are any, the test belongs into `tests/`.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test reads its own program and schema.sql"
)]

use crate::compiled;
use crate::engine::declared::{Declared, declare};
use crate::engine::error::Error;
use crate::engine::gather::Gathered;
use crate::engine::lines::{Line, differing};
use crate::engine::record::Records;
use std::path::{Component, Path, PathBuf};

/// Fails the test unless `schema.sql` in this folder, relative to Cargo.toml, is what the code declares.
#[macro_export]
macro_rules! assert_current {
    ($folder:literal) => {
        if let ::core::result::Result::Err(error) =
            $crate::test::current($folder, ::core::env!("CARGO_MANIFEST_DIR"), ::core::file!())
        {
            ::core::panic!("{error}");
        }
    };
}

/// What the code declares, as the text of `schema.sql`: a `String`.
#[macro_export]
macro_rules! declared_sql {
    () => {
        match $crate::test::declared(::core::env!("CARGO_MANIFEST_DIR"), ::core::file!()) {
            ::core::result::Result::Ok(declared) => declared.to_sql(),
            ::core::result::Result::Err(error) => ::core::panic!("{error}"),
        }
    };
}

/// More of a difference than this nobody reads.
const LINES: usize = 40;

/// Whether `schema.sql` is what the code declares; the error shows the difference.
///
/// # Errors
/// When it is not, or when the test program holds no records.
#[doc(hidden)]
pub fn current(folder: &str, manifest: &str, file: &str) -> Result<(), Error> {
    let declared = declared(manifest, file)?;
    let path = Path::new(manifest).join(folder).join("schema.sql");
    let shown = Path::new(folder).join("schema.sql").display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Error::failed(format!("{} cannot be read: {error}", path.display()))
            .next("`schema generate` writes it; the folder is relative to Cargo.toml")
    })?;
    compare(&text, &declared, &shown)
}

/// What the test program declares.
///
/// # Errors
/// When it holds no records.
#[doc(hidden)]
pub fn declared(manifest: &str, file: &str) -> Result<Declared, Error> {
    declare(&records(manifest, file)?)
}

fn records(manifest: &str, file: &str) -> Result<Records, Error> {
    let program = std::env::current_exe()
        .map_err(|error| Error::failed(format!("the test program does not know its own path: {error}")))?;
    let found = compiled::read(&program)?.records;
    let tests = own_tests(manifest, file);
    let mut gathered = Gathered::default();
    gathered.add(found, |origin| {
        let origin = Path::new(&origin.file);
        !is_foreign(origin) && !tests.as_ref().is_some_and(|tests| origin.starts_with(tests))
    });
    if gathered.records == Records::default() {
        return Err(nothing());
    }
    Ok(gathered.records)
}

/// Crates from a registry or from git are compiled under absolute paths; their tables are theirs.
fn is_foreign(origin: &Path) -> bool {
    let parts: Vec<Component<'_>> = origin.components().collect();
    let pair = |pair: &[Component<'_>]| {
        let [a, b] = [pair[0].as_os_str(), pair[1].as_os_str()];
        (a == "registry" && b == "src") || (a == "git" && b == "checkouts")
    };
    origin.is_absolute() && parts.windows(2).any(pair)
}

/// The folder of the test, if it stands in one of its package's for tests: what is declared there is for tests only.
fn own_tests(manifest: &str, file: &str) -> Option<PathBuf> {
    // Cargo compiles with paths relative to the workspace, which the package may be below of.
    let parts: Vec<Component<'_>> = Path::new(file).components().collect();
    let package = |count: &usize| Path::new(manifest).ends_with(parts[..*count].iter().collect::<PathBuf>());
    let package = (0..parts.len()).rev().find(package)?;
    let folder = parts.get(package)?.as_os_str();
    let is_for_tests = ["tests", "benches", "examples"].into_iter().any(|name| folder == name);
    is_for_tests.then(|| parts[..=package].iter().collect())
}

fn nothing() -> Error {
    let next = if cfg!(debug_assertions) {
        "in tests/, name the crate that has the tables, so that it is linked: `use my_app as _;`; tables of a program \
         without a library can only be tested in its own src/"
    } else {
        "leave the test out of such builds: #[cfg_attr(not(debug_assertions), ignore)]"
    };
    let what = if cfg!(debug_assertions) {
        "this test program holds no tables"
    } else {
        "this test program was built without debug assertions, and then the derives leave nothing to read"
    };
    Error::failed(what).next(next)
}

fn compare(text: &str, declared: &Declared, shown: &str) -> Result<(), Error> {
    // A checkout may have other line ends.
    let [text, sql] = [text, &declared.to_sql()].map(|text| text.replace("\r\n", "\n"));
    if text == sql {
        return Ok(());
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (text.lines().collect(), sql.lines().collect());
    let places = places(declared, &sql);
    let differing = differing(&old, &new);
    let mut lines = Vec::new();
    let mut last = None;
    for line in differing.iter().take(LINES) {
        match line {
            Line::Old(at) => lines.push(format!("  - {}", old[*at])),
            Line::New(at) => {
                let place = places.get(*at).and_then(Option::as_ref);
                if place.is_some() && place != last {
                    lines.push(format!("  {}", place.map_or("", String::as_str)));
                }
                last = place.or(last);
                lines.push(format!("  + {}", new[*at]));
            }
        }
    }
    if differing.len() > LINES {
        lines.push(format!("  and {} lines more", differing.len() - LINES));
    }
    Err(Error::findings(format!(
        "{shown} is not what the code declares (- is the file, + is the code):\n{}",
        lines.join("\n")
    ))
    .next("run `schema generate`, review the migration that it writes, and commit both"))
}

/// Where the code declares each line of the text.
fn places(declared: &Declared, sql: &str) -> Vec<Option<String>> {
    let mut places = vec![None; sql.lines().count()];
    let mut at = sql.lines().count();
    // The blocks are what the text ends with, an empty line before each.
    for block in declared.blocks.iter().rev() {
        let count = block.sql.lines().count();
        for place in &mut places[at - count..at] {
            *place = Some(block.origin.to_string());
        }
        at -= count + 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_tests() {
        let of = |manifest, file| own_tests(manifest, file).map(|path| path.display().to_string());
        assert_eq!(of("/w", "tests/schema.rs").as_deref(), Some("tests"));
        assert_eq!(of("/w/crates/app", "crates/app/tests/it/main.rs").as_deref(), Some("crates/app/tests"));
        assert_eq!(of("/w/examples/app", "examples/app/tests/a.rs").as_deref(), Some("examples/app/tests"));
        assert_eq!(of("/w/examples/app", "examples/app/src/lib.rs"), None);
        assert_eq!(of("/w", "src/main.rs"), None);
    }

    #[test]
    fn whose_tables() {
        let home = "/home/a/.cargo";
        assert!(is_foreign(Path::new(&format!("{home}/registry/src/index.crates.io-1/x-1.0.0/src/lib.rs"))));
        assert!(is_foreign(Path::new(&format!("{home}/git/checkouts/x-1/2/src/lib.rs"))));
        assert!(!is_foreign(Path::new("/work/other/src/lib.rs")));
        assert!(!is_foreign(Path::new("registry/src/lib.rs")));
    }
}
