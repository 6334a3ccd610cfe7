//! `schema lint`: what in the migrations and in the declared schema can hurt.

use crate::args::{Global, LintArgs};
use crate::config::lint::known;
use crate::findings;
use crate::report::{Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::{Declared, declare};
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, Texts};
use schema_core::engine::findings::{Count, Finding, RuleText};
use schema_core::engine::history::{History, rfc3339, stamp};
use schema_core::engine::lint::config::{Config, Profile};
use schema_core::engine::lint::docs::{self, word};
use schema_core::engine::lint::rules::RULES;
use schema_core::engine::lint::unit::{Part, Unit};
use schema_core::engine::lint::usage::Usage;
use schema_core::engine::lint::{Input, Linted, doubtful, is_since, lint, rule};
use schema_core::engine::nearest::nearest;
use schema_core::engine::postgres::observe::observe;
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::status::Status;
use schema_core::engine::postgres::usage::usage;
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::record::Records;
#[cfg(feature = "studio")]
use schema_core::engine::{lint::locks_taken, name::QName, step::LockMode};
use serde_json::{Map, Value, json};
#[cfg(feature = "studio")]
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &LintArgs, report: Report) -> Result<Outcome, Error> {
    if let Some(name) = &args.explain {
        return explain(name, report);
    }
    if args.list {
        report.result(&docs::list());
        report.object(&list());
        return Ok(Outcome::Fine);
    }
    let settings = Settings::load(global, report)?;
    let config = config(&settings, args.profile)?;
    let mut bench = sources::workbench(&settings, None, &settings.managed(true))?;
    let mut files = Files::default();
    if !args.code_only {
        files = select(&settings, args, &config)?;
        if !args.no_observe {
            look(&mut bench, &mut files, report)?;
        }
    }
    let code = args.what.is_empty() && !args.no_code && (args.code_only || has_package(&settings));
    let declared = if code { Some(declared(&mut bench, &settings, global, args, report)?) } else { None };
    let live = if settings.names_database() { Some(live(&settings, report)?) } else { None };
    let linted = lint(&Input {
        history: !args.code_only,
        status: live.as_ref().map(|(status, _)| status),
        usage: live.as_ref().map(|(_, usage)| usage),
        catalog: declared.as_ref().map(|(_, catalog)| catalog),
        allowed: declared.as_ref().map_or(&[], |(declared, _)| &declared.allowed),
        ..files.input(&config)
    });
    Ok(show(&linted, &files, config.profile, args.strict, report))
}

/// What `schema check` says of the migrations and the declared schema beside its own rules.
pub(crate) fn of_project(
    bench: &mut Workbench,
    settings: &Settings,
    records: &Records,
    own: &[RuleText],
    report: Report,
) -> Result<Vec<Finding>, Error> {
    let config = config(settings, None)?;
    let mut files = Files::default();
    if settings.migrations.exists() {
        files = select(settings, &LintArgs::default(), &config)?;
        look(bench, &mut files, report)?;
    }
    let declared = declare(records)?;
    let catalog = bench.declared(&declared, None)?;
    let linted = lint(&Input { catalog: Some(&catalog), allowed: &declared.allowed, ..files.input(&config) });
    let others = |finding: &Finding| !own.iter().any(|rule| rule.name == finding.rule);
    Ok(linted.findings.into_iter().filter(others).collect())
}

/// What is said of some migrations: by their ids.
#[cfg(feature = "studio")]
pub(crate) struct Looked {
    pub(crate) findings: Vec<(String, Finding)>,
    pub(crate) locks: BTreeMap<String, BTreeMap<QName, LockMode>>,
}

