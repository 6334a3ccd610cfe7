//! `schema init`: schema.toml and the folder of the migrations. Overwrites nothing, writes no secret.

use crate::args::Global;
use crate::config::{File, NAME, here_and_above};
use crate::report::{GOOD, NOTE, Outcome, Report};
use crate::settings::has_password;
use cargo_metadata::MetadataCommand;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The packages around here.
#[derive(Default)]
struct Packages {
    /// Whether this is a cargo project at all.
    project: bool,
    all: Vec<String>,
    /// Those that depend on schema-core.
    with_tables: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(global: &Global, report: Report) -> Result<Outcome, Error> {
    if let Some(url) = &global.database_url {
        Target::new(url, &|_| None)?;
    }
    let packages = packages(report);
    let path = global.config.clone().unwrap_or_else(|| NAME.into());
    let (mut created, mut kept) = (Vec::new(), Vec::new());
    let url = global.database_url.as_deref();
    match write_new(&path, &configuration(url, &packages))? {
        true => created.push(path.clone()),
        false => kept.push(path.clone()),
    }
    let file = File::find(Some(&path))?;
    let folder = file.root().join(file.config.migrations.as_deref().unwrap_or(Path::new("migrations")));
    if folder.is_dir() {
        kept.push(folder);
    } else {
        std::fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
        created.push(folder);
    }
    if url.is_some_and(has_password) {
        report.warn(
            "the URL holds a password, so it is not in schema.toml; set DATABASE_URL, or write it into a .env that is \
             not in version control",
        );
    }
    let steps = next_steps(&packages);
    tell(report, &created, &kept, &packages, &steps);
    Ok(Outcome::Fine)
}

fn tell(report: Report, created: &[PathBuf], kept: &[PathBuf], packages: &Packages, steps: &[String]) {
    for path in created {
        report.say(&format!("{GOOD}created{GOOD:#}  {}", path.display()));
    }
    for path in kept {
        report.say(&format!("kept     {}", path.display()));
    }
    if !packages.with_tables.is_empty() {
        report.say(&format!("found    {} with schema-core", packages.with_tables.join(", ")));
    }
    for (index, step) in steps.iter().enumerate() {
        report.say(&format!("{NOTE}next {}{NOTE:#}   {step}", index + 1));
    }
    report.object(&json!({
        "created": created,
        "kept": kept,
        "packages": packages.all,
        "packages_with_tables": packages.with_tables,
        "next": steps,
    }));
}

fn next_steps(packages: &Packages) -> [String; 2] {
    let derive = "put #[derive(schema_core::Table)] on a struct";
    let first = match (packages.project, packages.with_tables.is_empty()) {
        (false, _) => format!("`cargo init`, `cargo add schema-core`, and {derive}"),
        (true, true) => format!("`cargo add schema-core`, and {derive}"),
        (true, false) => derive.to_owned(),
    };
    [first, "`schema generate` writes the first migration, `schema migrate` applies it".to_owned()]
}

/// What cargo knows of this directory; nothing where that is no cargo project.
fn packages(report: Report) -> Packages {
    let mut packages = Packages { project: in_cargo_project(), ..Packages::default() };
    if !packages.project {
        return packages;
    }
    let mut command = MetadataCommand::new();
    command.no_deps().other_options(["--offline".to_owned()]);
    match command.exec() {
        Ok(metadata) => {
            for package in metadata.workspace_packages() {
                packages.all.push(package.name.to_string());
                if package.dependencies.iter().any(|dependency| dependency.name == "schema-core") {
                    packages.with_tables.push(package.name.to_string());
                }
            }
        }
        // Only its words are missing then; the first build says the same.
        Err(error) => report.note(&format!("cargo cannot read this project: {}", error.to_string().trim())),
    }
    packages
}

fn in_cargo_project() -> bool {
    let found = here_and_above(Path::new(""));
    found.is_ok_and(|mut above| above.any(|directory| directory.join("Cargo.toml").is_file()))
}

fn configuration(url: Option<&str>, packages: &Packages) -> String {
    let url = match url.filter(|url| !has_password(url)) {
        Some(url) => format!("database-url = {}", toml_text(url)),
        None => "# database-url = \"postgres://localhost/app\"".to_owned(),
    };
    let names = if packages.with_tables.is_empty() { &packages.all } else { &packages.with_tables };
    let names: Vec<String> = names.iter().map(|name| toml_text(name)).collect();
    format!(
        "\
# The folder of the migrations.
migrations = \"migrations\"

# The database, without password. SCHEMA_DATABASE_URL, DATABASE_URL and .env come before this.
{url}

# The packages with the tables; by default what `cargo build` builds here.
# package = [{}]

# The PostgreSQL that migrations are made and proven on: a server that may be used, and the major of yours.
# scratch = \"postgres://localhost/postgres\"
# scratch-major = 17

# Other databases, for --env NAME: each names the variable that has its URL.
# [environments.production]
# url-env = \"PRODUCTION_DATABASE_URL\"
",
        names.join(", ")
    )
}

fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Writes a file that is not there yet; says whether it did.
fn write_new(path: &Path, text: &str) -> Result<bool, Error> {
    match std::fs::File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).map_err(|error| unwritten(path, &error))?;
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unwritten(path, &error)),
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::failed(format!("{} cannot be written: {error}", path.display()))
}
