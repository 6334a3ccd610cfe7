//! The user's own `cargo build`: calls it, and lists what it made. Reads none of it.

use super::{BuildOptions, CargoOutput};
use cargo_metadata::Message;
use schema_core::engine::error::Error;
use std::ffi::OsString;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A build that succeeded.
pub(super) struct Build {
    pub(super) artifacts: Vec<Artifact>,
    /// The workspace's directory.
    pub(super) root: PathBuf,
    pub(super) time: Duration,
}

impl Build {
    pub(super) fn local(&self) -> impl Iterator<Item = &Artifact> {
        self.artifacts.iter().filter(|artifact| artifact.local)
    }
}

/// One compiled target.
pub(super) struct Artifact {
    /// The package's name.
    pub(super) package: String,
    /// The directory of its Cargo.toml.
    pub(super) directory: PathBuf,
    /// The target's name.
    pub(super) target: String,
    /// Whether the package's source is on this machine, not from a registry or git.
    pub(super) local: bool,
    pub(super) debug_assertions: bool,
    pub(super) linkage: Linkage,
    /// What to read.
    pub(super) files: Vec<PathBuf>,
}

/// Whose code a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Linkage {
    /// That of its crate alone (rlib).
    Own,
    /// That of its dependencies too (executable, cdylib).
    All,
}

/// Runs cargo with `overrides` as `--config`. What it says on stderr goes to the user.
pub(super) fn run(options: &BuildOptions, overrides: &[String]) -> Result<Build, Error> {
    let started = Instant::now();
    let directory = directory(options)?;
    // Both at once: the second takes longer anyway.
    let locate = start(options, &directory, locate_arguments(), Stdio::null())?;
    let mut child = start(options, &directory, build_arguments(options, overrides), Stdio::inherit())?;
    let mut artifacts = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)) {
            let message =
                message.map_err(|error| Error::failed(format!("cargo's output can't be read: {error}")))?;
            // Diagnostics are rendered on stderr; nothing else is needed.
            if let Message::CompilerArtifact(message) = message {
                artifacts.extend(artifact(message));
            }
        }
    }
    let status = child.wait().map_err(|error| not_started(&error))?;
    if !status.success() {
        return Err(Error::failed(
            "the program does not build, so its tables can't be read (`cargo build` failed)",
        )
        .next("see cargo's messages above"));
    }
    Ok(Build { artifacts, root: root(locate, &directory)?, time: started.elapsed() })
}

/// Where cargo runs. That there is a project is seen here: cargo's own words for it would come twice.
fn directory(options: &BuildOptions) -> Result<PathBuf, Error> {
    let current = std::env::current_dir()
        .map_err(|error| Error::failed(format!("the current directory can't be read: {error}")))?;
    let directory = match &options.directory {
        Some(directory) => current.join(directory),
        None => current,
    };
    if !directory.is_dir() {
        return Err(Error::usage(format!("there is no directory {}", directory.display())));
    }
    let next = "call schema in a cargo project, or name its manifest with --manifest-path";
    match &options.manifest_path {
        Some(path) if !directory.join(path).is_file() => {
            Err(Error::usage(format!("there is no file {}", path.display())).next(next))
        }
        None if !directory.ancestors().any(|above| above.join("Cargo.toml").is_file()) => Err(Error::usage(
            format!("no Cargo.toml in {} or above: this is not a cargo project", directory.display()),
        )
        .next(next)),
        Some(_) | None => Ok(directory),
    }
}

fn start(
    options: &BuildOptions,
    directory: &Path,
    arguments: Vec<OsString>,
    stderr: Stdio,
) -> Result<Child, Error> {
    // `cargo schema` sets CARGO to the cargo that was called.
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(directory).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
    if let Some(manifest) = &options.manifest_path {
        command.arg("--manifest-path").arg(manifest);
    }
    command.spawn().map_err(|error| not_started(&error))
}

