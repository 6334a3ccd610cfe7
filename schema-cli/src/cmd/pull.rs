//! `schema pull`: a database to the Rust code that declares it.

use crate::args::{CargoArgs, Crates, Global, PullArgs};
use crate::report::{GOOD, NOTE, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs, Word, major};
use cargo_metadata::{MetadataCommand, Package};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::declare;
use schema_core::engine::diff::{Change, diff};
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::source::{Source, read_live};
use schema_core::engine::pull::{ForeignCrate, PullOptions, Pulled, PulledFile, marker, pull};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &PullArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let (live, of) = source(global, args, &settings, report)?;
    let out = std::path::absolute(&args.out).unwrap_or_else(|_| args.out.clone());
    let package = Home::find(&out, report);
    let options =
        PullOptions { folder: package.folder(&out), of, crates: package.crates(args.types.as_deref()) };
    let pulled = pull(&live, &options)?;
    let refused = in_the_way(&args.out, &pulled, args.force);
    if !refused.is_empty() {
        let names: Vec<String> = refused.iter().map(|path| format!("    {}", path.display())).collect();
        return Err(Error::refused(format!("somebody has written or edited:\n{}", names.join("\n")))
            .next("give another --out, or --force to overwrite them"));
    }
    let written = write(&args.out, &pulled.files, &package)?;

    for (kind, names) in &live.unmodeled {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        report.warn(&format!("not carried, schema does not manage it: {kind} {}", names.join(", ")));
    }
    let proof = prove(&settings, &pulled, &live, report);
    for path in &written {
        report.say(&format!("{GOOD}wrote{GOOD:#}  {}", path.display()));
    }
    let next = package.next_steps(&out, &pulled);
    for step in &next {
        report.say(&format!("{NOTE}next{NOTE:#}   {step}"));
    }
    report.object(&json!({
        "of": options.of,
        "written": written,
        "unmodeled": live.unmodeled,
        "proven": proof.equal,
        "differences": proof.differences,
        "next": next,
    }));
    let complete = live.unmodeled.is_empty() && proof.differences.is_empty();
    Ok(if complete { Outcome::Fine } else { Outcome::Findings })
}

/// The Catalog, and a name for what it is of.
fn source(
    global: &Global,
    args: &PullArgs,
    settings: &Settings,
    report: Report,
) -> Result<(Catalog, String), Error> {
    let managed = settings.managed(false);
    let database = |target: &Target| format!("the database {}", target.dbname().unwrap_or("of the user"));
    let Some(text) = &args.source else {
        let target = settings.target(report)?;
        let options = ReadOptions::from(&managed);
        return Ok((read_live(&target, &settings.run_options().ledger_schema, &options)?, database(&target)));
    };
    let of = match Source::parse(text)? {
        Source::Live(url) => database(&settings.target_of(&url, "SOURCE")?),
        Source::Code | Source::Migrations | Source::Empty | Source::Sql(_) => text.clone(),
    };
    let needs = Needs { settings, global, cargo: &CargoArgs::default(), report, managed: &managed };
    let [read] = sources::read([Word { text, argument: "SOURCE" }], needs)?;
    Ok((read.catalog, of))
}

/// What a scratch database says that has run what the code declares.
#[derive(Default)]
struct Proof {
    /// Whether it was looked at and is equal.
    equal: bool,
    /// What differs, or why nothing could be compared.
    differences: Vec<String>,
}

/// Runs what the code declares on scratch and compares. The code itself is not compiled for that.
fn prove(settings: &Settings, pulled: &Pulled, live: &Catalog, report: Report) -> Proof {
    let bench = sources::workbench(settings, Some(major(live)), &settings.managed(false));
    let mut bench = match bench.and_then(|mut bench| bench.server().map(|_| bench)) {
        Ok(bench) => bench,
        Err(error) => {
            report.note(&format!("nothing was proven, because there is no scratch: {}", error.what));
            return Proof::default();
        }
    };
    let declared = declare(&pulled.records).and_then(|declared| bench.declared(&declared, None));
    let differences: Vec<String> = match &declared {
        Ok(declared) => diff(declared, live).iter().map(|change| difference(change)).collect(),
        Err(error) => vec![error.to_string()],
    };
    for line in &differences {
        report.warn(&format!("the code does not give the database back: {line}"));
    }
    if let Some(server) = bench.used_server()
        && u32::from(server.major) != major(live)
        && !differences.is_empty()
    {
        report.note(&format!("scratch is {server}: it may print what is equal in other words"));
    }
    Proof { equal: differences.is_empty(), differences }
}

fn difference(change: &Change<'_>) -> String {
    match change {
        Change::Create(object) => format!("{} is missing", object.id()),
        Change::Drop(object) => format!("{} is too much", object.id()),
        Change::Alter(_, object) => format!("{} is another", object.id()),
        Change::Rename(old, new) => format!("{} should be {}", old.id(), new.id()),
    }
}