/// Looks at these migrations alone.
#[cfg(feature = "studio")]
pub(crate) fn of_migrations(
    settings: &Settings,
    bench: &mut Workbench,
    ids: &[String],
    allowed: &[schema_core::engine::declared::Allowed],
    report: Report,
) -> Result<Looked, Error> {
    let mut looked = Looked { findings: Vec::new(), locks: BTreeMap::new() };
    if ids.is_empty() {
        return Ok(looked);
    }
    let config = config(settings, None)?;
    let args = LintArgs { what: ids.to_vec(), ..LintArgs::default() };
    let mut files = select(settings, &args, &config)?;
    look(bench, &mut files, report)?;
    let linted = lint(&Input { allowed, ..files.input(&config) });
    let of = |finding: &Finding| {
        let file = &finding.place.as_ref()?.file;
        files.units.iter().find(|unit| unit.file == *file)?.migration.clone()
    };
    looked.findings =
        linted.findings.into_iter().filter_map(|finding| Some((of(&finding)?, finding))).collect();
    for (unit, locks) in files.units.iter().zip(locks_taken(&files.units, &files.selected)) {
        if let Some(id) = unit.migration.as_ref().filter(|_| unit.part == Part::Up && !locks.is_empty()) {
            looked.locks.insert(id.clone(), locks);
        }
    }
    Ok(looked)
}

/// What schema.toml asks for, today.
fn config(settings: &Settings, profile: Option<Profile>) -> Result<Config, Error> {
    let mut config = settings.lint(profile)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    config.today = rfc3339(now).split('T').next().map(ToOwned::to_owned);
    config.now = Some(stamp(now));
    Ok(config)
}

/// What is linted, and what is only read.
#[derive(Default)]
struct Files {
    units: Vec<Unit>,
    selected: Vec<bool>,
    texts: Vec<Texts>,
}

impl Files {
    /// These files alone: without a database, a declared schema and what is said of a history as a whole.
    fn input<'a>(&'a self, config: &'a Config) -> Input<'a> {
        Input {
            units: &self.units,
            selected: &self.selected,
            history: false,
            status: None,
            usage: None,
            catalog: None,
            allowed: &[],
            config,
        }
    }
}

