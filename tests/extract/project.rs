//! Cargo projects in temporary directories. They share one target directory, so that schema-core is compiled once.

use schema_cli::extract::{BuildOptions, CargoOutput};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A package, or a workspace of packages.
pub(super) struct Project {
    directory: tempfile::TempDir,
}

fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests are in the repository").to_owned()
}

/// The machine's own target.
pub(super) fn host() -> String {
    let output = std::process::Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says its host").to_owned()
}

fn dependency() -> String {
    format!("schema-core = {{ path = {:?} }}", repository().join("schema-core"))
}

fn package(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n"
    )
}

const PROFILE: &str = "[profile.dev]\ndebug = false\n";

impl Project {
    fn empty() -> Self {
        let project = Self { directory: tempfile::tempdir().expect("a directory") };
        // The same versions as here: what is downloaded already.
        fs::copy(repository().join("Cargo.lock"), project.root().join("Cargo.lock")).expect("Cargo.lock");
        project
    }

    /// A package that depends on schema-core.
    pub(super) fn new(name: &str) -> Self {
        let project = Self::empty();
        project.file("Cargo.toml", &package(name, &dependency()));
        project
    }

    /// A package that depends on nothing.
    pub(super) fn bare(name: &str) -> Self {
        let project = Self::empty();
        project.file("Cargo.toml", &package(name, ""));
        project
    }

    /// Packages that depend on schema-core.
    pub(super) fn workspace(members: &[&str]) -> Self {
        let project = Self::empty();
        project
            .file("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{PROFILE}"));
        for member in members {
            project.file(&format!("{member}/Cargo.toml"), &package(member, &dependency()));
        }
        project
    }

    /// Adds to the manifest.
    pub(super) fn manifest(&self, more: &str) -> &Self {
        self.append("Cargo.toml", more);
        self
    }

    /// Adds a dependency to a member.
    pub(super) fn dependency(&self, member: &str, line: &str) -> &Self {
        let path = self.root().join(member).join("Cargo.toml");
        let text = fs::read_to_string(&path).expect("a manifest");
        fs::write(&path, text.replace("[dependencies]\n", &format!("[dependencies]\n{line}\n")))
            .expect("written");
        self
    }

    /// A dependency from a registry, which is a directory in truth.
    pub(super) fn foreign(&self, name: &str, code: &str) -> &Self {
        self.dependency("", &format!("{name} = {{ version = \"0.1.0\", registry = \"elsewhere\" }}"));
        self.file(
            ".cargo/config.toml",
            "[registries.elsewhere]\nindex = \"https://example.invalid/index\"\n\
             [source.elsewhere]\nregistry = \"https://example.invalid/index\"\nreplace-with = \"vendored\"\n\
             [source.vendored]\ndirectory = \"vendor\"\n",
        );
        self.file(&format!("vendor/{name}/Cargo.toml"), &package(name, &dependency()));
        self.file(&format!("vendor/{name}/.cargo-checksum.json"), "{\"files\":{}}");
        self.file(&format!("vendor/{name}/src/lib.rs"), &format!("{code}\npub fn used() {{}}\n"));
        self
    }

    pub(super) fn file(&self, path: &str, text: &str) -> &Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("created");
        fs::write(path, text).expect("written");
        self
    }

    pub(super) fn append(&self, path: &str, text: &str) {
        let mut file = fs::OpenOptions::new().append(true).open(self.root().join(path)).expect("a file");
        file.write_all(text.as_bytes()).expect("written");
    }

    pub(super) fn root(&self) -> PathBuf {
        self.directory.path().canonicalize().expect("a directory")
    }

    pub(super) fn shared_target(&self) -> PathBuf {
        repository().join("target").join("extract")
    }

    pub(super) fn options(&self) -> BuildOptions {
        BuildOptions {
            directory: Some(self.root()),
            target_dir: Some(self.shared_target()),
            cargo: vec!["--offline".to_owned()],
            output: CargoOutput::Quiet,
            ..BuildOptions::default()
        }
    }
}
