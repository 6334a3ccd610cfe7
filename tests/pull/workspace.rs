//! Pulled code as packages of one workspace below `target/pull`, so that all share what they depend on.

use schema_cli::extract::{BuildOptions, CargoOutput, extract};
use schema_core::engine::error::Error;
use schema_core::engine::pull::{ForeignCrate, Pulled};
use schema_core::engine::record::Records;
use std::fs;
use std::path::{Path, PathBuf};

/// A workspace in the making.
pub(super) struct Workspace {
    directory: PathBuf,
    members: Vec<String>,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn target() -> PathBuf {
    repository().join("target/pull/target")
}

impl Workspace {
    /// An empty one. Its place stays the same, so that cargo does not fill its target directory.
    pub(super) fn new(name: &str) -> Self {
        let directory = repository().join("target/pull").join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory).unwrap();
        }
        fs::create_dir_all(&directory).unwrap();
        // The same versions as here: what is downloaded already.
        fs::copy(repository().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
        Self { directory, members: Vec::new() }
    }

    /// A package with this code as its module `schema`.
    pub(super) fn add(&mut self, name: &str, pulled: &Pulled) {
        let directory = self.directory.join(name);
        let schema = directory.join("src/schema");
        for file in &pulled.files {
            let path = schema.join(&file.name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        fs::write(directory.join("src/lib.rs"), "#![deny(warnings)]\npub mod schema;\n").unwrap();
        let crates: Vec<&str> = pulled.crates.iter().map(|krate| ForeignCrate::name(*krate)).collect();
        let mut manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             schema-core = {{ path = {:?}, features = {crates:?} }}\n",
            repository().join("schema-core")
        );
        for krate in crates {
            manifest += &format!("{krate} = {{ version = \"*\", default-features = false }}\n");
        }
        fs::write(directory.join("Cargo.toml"), manifest).unwrap();
        self.members.push(name.to_owned());
    }

    /// Makes it one.
    pub(super) fn write(&self) {
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {:?}\n", self.members);
        fs::write(self.directory.join("Cargo.toml"), manifest).unwrap();
    }

    /// Builds all packages at once; what does not compile is told by `records`.
    pub(super) fn build_all(&self) {
        let mut cargo = std::process::Command::new("cargo");
        cargo.args(["build", "--offline", "--keep-going", "--quiet"]).current_dir(&self.directory);
        cargo.env("CARGO_TARGET_DIR", target()).status().unwrap();
    }

    /// What a build of one package finds.
    pub(super) fn records(&self, name: &str) -> Result<Records, Error> {
        let options = BuildOptions {
            directory: Some(self.directory.clone()),
            package: vec![name.to_owned()],
            target_dir: Some(target()),
            cargo: vec!["--offline".to_owned()],
            output: CargoOutput::Quiet,
            ..BuildOptions::default()
        };
        extract(&options).map(|extracted| extracted.records)
    }
}
