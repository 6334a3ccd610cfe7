//! `schema baseline`: takes over a database that exists already.

use crate::args::Global;
use crate::args::back::{BaselineAllow, BaselineArgs};
use crate::progress::Progress;
use crate::report::{self, GOOD, Outcome, Report};
use crate::settings::{Settings, now};
use crate::sources::{self, major};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, NewMigration};
use schema_core::engine::history::{History, Migration};
use schema_core::engine::postgres::baseline::{self, record, refuse_differences};
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::predecessor::{self, Predecessor};
use schema_core::engine::postgres::prove::difference;
use schema_core::engine::postgres::run::{self, wanted};
use schema_core::engine::postgres::source::{read_live, remove_bookkeeping};
use schema_core::engine::postgres::status::State;
use schema_core::engine::postgres::workbench::Workbench;
use serde_json::{Value, json};

/// What one call is about.
struct Call<'a> {
    args: &'a BaselineArgs,
    settings: &'a Settings,
    target: Target,
    live: Catalog,
    predecessors: Vec<Predecessor>,
    report: Report,
}

/// Runs the command.
pub(crate) fn run(global: &Global, args: &BaselineArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history_or_none()?;
    let target = settings.target(report)?;
    let mut client = target.connect()?;
    let status = run::status(&mut client, &history, &settings.run_options())?;
    let missing: Vec<&str> =
        status.migrations.iter().filter(|m| m.state == State::Missing).map(|m| m.id.as_str()).collect();
    if !missing.is_empty() {
        return Err(Error::refused(format!(
            "nothing was recorded: the database has run migrations that are not here: {}",
            missing.join(", ")
        ))
        .next("get their folders (another branch, another project?): this database is taken over already"));
    }
    let predecessors = predecessor::find(&mut client)?;
    drop(client);
    let managed = settings.managed(history.0.is_empty());
    let options = ReadOptions::from(&managed);
    let live = read_live(&target, &settings.run_options().ledger_schema, &options)?;
    let mut bench = sources::workbench(&settings, Some(major(&live)), &managed)?;
    let call = Call { args, settings: &settings, target, live, predecessors, report };
    for found in &call.predecessors {
        report.say(&told(found));
    }
    let progress = Progress::new(report);
    progress.busy("comparing with scratch");
    let result = call.folder(&mut bench).and_then(|()| match history.0.as_slice() {
        [] => call.begin(&mut bench),
        _some => call.adopt(&history, &mut bench),
    });
    progress.clear();
    sources::tell_times(&mut bench, report);
    result
}

fn told(found: &Predecessor) -> String {
    let last = found.applied.last().map(|ran| format!(", the last {}", ran.name)).unwrap_or_default();
    format!(
        "{} has migrated this database: {} applied{last} ({}); its table is left alone",
        found.tool.name(),
        found.applied.len(),
        found.table
    )
}

