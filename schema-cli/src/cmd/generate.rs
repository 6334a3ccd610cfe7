//! `schema generate`: writes the migration from what the migrations add up to, to what the Rust code says.

mod adopt;
mod custom;

use crate::args::{GenerateArgs, Global};
use crate::editor;
use crate::extract::Extracted;
use crate::objects;
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{self, DIM, GOOD, Outcome, Report};
use crate::settings::{Settings, now};
use crate::sources::{self, Needs};
use schema_core::engine::declared::declare;
use schema_core::engine::draft::Answers;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, NewMigration, SNAPSHOT};
use schema_core::engine::hazard::Hazard;
use schema_core::engine::id::ObjectId;
use schema_core::engine::postgres::generate::{self, Generated, Person, Request};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::rename::Question;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &GenerateArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let prompt = Prompt::new(global, report);
    if args.custom {
        return custom::run(&settings, args, &prompt, report);
    }
    if let Some(from) = &args.from {
        return adopt::run(&settings, args, from, &prompt, report);
    }
    let editor = if args.edit { Some(editor::find(&prompt)?) } else { None };
    let managed = settings.managed(true);
    let needs = Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed };
    let extracted = sources::build(needs)?;
    let written = write(&settings, args, &extracted, &prompt, report)?;
    if let (Some(editor), Some(folder)) = (editor, written) {
        editor.open(&[folder.join("up.sql"), folder.join("down.sql")])?;
        report.say("next: if you have edited it, `schema prove` runs it up and down again");
    }
    Ok(Outcome::Fine)
}

/// Compares, proves and writes; gives the folder that was written.
fn write(
    settings: &Settings,
    args: &GenerateArgs,
    extracted: &Extracted,
    prompt: &Prompt,
    report: Report,
) -> Result<Option<PathBuf>, Error> {
    let begun = Instant::now();
    let scratch = settings.scratch()?;
    let preferred = scratch.major;
    let mut bench = Workbench::new(scratch).managing(settings.managed(true));
    if bench.is_untouched(&extracted.records, &settings.migrations) {
        report.detail(&format!("{:>5} ms  compare with the last run", begun.elapsed().as_millis()));
        equal(report, false);
        return Ok(None);
    }
    let declared = declare(&extracted.records)?;
    let history = settings.history_or_none()?;
    let snapshot = files::read_snapshot(&settings.migrations)?;
    let request = Request {
        declared: &declared,
        history: &history,
        snapshot: snapshot.as_deref(),
        name: args.name.as_deref(),
        now: now(),
        tool: env!("CARGO_PKG_VERSION"),
        park: args.park || settings.parks(),
    };
    let mut terminal = Terminal { prompt, progress: Progress::new(report), report };
    let outcome = generate::generate(&mut bench, &request, answers(settings, args), &mut terminal);
    terminal.progress.clear();
    sources::tell_times(&mut bench, report);
    if let (Some(major), Some(server)) = (preferred, bench.used_server())
        && major != server.major
    {
        report.detail(&format!(
            "note: scratch-major is {major}, but scratch is {server}: it may print expressions in other words"
        ));
    }
    let outcome = outcome?;
    report.detail(&format!("compared and proved in {} ms", begun.elapsed().as_millis()));
    let complete = match &outcome {
        generate::Outcome::Equal { .. } => true,
        generate::Outcome::Ahead(generated) => generated.unmodeled.is_empty(),
    };
    let written = match outcome {
        generate::Outcome::Equal { snapshot } => {
            if let Some(text) = snapshot.as_ref().filter(|_| !args.dry_run) {
                files::write_snapshot(&settings.migrations, text)?;
                report
                    .say(&format!("{} is brought up to date", settings.migrations.join(SNAPSHOT).display()));
            }
            equal(report, snapshot.is_some() && !args.dry_run);
            None
        }
        generate::Outcome::Ahead(generated) => {
            finish(settings, args, &generated, report)?;
            (!args.dry_run).then(|| settings.migrations.join(&generated.texts.id))
        }
    };
    if !args.dry_run && complete {
        bench.leave_untouched(&extracted.records, &settings.migrations);
    }
    Ok(written)
}

