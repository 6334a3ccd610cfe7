//! `schema push`: makes a database what the Rust code says, for whoever tries things out.

use crate::args::{Global, PushArgs};
use crate::objects;
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs};
use schema_core::engine::draft::Answers;
use schema_core::engine::error::Error;
use schema_core::engine::id::ObjectId;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::push::{self, Person, Push, Request, told};
use schema_core::engine::postgres::rows::Obstacle;
use schema_core::engine::postgres::run::Event;
use schema_core::engine::rename::Question;
use schema_core::engine::render;
use serde_json::{Value, json};

/// Runs the command.
pub(crate) fn run(global: &Global, args: &PushArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let target = settings.target(report)?;
    let major = push::major(&mut target.connect()?)?;
    let managed = settings.managed(true);
    let extracted =
        sources::build(Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed })?;
    let mut bench = sources::workbench(&settings, Some(major), &managed)?;
    let options = settings.run_options_with(args.lock_timeout, args.wait);
    let request = Request {
        records: &extracted.records,
        target: &target,
        options: &options,
        undeclared: settings.undeclared(),
        dry_run: args.dry_run,
    };
    let answers = Answers {
        renames: args.rename.clone(),
        drops: args.drop.clone(),
        allow: args.allow.iter().copied().collect(),
        plain: true,
    };
    let prompt = Prompt::new(global, report);
    let progress = Progress::new(report);
    let mut terminal = Terminal { prompt: &prompt, progress, report, args, target: &target };
    let pushed = push::push(&mut bench, &request, answers, &mut terminal);
    terminal.progress.clear();
    sources::tell_times(&mut bench, report);
    let pushed = pushed?;
    let place = target.display();
    if pushed.plan.is_empty() {
        report.say(&format!("nothing to push: {place} is what the code declares"));
    } else if args.dry_run {
        report.say(&format!("not applied (--dry-run) to {place}"));
    } else {
        report.say(&format!("{GOOD}pushed{GOOD:#} to {place}, and read back"));
    }
    report.object(&object(&pushed, &target, args.dry_run));
    Ok(Outcome::Fine)
}

fn object(push: &Push, target: &Target, dry_run: bool) -> Value {
    let kept: Vec<Value> =
        push.kept.iter().map(|id| json!({"kind": id.kind(), "object": id.short()})).collect();
    json!({
        "database": target.display(),
        "changed": !push.plan.is_empty() && !dry_run,
        "dry_run": dry_run,
        "changes": objects::changes(&push.changes, &push.origins),
        "sections": objects::sections(&push.plan, &push.origins),
        "sql": render::statements(&push.plan, &push.origins),
        "undeclared": kept,
        "unmodeled": push.unmodeled,
    })
}

/// The person at the terminal, or nobody.
struct Terminal<'a> {
    prompt: &'a Prompt,
    progress: Progress,
    report: Report,
    args: &'a PushArgs,
    target: &'a Target,
}

impl Person for Terminal<'_> {
    fn rename(&mut self, question: &Question) -> Result<Option<Option<ObjectId>>, Error> {
        self.progress.clear();
        if !self.prompt.asks() {
            return Ok(None);
        }
        self.prompt.rename(question).map(Some).ok_or_else(given_up)
    }

    fn drop_undeclared(&mut self, id: &ObjectId) -> Result<Option<bool>, Error> {
        self.progress.clear();
        if !self.prompt.asks() {
            return Ok(None);
        }
        let question = format!("{id} is in the database, and the code does not declare it. Drop it?");
        self.prompt.confirm(&question).map(Some).ok_or_else(given_up)
    }

    fn show(&mut self, push: &Push) {
        self.progress.clear();
        if push.migrated {
            self.report.warn(
                "migrations have run on this database; what is pushed is in none of them, and `schema migrate` may \
                 fail here later",
            );
        }
        if let Some((live, scratch)) = push.majors {
            self.report.warn(&format!(
                "the database is PostgreSQL {live}, and what the code declares was read on {scratch}: a difference in text \
                 alone may be none; --scratch server reads it on the database's own"
            ));
        }
        for line in &push.unmodeled {
            self.report.warn(&format!("not managed yet, so it stays as it is: {line}"));
        }
        if !push.kept.is_empty() {
            let kept: Vec<String> = push.kept.iter().map(ToString::to_string).collect();
            self.report
                .note(&format!("not declared, and left alone: {}; --drop NAME drops one", kept.join(", ")));
        }
        self.report.sql(&render::statements(&push.plan, &push.origins));
    }

    fn may_lose(&mut self, losses: &[Obstacle]) -> Result<bool, Error> {
        if !self.prompt.asks() {
            return Ok(false);
        }
        for loss in losses {
            self.report.warn(told(loss).join("\n").trim_start());
        }
        self.prompt.confirm("This push loses data. Go on?").ok_or_else(given_up)
    }

    fn go_on(&mut self, _push: &Push) -> Result<bool, Error> {
        if self.args.yes || !self.prompt.asks() {
            return Ok(true);
        }
        let question = format!("Apply this to {}?", self.target.display());
        self.prompt.confirm(&question).ok_or_else(given_up)
    }

    fn waiting(&mut self, event: &Event<'_>) {
        self.progress.tell(event);
    }
}

fn given_up() -> Error {
    Error::refused("there was no answer, so nothing was changed")
}
