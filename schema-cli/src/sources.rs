//! From the words for sources to their Catalogs: which of cargo, the migrations, a database and scratch each needs.

use crate::args::{CargoArgs, Global};
use crate::extract::{Extracted, extract};
use crate::report::Report;
use crate::settings::Settings;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::declare;
use schema_core::engine::error::Error;
use schema_core::engine::managed::Managed;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::source::{Source, read_files, read_live, read_whole};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::rename::Rename;
use std::thread;

/// What every source can need.
#[derive(Clone, Copy)]
pub(crate) struct Needs<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) global: &'a Global,
    pub(crate) cargo: &'a CargoArgs,
    pub(crate) report: Report,
    /// What is read of grants, owners and roles.
    pub(crate) managed: &'a Managed,
}

/// A word for a source, and the flag or argument that it was given to.
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) argument: &'static str,
}

/// What was read.
pub(crate) struct Read {
    pub(crate) catalog: Catalog,
    /// The renames that the code says.
    pub(crate) renames: Vec<Rename>,
}

/// Reads sources. Databases are read at the same time; what scratch prints is printed by their major, if it is here.
pub(crate) fn read<const N: usize>(words: [Word<'_>; N], needs: Needs<'_>) -> Result<[Read; N], Error> {
    let mut sources = Vec::with_capacity(N);
    for word in &words {
        sources.push(Source::parse(word.text)?);
    }
    let mut targets = Vec::with_capacity(N);
    for (source, word) in sources.iter().zip(&words) {
        targets.push(match source {
            Source::Live(url) => Some(needs.settings.target_of(url, word.argument)?),
            Source::Code | Source::Migrations | Source::Empty | Source::Sql(_) => None,
        });
    }
    let declared = sources.iter().any(|source| matches!(source, Source::Code | Source::Migrations));
    let mut reads = live(&targets, declared, needs)?;
    let major = reads.iter().flatten().map(|read| major(&read.catalog)).next();
    let mut bench = None;
    for (read, source) in reads.iter_mut().zip(&sources).filter(|(read, _)| read.is_none()) {
        let bench = match &mut bench {
            Some(bench) => bench,
            None => bench.insert(workbench(needs.settings, major, needs.managed)?),
        };
        *read = Some(scratch(source, bench, needs)?);
    }
    if let Some(bench) = &mut bench {
        tell_times(bench, needs.report);
    }
    let reads: Vec<Read> = reads.into_iter().flatten().collect();
    reads.try_into().map_err(|_| Error::failed("a source was not read"))
}

/// What took how long, for `--verbose`.
pub(crate) fn tell_times(bench: &mut Workbench, report: Report) {
    for (what, time) in bench.take_times() {
        report.detail(&format!("{:>5} ms  {what}", time.as_millis()));
    }
}

/// The major version of the server that printed a Catalog.
pub(crate) fn major(catalog: &Catalog) -> u32 {
    catalog.server_version / 10_000
}

/// Scratch of this major, unless schema.toml names another.
pub(crate) fn workbench(
    settings: &Settings,
    major: Option<u32>,
    managed: &Managed,
) -> Result<Workbench, Error> {
    let mut options = settings.scratch()?;
    options.major = options.major.or(major.and_then(|major| u16::try_from(major).ok()));
    Ok(Workbench::new(options).managing(managed.clone()))
}

/// What other tools record of their migrations is no part of a schema that code or migrations declare.
fn live(targets: &[Option<Target>], declared: bool, needs: Needs<'_>) -> Result<Vec<Option<Read>>, Error> {
    let ledger_schema = needs.settings.run_options().ledger_schema;
    let options = ReadOptions::from(needs.managed);
    let read = &|target| {
        let read = if declared { read_live } else { read_whole };
        let catalog = read(target, &ledger_schema, &options)?;
        Ok(Read { catalog, renames: Vec::new() })
    };
    thread::scope(|scope| {
        let begin = |target| scope.spawn(move || read(target));
        let reads: Vec<_> = targets.iter().map(|target| target.as_ref().map(begin)).collect();
        let end = |read: thread::ScopedJoinHandle<'_, Result<Read, Error>>| {
            read.join().unwrap_or_else(|_| Err(Error::failed("reading the database broke off")))
        };
        reads.into_iter().map(|read| read.map(end).transpose()).collect()
    })
}

fn scratch(source: &Source, bench: &mut Workbench, needs: Needs<'_>) -> Result<Read, Error> {
    let mut renames = Vec::new();
    let catalog = match source {
        Source::Code => {
            let declared = declare(&build(needs)?.records)?;
            let catalog = bench.declared(&declared, None)?;
            renames = declared.renames;
            catalog
        }
        Source::Migrations => bench.recorded(&needs.settings.history()?)?,
        Source::Empty => bench.loaded(&[])?,
        Source::Sql(path) => bench.loaded(&read_files(path)?)?,
        Source::Live(_) => return Err(Error::failed("a live database is not read on scratch")),
    };
    Ok(Read { catalog, renames })
}

/// Builds the user's crate, and takes the records out of it.
pub(crate) fn build(needs: Needs<'_>) -> Result<Extracted, Error> {
    let Needs { settings, global, cargo, report, managed: _ } = needs;
    let mut options = cargo.build_options(global, &settings.package, &settings.features);
    options.directory = settings.project();
    let extracted = extract(&options)?;
    report.detail(&format!("cargo took {} ms", extracted.cargo_time.as_millis()));
    Ok(extracted)
}