impl Call<'_> {
    fn allows_differences(&self) -> bool {
        self.args.allow.contains(&BaselineAllow::Differences)
    }

    /// Whether the folder of the other tool adds up to the database.
    fn folder(&self, bench: &mut Workbench) -> Result<(), Error> {
        if let Some(found) = self.predecessors.iter().find(|found| !found.broken.is_empty()) {
            return Err(Error::refused(format!(
                "nothing was recorded: {} says that these did not end well: {}",
                found.tool.name(),
                found.broken.join(", ")
            ))
            .next("settle that with the tool itself first"));
        }
        let Some(path) = &self.args.from_folder else { return Ok(()) };
        let [found] = self.predecessors.as_slice() else {
            let names: Vec<&str> = self.predecessors.iter().map(|found| found.tool.name()).collect();
            let what = match names.as_slice() {
                [] => "in the database there is no table of drizzle-kit, sqlx, diesel, refinery, Prisma or Flyway"
                    .to_owned(),
                names => format!("several tools have migrated this database: {}", names.join(", ")),
            };
            return Err(Error::usage(format!("--from-folder: {what}")).next("leave --from-folder out"));
        };
        let tool = found.tool.name();
        let folder = predecessor::read_folder(found, path)?;
        for (what, files) in [
            ("is another file now than what ran", &folder.edited),
            ("has run, and is not in the folder", &folder.missing),
        ] {
            for file in files {
                self.report.warn(&format!("{file} {what}"));
            }
        }
        if !folder.pending.is_empty() {
            return Err(Error::refused(format!(
                "nothing was recorded: of the folder of {tool} this has not run: {}",
                folder.pending.join(", ")
            ))
            .next(format!("run it with {tool} first, or take it out of the folder")));
        }
        let mut replayed = bench.loaded(&folder.files)?;
        remove_bookkeeping(&mut replayed, &self.settings.run_options().ledger_schema);
        let (live, replayed) = bench.managed().clone().pair(self.live.clone(), replayed);
        let lines = difference(&live, &replayed);
        if lines.is_empty() {
            self.report
                .say(&format!("{} of {tool} add up to the database", super::migrations(folder.files.len())));
        } else if !self.allows_differences() {
            let sides = format!(
                "the folder of {tool} does not add up to the database (- is the database, + is what the folder adds up to)"
            );
            return Err(refuse_differences(&lines, &sides));
        }
        Ok(())
    }

    /// Writes the first migration.
    fn begin(&self, bench: &mut Workbench) -> Result<Outcome, Error> {
        if let Some(id) = &self.args.id {
            return Err(Error::usage(format!("there is no migration {id}, nor any other"))
                .next("without an ID the first one is made from what the database has"));
        }
        let tool = env!("CARGO_PKG_VERSION");
        let begun = baseline::begin(bench, &self.live, &self.args.name, now(), tool)?;
        let texts = &begun.texts;
        let folder = self.settings.migrations.join(&texts.id);
        let report = self.report;
        report.result(&format!(
            "{}\n\n{}\n",
            folder.join("up.sql").display(),
            report::highlighted(&texts.up)
        ));
        for line in &begun.unmodeled {
            report.warn(&format!("not managed yet, so it is not in the migration: {line}"));
        }
        let recorded = if self.args.dry_run {
            Vec::new()
        } else {
            let new = NewMigration { id: &texts.id, up: &texts.up, down: Some(&texts.down) };
            files::add(&self.settings.migrations, &new)?;
            let migration =
                Migration::read(&texts.id, &folder.display().to_string(), &texts.up, Some(&texts.down))?;
            report.say(&format!("{GOOD}written{GOOD:#}: {}", folder.display()));
            self.record(&History(vec![migration]))?
        };
        if self.args.dry_run {
            report.say(&format!("proven, not written (--dry-run): {}", folder.display()));
        } else {
            report.say(
                "next: `schema pull` writes the Rust code; on other databases `schema baseline` records it",
            );
        }
        report.object(&self.object(&recorded, Some(&folder.display().to_string()), &[], &begun.unmodeled));
        Ok(if begun.unmodeled.is_empty() { Outcome::Fine } else { Outcome::Findings })
    }

    /// Records migrations that are there.
    fn adopt(&self, history: &History, bench: &mut Workbench) -> Result<Outcome, Error> {
        let id = match (&self.args.id, history.0.as_slice()) {
            (Some(id), _) => id.clone(),
            (None, [only]) => only.id.clone(),
            (None, _) => {
                return Err(Error::usage(
                    "which of the migrations is the last that the database has already?",
                )
                .next("schema baseline ID"));
            }
        };
        let history = History(history.0[..wanted(history, Some(&id))?].to_vec());
        let lines = baseline::compare(bench, &self.live, &history)?;
        if !lines.is_empty() && !self.allows_differences() {
            let sides = "the database is not what the migrations add up to (- is the database, + is what they add up to)";
            return Err(refuse_differences(&lines, sides));
        }
        let recorded = if self.args.dry_run { Vec::new() } else { self.record(&history)? };
        if self.args.dry_run {
            let ids: Vec<&str> = history.0.iter().map(|migration| migration.id.as_str()).collect();
            self.report.say(&format!("would be recorded as applied (--dry-run): {}", ids.join(", ")));
        }
        self.report.object(&self.object(&recorded, None, &lines, &[]));
        Ok(Outcome::Fine)
    }

    fn record(&self, migrations: &History) -> Result<Vec<String>, Error> {
        let detail = match self.predecessors.as_slice() {
            [] => "it was recorded without being run".to_owned(),
            [found, ..] => {
                let count = found.applied.len();
                format!("it was recorded without being run, after {count} of {}", found.tool.name())
            }
        };
        let mut client = self.target.connect_directly()?;
        let mut progress = Progress::new(self.report);
        let options = self.settings.run_options();
        let recorded = record(&mut client, migrations, &detail, &options, &mut |event| progress.tell(event))?;
        let place = self.target.display();
        match recorded.as_slice() {
            [] => self.report.say(&format!("nothing to record: all of it is recorded in {place}")),
            ids => {
                self.report.say(&format!("{GOOD}recorded as applied{GOOD:#} in {place}: {}", ids.join(", ")))
            }
        }
        Ok(recorded)
    }

    fn object(
        &self,
        recorded: &[String],
        folder: Option<&str>,
        differences: &[String],
        unmodeled: &[String],
    ) -> Value {
        let predecessors: Vec<Value> = self
            .predecessors
            .iter()
            .map(|found| {
                let applied: Vec<&str> = found.applied.iter().map(|ran| ran.name.as_str()).collect();
                json!({"tool": found.tool.name(), "table": found.table, "applied": applied})
            })
            .collect();
        json!({
            "database": self.target.display(),
            "dry_run": self.args.dry_run,
            "predecessors": predecessors,
            "folder": folder,
            "recorded": recorded,
            "differences": differences,
            "unmodeled": unmodeled,
        })
    }
}
