//! Cargo projects, made below `target/extract`. They share one target directory, so that schema-core is compiled once;
//! their places stay the same, so that a second run finds them compiled.

use schema_cli::extract::{BuildOptions, CargoOutput};
use schema_core::def::Place;
use schema_core::wire;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A package, or a workspace of packages.
pub(super) struct Project {
    directory: PathBuf,
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

/// Not part of the repository's own workspace.
fn alone(name: &str, dependencies: &str) -> String {
    format!("{}[workspace]\n\n", package(name, dependencies))
}

/// A record as a derive leaves it, for crates that are built quicker without one.
pub(super) fn record(sql: &str) -> String {
    record_at("src/lib.rs", sql)
}

fn record_at(file: &str, sql: &str) -> String {
    let mut fields = Vec::new();
    let text = |to: &mut Vec<u8>, text: &str| {
        to.extend(wire::count(text.len()));
        to.extend(text.as_bytes());
    };
    text(&mut fields, file);
    fields.extend(1_u32.to_le_bytes());
    text(&mut fields, "sql!");
    fields.push(wire::place(Place::AfterTables));
    text(&mut fields, sql);
    fields.push(0);
    let mut bytes = Vec::from(wire::MAGIC);
    bytes.extend(wire::VERSION.to_le_bytes());
    bytes.extend(wire::count(wire::length(&[&fields])));
    text(&mut bytes, wire::CRATE_VERSION);
    bytes.push(wire::KIND_SQL);
    bytes.extend(fields);
    format!(
        "#[cfg(debug_assertions)]\n#[used]\n#[unsafe(link_section = \".schema\")]\n\
         static RECORD: [u8; {}] = {bytes:?};\n",
        bytes.len()
    )
}

impl Project {
    fn empty(name: &str) -> Self {
        let directory = repository().join("target").join("extract").join("projects").join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory).expect("removed");
        }
        fs::create_dir_all(&directory).expect("created");
        let project = Self { directory };
        // The same versions as here: what is downloaded already.
        fs::copy(repository().join("Cargo.lock"), project.root().join("Cargo.lock")).expect("Cargo.lock");
        project
    }

    /// A package that depends on schema-core.
    pub(super) fn new(name: &str) -> Self {
        let project = Self::empty(name);
        project.file("Cargo.toml", &alone(name, &dependency()));
        project
    }

    /// A package that depends on nothing.
    pub(super) fn bare(name: &str) -> Self {
        let project = Self::empty(name);
        project.file("Cargo.toml", &alone(name, ""));
        project
    }

    /// Packages that depend on schema-core.
    pub(super) fn workspace(name: &str, members: &[&str]) -> Self {
        let project = Self::empty(name);
        project.file("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"));
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

    /// A dependency with a record, from a registry, which is a directory in truth.
    pub(super) fn foreign(&self, name: &str) -> &Self {
        // Cargo compiles what is no local package with absolute paths.
        let file = self.root().join(format!("vendor/{name}/src/lib.rs"));
        let code = record_at(&file.display().to_string(), "foreign");
        self.dependency("", &format!("{name} = {{ version = \"0.1.0\", registry = \"elsewhere\" }}"));
        self.file(
            ".cargo/config.toml",
            "[registries.elsewhere]\nindex = \"https://example.invalid/index\"\n\
             [source.elsewhere]\nregistry = \"https://example.invalid/index\"\nreplace-with = \"vendored\"\n\
             [source.vendored]\ndirectory = \"vendor\"\n",
        );
        self.file(&format!("vendor/{name}/Cargo.toml"), &package(name, ""));
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
        self.directory.canonicalize().expect("a directory")
    }

    pub(super) fn shared_target(&self) -> PathBuf {
        repository().join("target").join("extract").join("target")
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
