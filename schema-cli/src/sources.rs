//! From the words for sources to their Catalogs: which of cargo, the migrations, a database and scratch each needs.

use crate::args::{CargoArgs, Global};
use crate::extract::{Extracted, extract};
use crate::report::Report;
use crate::settings::Settings;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::declare;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::source::{Source, read_files, read_live};
use schema_core::engine::postgres::workbench::Workbench;
use std::thread;

/// What every source can need.
#[derive(Clone, Copy)]
pub(crate) struct Needs<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) global: &'a Global,
    pub(crate) cargo: &'a CargoArgs,
    pub(crate) report: Report,
}

/// A word for a source, and the flag or argument that it was given to.
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) argument: &'static str,
}

/// Reads sources. Databases are read at the same time; what scratch prints is printed by their major, if it is here.
pub(crate) fn read<const N: usize>(words: [Word<'_>; N], needs: Needs<'_>) -> Result<[Catalog; N], Error> {
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
    let mut catalogs = live(&targets, &needs.settings.run_options().ledger_schema)?;
    let major = catalogs.iter().flatten().map(major).next();
    let mut bench = None;
    for (catalog, source) in catalogs.iter_mut().zip(&sources).filter(|(catalog, _)| catalog.is_none()) {
        let bench = match &mut bench {
            Some(bench) => bench,
            None => bench.insert(workbench(needs.settings, major)?),
        };
        *catalog = Some(scratch(source, bench, needs)?);
    }
    for (what, time) in bench.iter_mut().flat_map(Workbench::take_times) {
        needs.report.detail(&format!("{:>5} ms  {what}", time.as_millis()));
    }
    let catalogs: Vec<Catalog> = catalogs.into_iter().flatten().collect();
    catalogs.try_into().map_err(|_| Error::failed("a source was not read"))
}

/// The major version of the server that printed a Catalog.
pub(crate) fn major(catalog: &Catalog) -> u32 {
    catalog.server_version / 10_000
}

/// Scratch of this major, unless schema.toml names another.
pub(crate) fn workbench(settings: &Settings, major: Option<u32>) -> Result<Workbench, Error> {
    let mut options = settings.scratch()?;
    options.major = options.major.or(major.and_then(|major| u16::try_from(major).ok()));
    Ok(Workbench::new(options))
}

fn live(targets: &[Option<Target>], ledger_schema: &str) -> Result<Vec<Option<Catalog>>, Error> {
    thread::scope(|scope| {
        let reads: Vec<_> = targets
            .iter()
            .map(|target| target.as_ref().map(|target| scope.spawn(move || read_live(target, ledger_schema))))
            .collect();
        let ended = |read: thread::ScopedJoinHandle<'_, Result<Catalog, Error>>| {
            read.join().unwrap_or_else(|_| Err(Error::failed("reading the database broke off")))
        };
        reads.into_iter().map(|read| read.map(ended).transpose()).collect()
    })
}

fn scratch(source: &Source, bench: &mut Workbench, needs: Needs<'_>) -> Result<Catalog, Error> {
    match source {
        Source::Code => bench.declared(&declare(&build(needs)?.records)?, None),
        Source::Migrations => bench.recorded(&needs.settings.history()?),
        Source::Empty => bench.loaded(&[]),
        Source::Sql(path) => bench.loaded(&read_files(path)?),
        Source::Live(_) => Err(Error::failed("a live database is not read on scratch")),
    }
}

/// Builds the user's crate, and takes the records out of it.
pub(crate) fn build(needs: Needs<'_>) -> Result<Extracted, Error> {
    let Needs { settings, global, cargo, report } = needs;
    let mut options = cargo.build_options(global, &settings.package, &settings.features);
    options.directory = settings.project();
    let extracted = extract(&options)?;
    report.detail(&format!("cargo took {} ms", extracted.cargo_time.as_millis()));
    Ok(extracted)
}