fn not_started(error: &std::io::Error) -> Error {
    Error::failed(format!("cargo can't be run: {error}"))
        .next("install Rust (https://rustup.rs), or set CARGO to the path of cargo")
}

fn locate_arguments() -> Vec<OsString> {
    ["locate-project", "--workspace", "--message-format", "plain"].map(OsString::from).into()
}

fn build_arguments(options: &BuildOptions, overrides: &[String]) -> Vec<OsString> {
    let mut arguments: Vec<OsString> =
        vec!["build".into(), "--message-format=json-render-diagnostics".into()];
    let mut flag = |set: bool, flag: &str| {
        if set {
            arguments.push(flag.into());
        }
    };
    flag(options.workspace, "--workspace");
    flag(options.all_features, "--all-features");
    flag(options.no_default_features, "--no-default-features");
    flag(options.output == CargoOutput::Quiet, "--quiet");
    flag(options.output == CargoOutput::Verbose, "--verbose");
    let mut value = |name: &str, value: OsString| arguments.extend([name.into(), value]);
    for package in &options.package {
        value("--package", package.into());
    }
    for features in &options.features {
        value("--features", features.into());
    }
    for setting in overrides {
        value("--config", setting.into());
    }
    if let Some(profile) = &options.profile {
        value("--profile", profile.into());
    }
    if let Some(directory) = &options.target_dir {
        value("--target-dir", directory.into());
    }
    if let Some(target) = &options.target {
        value("--target", target.into());
    }
    arguments.extend(options.cargo.iter().map(OsString::from));
    arguments
}

fn root(locate: Child, directory: &Path) -> Result<PathBuf, Error> {
    let output = locate.wait_with_output().map_err(|error| not_started(&error))?;
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    match path.parent() {
        Some(root) if output.status.success() => Ok(root.to_owned()),
        Some(_) | None => {
            Err(Error::failed(format!("cargo can't tell the workspace of {}", directory.display())))
        }
    }
}

/// `None` for what holds no records: build scripts, procedural macros, metadata alone.
fn artifact(message: cargo_metadata::Artifact) -> Option<Artifact> {
    let target = &message.target;
    if target.is_custom_build() || target.is_proc_macro() {
        return None;
    }
    let rlib = message.filenames.iter().find(|file| file.extension() == Some("rlib"));
    let (linkage, files) = match (rlib, &message.executable) {
        (Some(rlib), _) => (Linkage::Own, vec![rlib.clone().into_std_path_buf()]),
        (None, Some(executable)) => (Linkage::All, vec![executable.clone().into_std_path_buf()]),
        (None, None) => {
            let libraries = message
                .filenames
                .iter()
                .filter(|file| matches!(file.extension(), Some("so" | "dylib" | "dll" | "a" | "lib")));
            (Linkage::All, libraries.map(|file| file.clone().into_std_path_buf()).collect())
        }
    };
    let directory = message.manifest_path.parent()?.to_owned().into_std_path_buf();
    Some(Artifact {
        package: package_name(&message.package_id.repr),
        directory,
        target: target.name.clone(),
        local: message.package_id.repr.starts_with("path+"),
        debug_assertions: message.profile.debug_assertions,
        linkage,
        files,
    })
}

/// `path+file:///dir/name#0.1.0`, or `...#name@0.1.0` where the directory has another name.
fn package_name(id: &str) -> String {
    let (place, version) = id.split_once('#').unwrap_or((id, ""));
    match version.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => place.split('?').next().unwrap_or(place).rsplit('/').next().unwrap_or(place).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages() {
        assert_eq!(package_name("path+file:///w/schema-core#0.1.0"), "schema-core");
        assert_eq!(package_name("path+file:///w/dir#name@0.1.0"), "name");
        assert_eq!(package_name("registry+https://github.com/rust-lang/crates.io-index#syn@2.0.1"), "syn");
        assert_eq!(package_name("git+https://host/user/tables?branch=main#0.2.0"), "tables");
    }
}