/// What the arguments answer beforehand.
fn answers(settings: &Settings, args: &GenerateArgs) -> Answers {
    Answers {
        renames: args.rename.clone(),
        drops: args.drop.clone(),
        allow: args.allow.iter().copied().collect(),
        plain: args.plain || settings.plain(),
    }
}

fn equal(report: Report, snapshot_written: bool) {
    report.say("nothing to generate: the migrations add up to what the code declares");
    report.object(&json!({"changed": false, "snapshot_written": snapshot_written}));
}

/// Shows the migration, and writes it unless this is a dry run.
fn finish(
    settings: &Settings,
    args: &GenerateArgs,
    generated: &Generated,
    report: Report,
) -> Result<(), Error> {
    let texts = &generated.texts;
    let folder = settings.migrations.join(&texts.id);
    show("the code is ahead of the migrations:", generated, &folder, report);
    if !args.dry_run {
        let migration = NewMigration { id: &texts.id, up: &texts.up, down: Some(&texts.down) };
        files::write(&settings.migrations, &migration, &generated.snapshot)?;
    }
    report.detail(&format!("proven on {}", generated.server));
    let written = if args.dry_run { "proven, not written (--dry-run)" } else { "proven and written" };
    report.say(&format!("{GOOD}{written}{GOOD:#}: {}", folder.display()));
    if !args.dry_run {
        report.say("next: review up.sql and down.sql, then `schema migrate` applies it");
    }
    report.object(&object(generated, &folder, args.dry_run));
    Ok(())
}

/// Shows what changes, and the text of `up.sql`.
pub(super) fn show(title: &str, generated: &Generated, folder: &Path, report: Report) {
    report.say(title);
    for (verb, id) in &generated.draft.changes {
        let place = generated.origins.get(id).map(|at| format!("  {DIM}{at}{DIM:#}")).unwrap_or_default();
        report.say(&format!("  {verb:<6} {id}{place}"));
    }
    report.say("");
    let up = report::highlighted(&generated.texts.up);
    report.result(&format!("{}\n\n{up}\n", folder.join("up.sql").display()));
    for line in &generated.unmodeled {
        report.warn(&format!("not managed yet, write its SQL by hand: {line}"));
    }
}

pub(super) fn object(generated: &Generated, folder: &Path, dry_run: bool) -> Value {
    json!({
        "changed": true,
        "written": !dry_run,
        "id": generated.texts.id,
        "folder": folder.display().to_string(),
        "up": generated.texts.up,
        "down": generated.texts.down,
        "changes": objects::changes(&generated.draft.changes, &generated.origins),
        "steps": objects::steps(generated.draft.up.steps(), &generated.origins),
        "unmodeled": generated.unmodeled,
        "proven_on": {"version": generated.server.version, "major": generated.server.major,
            "server": generated.server.to_string()},
    })
}

/// The person at the terminal, or nobody.
pub(super) struct Terminal<'a> {
    pub(super) prompt: &'a Prompt,
    pub(super) progress: Progress,
    pub(super) report: Report,
}

impl Person for Terminal<'_> {
    fn name(&mut self, suggestion: &str) -> Result<String, Error> {
        self.progress.clear();
        if !self.prompt.asks() {
            return Ok(suggestion.to_owned());
        }
        self.prompt.ask_name(suggestion).ok_or_else(given_up)
    }

    fn rename(&mut self, question: &Question) -> Result<Option<Option<ObjectId>>, Error> {
        self.progress.clear();
        if !self.prompt.asks() {
            return Ok(None);
        }
        self.prompt.rename(question).map(Some).ok_or_else(given_up)
    }

    fn may_lose(&mut self, losses: &[&Hazard]) -> Result<bool, Error> {
        self.progress.clear();
        if !self.prompt.asks() {
            return Ok(false);
        }
        for loss in losses {
            self.report.warn(&format!("{}: {}", loss.of, loss.why));
        }
        self.prompt.confirm("This migration loses data. Write it?").ok_or_else(given_up)
    }

    fn doing(&mut self, what: &str) {
        self.progress.busy(what);
    }
}

fn given_up() -> Error {
    Error::refused("there was no answer, so nothing was written")
}