/// The files that the arguments mean, among all that tell what is there before.
fn select(settings: &Settings, args: &LintArgs, config: &Config) -> Result<Files, Error> {
    let folder = &settings.migrations;
    let texts = if folder.exists() || args.what.is_empty() { files::texts(folder)? } else { Vec::new() };
    let mut units = Unit::of_migrations(&texts)?;
    let since =
        |unit: &Unit| unit.migration.as_deref().is_some_and(|id| is_since(id, config.since.as_deref()));
    let mut selected: Vec<bool> = units.iter().map(|unit| args.what.is_empty() && since(unit)).collect();
    for what in &args.what {
        let path = Path::new(what);
        if path.extension().is_some_and(|extension| extension == "sql") {
            match units.iter().position(|unit| same_file(Path::new(&unit.file), path)) {
                Some(index) => selected[index] = true,
                None => {
                    let text = std::fs::read_to_string(path)
                        .map_err(|error| Error::usage(format!("{what} cannot be read: {error}")))?;
                    units.push(Unit::read(what, Part::Loose, None, &text)?);
                    selected.push(true);
                }
            }
            continue;
        }
        let meant = |unit: &Unit| unit.migration.as_deref().is_some_and(|id| id.starts_with(what.as_str()));
        let mut any = false;
        for (unit, selected) in units.iter().zip(&mut selected).filter(|(unit, _)| meant(unit)) {
            any |= unit.part == Part::Up;
            *selected = true;
        }
        if !any {
            let ids = texts.iter().map(|migration| migration.id.as_str());
            let hint = nearest(what, ids).map_or_else(String::new, |near| format!("; did you mean {near}?"));
            return Err(Error::usage(format!("there is no migration {what}{hint}"))
                .next("give the name of a migration, or the path of a .sql file"));
        }
    }
    Ok(Files { units, selected, texts })
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// What the texts do not tell is observed on scratch.
fn look(bench: &mut Workbench, files: &mut Files, report: Report) -> Result<(), Error> {
    let open = doubtful(&files.units, &files.selected);
    if open.is_empty() {
        return Ok(());
    }
    let history = files
        .texts
        .iter()
        .map(|m| schema_core::engine::history::Migration::read(&m.id, &m.folder, &m.up, m.down.as_deref()));
    // What a run would refuse is found by rules; then nothing is observed.
    let Ok(history) = history.collect::<Result<Vec<_>, _>>() else { return Ok(()) };
    report.detail(&format!("{} statements are observed on scratch", open.len()));
    if let Err(error) = observe(bench, &History(history), &mut files.units, &open) {
        report.warn(&format!("what the texts do not tell was not observed: {error}"));
    }
    sources::tell_times(bench, report);
    Ok(())
}

/// Whether there is something to build.
fn has_package(settings: &Settings) -> bool {
    let root = settings.project().unwrap_or_default();
    let full = std::path::absolute(if root.as_os_str().is_empty() { Path::new(".") } else { &root });
    full.is_ok_and(|full| full.ancestors().any(|above| above.join("Cargo.toml").exists()))
}

fn declared(
    bench: &mut Workbench,
    settings: &Settings,
    global: &Global,
    args: &LintArgs,
    report: Report,
) -> Result<(Declared, Catalog), Error> {
    let managed = settings.managed(true);
    let needs = Needs { settings, global, cargo: &args.cargo, report, managed: &managed };
    let declared = declare(&sources::build(needs)?.records)?;
    let catalog = bench.declared(&declared, None);
    sources::tell_times(bench, report);
    Ok((declared, catalog?))
}

/// What the database says of the history, and of its use.
fn live(settings: &Settings, report: Report) -> Result<(Status, Usage), Error> {
    let history = settings.history_or_none()?;
    let mut client = settings.target(report)?.connect()?;
    let status = run::status(&mut client, &history, &settings.run_options())?;
    Ok((status, usage(&mut client)?))
}

fn show(linted: &Linted, files: &Files, profile: Profile, strict: bool, report: Report) -> Outcome {
    let read = files.selected.iter().filter(|selected| **selected).count();
    let waived: Vec<Value> =
        linted.waived.iter().map(|(finding, reason)| json!({"finding": finding, "reason": reason})).collect();
    let mut more = Map::new();
    more.insert("profile".to_owned(), json!(profile.name()));
    more.insert("files".to_owned(), json!(read));
    more.insert("waived".to_owned(), json!(waived));
    let outcome = findings::show(report, &linted.findings, &docs::texts(), strict, more);
    let mut last = Count::of(&linted.findings).to_string();
    if !linted.waived.is_empty() {
        last += &format!(", {} waived", linted.waived.len());
    }
    report.say(&format!("{last}, in {read} file{}", if read == 1 { "" } else { "s" }));
    if let Some(finding) = linted.findings.iter().max_by_key(|finding| finding.severity) {
        report.say(&format!("next: `schema lint --explain {}` says more", finding.rule));
    }
    outcome
}

fn explain(name: &str, report: Report) -> Result<Outcome, Error> {
    known(name)?;
    if let Some(rule) = rule(name) {
        report.result(&docs::explain(rule));
        report.object(
            &json!({"rule": rule.name, "group": rule.group.title(), "documentation": docs::explain(rule)}),
        );
    }
    Ok(Outcome::Fine)
}

fn list() -> Value {
    let rule = |rule: &schema_core::engine::lint::rule::Rule| {
        let levels: Map<String, Value> = Profile::ALL
            .iter()
            .map(|profile| (profile.name().to_owned(), json!(word(rule.levels.of(*profile)))))
            .collect();
        json!({"rule": rule.name, "group": rule.group.title(), "summary": rule.summary, "levels": levels})
    };
    json!({"rules": RULES.iter().map(rule).collect::<Vec<_>>()})
}
