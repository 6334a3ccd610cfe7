//! Records out of the user's build: runs their cargo, reads what the derives left in the compiled crates, and says why
//! if there is nothing. Runs no code of theirs, and knows nothing of SQL.
//!
//! Which packages count: every local one in the build, member of the workspace or path dependency. Those from a
//! registry or from git do not: their tables are theirs.

mod build;

use build::{Artifact, Build, Linkage};
use schema_core::compiled;
use schema_core::engine::error::Error;
use schema_core::engine::gather::Gathered;
use schema_core::engine::record::{Origin, Records};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How cargo is called. The default is `cargo build` in the current directory.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// Where cargo runs; the current directory if `None`. Which packages cargo builds, and which configuration it
    /// takes, depends on it: the project's directory, not one of its members, gives all tables.
    pub directory: Option<PathBuf>,
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `--package`.
    pub package: Vec<String>,
    /// `--workspace`.
    pub workspace: bool,
    /// `--features`.
    pub features: Vec<String>,
    /// `--all-features`.
    pub all_features: bool,
    /// `--no-default-features`.
    pub no_default_features: bool,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--target-dir`.
    pub target_dir: Option<PathBuf>,
    /// `--target`.
    pub target: Option<String>,
    /// Further arguments of `cargo build`, as they are.
    pub cargo: Vec<String>,
    /// What cargo shows of itself. The compiler's own messages always appear.
    pub output: CargoOutput,
}

/// What cargo shows of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CargoOutput {
    /// Nothing.
    Quiet,
    /// Its progress.
    #[default]
    Normal,
    /// The commands it runs.
    Verbose,
}

/// What a build declares.
#[derive(Debug, Clone)]
pub struct Extracted {
    /// Every record once.
    pub records: Records,
    /// The workspace's directory; the files of origins are relative to it.
    pub root: PathBuf,
    /// The local packages of the build, by directory.
    pub packages: Vec<Package>,
    /// How long cargo took.
    pub cargo_time: Duration,
}

/// A local package of the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Where its Cargo.toml is.
    pub directory: PathBuf,
    /// How many tables, enums and pieces of raw SQL it declares.
    pub records: usize,
}

/// Builds the user's program and reads its records.
pub fn extract(options: &BuildOptions) -> Result<Extracted, Error> {
    let mut build = build::run(options, &[])?;
    let mut read = read(&build)?;
    let overrides = overrides(options, &build, &read);
    if !overrides.is_empty() {
        let first = build.time;
        build = build::run(options, &overrides)?;
        build.time += first;
        read = self::read(&build)?;
    }
    if read.records == Records::default() {
        return Err(nothing(&build, &read));
    }
    Ok(Extracted { records: read.records, root: build.root, packages: read.packages, cargo_time: build.time })
}

#[derive(Default)]
struct Read {
    records: Records,
    packages: Vec<Package>,
    /// A crate was compiled to LLVM bitcode only, which holds no section.
    bitcode: bool,
}

/// The profile settings without which the records are not there. They change the user's profile for this build alone.
fn overrides(options: &BuildOptions, build: &Build, read: &Read) -> Vec<String> {
    let profile = options.profile.as_deref().unwrap_or(if is_release(options) { "release" } else { "dev" });
    let mut overrides = BTreeSet::new();
    if read.bitcode {
        overrides.insert(format!("profile.{profile}.lto=\"off\""));
    }
    for artifact in build.local().filter(|artifact| !artifact.debug_assertions && !is_ours(artifact)) {
        let package = artifact.package.escape_default();
        overrides.insert(format!("profile.{profile}.package.\"{package}\".debug-assertions=true"));
    }
    overrides.into_iter().collect()
}

fn is_release(options: &BuildOptions) -> bool {
    options.cargo.iter().any(|argument| argument == "--release" || argument == "-r")
}

/// The crates of schema itself, when they are built from source beside the user's.
fn is_ours(artifact: &Artifact) -> bool {
    matches!(artifact.package.as_str(), "schema-core" | "schema-derive")
}

fn read(build: &Build) -> Result<Read, Error> {
    let mut read = Read::default();
    let mut packages: BTreeMap<&Path, Package> = BTreeMap::new();
    let mut gathered = Gathered::default();
    // Libraries first: an executable repeats what its libraries declare.
    let mut artifacts: Vec<&Artifact> = build.local().filter(|artifact| !is_ours(artifact)).collect();
    artifacts.sort_by_key(|artifact| (artifact.linkage, &artifact.directory, &artifact.target));
    for artifact in artifacts {
        let mut count = 0;
        for file in &artifact.files {
            let found = compiled::read(file)
                .map_err(|error| Error { what: format!("{}: {}", artifact.package, error.what), ..error })?;
            read.bitcode |= found.bitcode;
            let own = |origin: &Origin| match artifact.linkage {
                Linkage::Own => true,
                Linkage::All => is_below(&build.root, &artifact.directory, &origin.file),
            };
            count += gathered.add(found.records, own);
        }
        packages
            .entry(&artifact.directory)
            .or_insert_with(|| Package {
                name: artifact.package.clone(),
                directory: artifact.directory.clone(),
                records: 0,
            })
            .records += count;
    }
    read.packages = packages.into_values().collect();
    read.records = gathered.records;
    Ok(read)
}

/// Whether a file, as `file!()` gives it, belongs to the package in this directory. Cargo compiles what lies in the
/// workspace with paths relative to it, everything else with absolute ones.
fn is_below(root: &Path, package: &Path, file: &str) -> bool {
    match package.strip_prefix(root) {
        Ok(relative) => Path::new(file).is_relative() && Path::new(file).starts_with(relative),
        Err(_) => Path::new(file).starts_with(package),
    }
}

/// Why there are no records.
fn nothing(build: &Build, read: &Read) -> Error {
    let names: Vec<&str> = read.packages.iter().map(|package| package.name.as_str()).collect();
    let packages = match names.as_slice() {
        [] => "no package of this workspace".to_owned(),
        [one] => format!("the package {one}"),
        [first @ .., last] => format!("the packages {} and {last}", first.join(", ")),
    };
    let other = "if the tables are in another package of the workspace, name it with --package NAME, or build all with \
                 --workspace";
    if !build.artifacts.iter().any(|artifact| artifact.package == "schema-core") {
        return Error::failed(format!(
            "no tables: cargo built {packages}, and nothing in this build depends on schema-core"
        ))
        .next(format!("add it with `cargo add schema-core`; {other}"));
    }
    if read.bitcode {
        return Error::failed(format!("no tables: {packages} came out of cargo as LLVM bitcode alone"))
            .next("take a profile without link-time optimisation, for example --profile dev");
    }
    if build.local().any(|artifact| !artifact.debug_assertions && !is_ours(artifact)) {
        return Error::failed(format!(
            "no tables: cargo built {packages} without debug assertions, and then the derives leave nothing to read"
        ))
        .next("take a profile with `debug-assertions = true`, for example --profile dev");
    }
    let foreign = foreign(build);
    if !foreign.is_empty() {
        let list = foreign.into_iter().collect::<Vec<_>>().join(", ");
        return Error::failed(format!(
            "no tables: cargo built {packages}; the only ones are in {list}, which is not a local package"
        ))
        .next("tables count if their package is in the workspace or is a path dependency");
    }
    Error::failed(format!("no tables: cargo built {packages}, and no #[derive(Table)] in it")).next(format!(
        "put #[derive(schema_core::Table)] on a struct; if it is there, see that its module is part of the crate \
         (`mod ...;`) and that no #[cfg] leaves it out; {other}"
    ))
}

/// Packages that are not local but declare something.
fn foreign(build: &Build) -> BTreeSet<&str> {
    let foreign = build.artifacts.iter().filter(|a| !a.local && !is_ours(a) && a.linkage == Linkage::Own);
    foreign
        .filter(|artifact| {
            artifact
                .files
                .iter()
                .any(|file| compiled::read(file).is_ok_and(|found| found.records != Records::default()))
        })
        .map(|artifact| artifact.package.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_package() {
        let root = Path::new("/w");
        assert!(is_below(root, Path::new("/w/a"), "a/src/main.rs"));
        assert!(!is_below(root, Path::new("/w/a"), "ab/src/main.rs"));
        assert!(is_below(root, Path::new("/w"), "src/main.rs"));
        assert!(!is_below(root, Path::new("/w"), "/registry/x/src/lib.rs"));
        assert!(is_below(root, Path::new("/other"), "/other/src/main.rs"));
        assert!(!is_below(root, Path::new("/other"), "src/main.rs"));
    }
}