/// The files that are there and not as a pull left them.
fn in_the_way(out: &Path, pulled: &Pulled, force: bool) -> Vec<PathBuf> {
    if force {
        return Vec::new();
    }
    let edited = |path: &PathBuf| match std::fs::read_to_string(path) {
        Ok(text) => !marker::is_untouched(&text),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    pulled.files.iter().map(|file| out.join(&file.name)).filter(edited).collect()
}

/// Writes all of it, formats what is Rust, and signs it.
fn write(out: &Path, files: &[PulledFile], home: &Home) -> Result<Vec<PathBuf>, Error> {
    let mut written = Vec::new();
    for file in files {
        let path = out.join(&file.name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
        }
        let comment = if file.name.ends_with(".rs") { "//" } else { "--" };
        put(&path, &marker::signed(&file.text, comment))?;
        written.push(path);
    }
    let rust: Vec<&PathBuf> =
        written.iter().filter(|path| path.extension().is_some_and(|e| e == "rs")).collect();
    if format(&rust, &home.edition) {
        for path in rust {
            let text = std::fs::read_to_string(path).map_err(|error| unwritten(path, &error))?;
            put(path, &marker::signed(marker::unsigned(&text), "//"))?;
        }
    }
    Ok(written)
}

fn put(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::failed(format!("{} cannot be written: {error}", path.display()))
}

/// As the user's rustfmt has it. The text is laid out already, so without one it stays as it is.
fn format(files: &[&PathBuf], edition: &str) -> bool {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", edition]).args(files);
    rustfmt.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    rustfmt.status().is_ok_and(|status| status.success())
}

/// The package that the code becomes a module of.
#[derive(Default)]
struct Home {
    /// Its directory; none where there is no cargo project yet.
    directory: Option<PathBuf>,
    edition: String,
    package: Option<Package>,
}

impl Home {
    fn find(out: &Path, report: Report) -> Self {
        let mut home = Self { edition: "2024".to_owned(), ..Self::default() };
        home.directory =
            out.ancestors().find(|directory| directory.join("Cargo.toml").is_file()).map(Path::to_owned);
        let Some(directory) = &home.directory else {
            report.note(
                "there is no Cargo.toml above the folder; paths are relative to the directory you are in",
            );
            return home;
        };
        let manifest = directory.join("Cargo.toml");
        let mut command = MetadataCommand::new();
        command.no_deps().manifest_path(&manifest).other_options(["--offline".to_owned()]);
        match command.exec() {
            Ok(metadata) => {
                home.package = metadata
                    .packages
                    .into_iter()
                    .find(|package| package.manifest_path.as_std_path() == manifest);
            }
            Err(error) => {
                report.note(&format!("cargo cannot read this project: {}", error.to_string().trim()))
            }
        }
        if let Some(package) = &home.package {
            home.edition = package.edition.to_string();
        }
        home
    }

    /// The folder as `sql!` names it.
    fn folder(&self, out: &Path) -> String {
        let from = match &self.directory {
            Some(directory) => directory.clone(),
            None => std::path::absolute("").unwrap_or_default(),
        };
        out.strip_prefix(from).unwrap_or(out).display().to_string().replace('\\', "/")
    }

    fn crates(&self, given: Option<&[Crates]>) -> BTreeSet<ForeignCrate> {
        if let Some(given) = given {
            let one = |krate: &Crates| if let Crates::One(krate) = krate { Some(*krate) } else { None };
            return given.iter().filter_map(one).collect();
        }
        ForeignCrate::ALL.into_iter().filter(|krate| self.depends_on(krate.name())).collect()
    }

    fn depends_on(&self, name: &str) -> bool {
        self.package.as_ref().is_some_and(|package| package.dependencies.iter().any(|d| d.name == name))
    }

    fn next_steps(&self, out: &Path, pulled: &Pulled) -> Vec<String> {
        let mut steps = Vec::new();
        let core = self.package.as_ref().and_then(|package| {
            package.dependencies.iter().find(|dependency| dependency.name == "schema-core")
        });
        let features: Vec<&str> = pulled
            .crates
            .iter()
            .map(|krate| krate.name())
            .filter(|name| !core.is_some_and(|core| core.features.iter().any(|feature| feature == name)))
            .collect();
        let others: Vec<&str> =
            pulled.crates.iter().map(|krate| krate.name()).filter(|name| !self.depends_on(name)).collect();
        if !others.is_empty() {
            steps.push(format!("`cargo add {}`", others.join(" ")));
        }
        match (core.is_some(), features.is_empty()) {
            (true, true) => {}
            (false, true) => steps.push("`cargo add schema-core`".to_owned()),
            (_, false) => steps.push(format!("`cargo add schema-core --features {}`", features.join(","))),
        }
        let name = out.file_name().unwrap_or_default().display().to_string();
        steps.push(format!(
            "`mod {name};` in the file above it makes {} a part of the program",
            self.folder(out)
        ));
        steps
    }
}
