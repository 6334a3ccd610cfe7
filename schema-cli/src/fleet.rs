//! `schema migrate` for many databases, or for the tenants of one: who comes first, who is behind, how it ended.

use crate::args::{FleetArgs, Global, MigrateArgs};
use crate::progress::Progress;
use crate::report::{BAD, DIM, GOOD, Outcome, Report};
use crate::settings::Settings;
use schema_core::engine::error::{Class, Error};
use schema_core::engine::history::History;
use schema_core::engine::nearest::did_you_mean;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::dry::dry_run;
use schema_core::engine::postgres::fleet::{Ended, FleetOptions, each};
use schema_core::engine::postgres::run::{self, Allow, Event, RunOptions};
use schema_core::engine::postgres::tenant_proof;
use schema_core::engine::postgres::tenants::{self, Rollout, Standing};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::tenant::Template;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whether the arguments are about many.
pub(crate) fn is_meant(args: &FleetArgs) -> bool {
    args.tenants || !args.tenant.is_empty() || !args.all.is_empty() || args.databases.is_some()
}

/// Runs the command.
pub(crate) fn run(
    global: &Global,
    args: &MigrateArgs,
    settings: &Settings,
    options: &RunOptions,
    report: Report,
) -> Result<Outcome, Error> {
    let history = settings.history()?;
    if args.fleet.tenants || !args.fleet.tenant.is_empty() {
        of_tenants(global, args, settings, &history, options, report)
    } else {
        of_databases(global, args, settings, &history, options, report)
    }
}

fn of_databases(
    global: &Global,
    args: &MigrateArgs,
    settings: &Settings,
    history: &History,
    options: &RunOptions,
    report: Report,
) -> Result<Outcome, Error> {
    let targets = settings.targets(&args.fleet.all, args.fleet.databases.as_deref(), report)?;
    let mut names: Vec<String> = targets.keys().cloned().collect();
    let fleet = order(&mut names, &args.fleet)?;
    if args.dry_run {
        let mut objects = Vec::new();
        for (name, target) in &targets {
            let sql = dry_run(&mut target.connect()?, history, options)?.sql(global.verbose);
            report.result(&format!("-- {name}\n{sql}\n\n"));
            objects.push(json!({"name": name, "database": target.display(), "sql": sql}));
        }
        report.object(&json!({"dry_run": true, "databases": objects}));
        return Ok(Outcome::Fine);
    }
    let progress = Progress::many(report, names.len());
    let work = |(): &mut (), name: &str| {
        let target = &targets[name];
        let mut client = target.connect_directly()?;
        run::migrate(&mut client, history, options, &mut |event| tell_event(&progress, name, event))
    };
    let ended =
        each(&names, fleet, &|| Ok(()), &work, &|name, ended| tell_end(&progress, report, true, name, ended));
    progress.clear();
    let places: BTreeMap<&str, String> =
        targets.iter().map(|(name, target)| (name.as_str(), target.display())).collect();
    Ok(close("database", &names, &ended, 0, &|name| json!(places[name]), report))
}

fn of_tenants(
    global: &Global,
    args: &MigrateArgs,
    settings: &Settings,
    history: &History,
    options: &RunOptions,
    report: Report,
) -> Result<Outcome, Error> {
    let (name, source) = settings.tenants()?;
    let template = Template::new(history, &name)?;
    if !history.0.is_empty() && !template.is_used() {
        return Err(Error::usage(format!("no migration says anything about the schema {name}")).next(
            "[tenants] schema in schema.toml is the schema that the code and the migrations are written for",
        ));
    }
    let target = settings.target(report)?;
    let mut client = target.connect_directly()?;
    let mut standing = tenants::standing(&mut client, &source, &template, options)?;
    let known = standing.all.len();
    only(&mut standing, &args.fleet)?;
    let mut names = standing.behind.clone();
    let fleet = order(&mut names, &args.fleet)?;
    if args.dry_run {
        return dry(global, &template, &names, options, &target, report);
    }
    if names.is_empty() {
        report.say(&format!("nothing to apply: all of {} have everything", count(known, "tenant")));
        report.object(&object("tenant", &[], &[], known, &|_| Value::Null));
        return Ok(Outcome::Fine);
    }
    prove(settings, &template, options, report)?;
    let mut waiting = Progress::new(report);
    tenants::prepare(&mut client, history, options, &mut |event| waiting.tell(event))?;
    waiting.clear();
    let already = standing.all.len() - names.len();
    let progress = Progress::many(report, names.len());
    let rollout = Rollout { target: &target, template: &template, standing: &standing, options, fleet };
    let ended = rollout.migrate(
        &names,
        &|name, ended| tell_end(&progress, report, global.verbose || names.len() <= 20, name, ended),
        &|name, event| tell_event(&progress, name, event),
    );
    progress.clear();
    Ok(close("tenant", &names, &ended, already, &|_| json!(target.display()), report))
}

/// What cannot be proven is not run, unless that is allowed.
fn prove(
    settings: &Settings,
    template: &Template,
    options: &RunOptions,
    report: Report,
) -> Result<(), Error> {
    if options.allow.contains(&Allow::Unproven) {
        return Ok(());
    }
    let progress = Progress::new(report);
    progress.busy("proving the migrations for two tenants on scratch");
    let proven = tenant_proof::prove(&mut Workbench::new(settings.scratch()?), template);
    progress.clear();
    proven.map_err(|mut error| {
        let next = error.next.take();
        let unproven = "`--allow unproven` runs them all the same";
        error.next(next.map_or_else(|| unproven.to_owned(), |next| format!("{next}\n  or: {unproven}")))
    })
}

/// Of the tenants only those that were named.
fn only(standing: &mut Standing, args: &FleetArgs) -> Result<(), Error> {
    if args.tenant.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = standing.all.iter().map(String::as_str).collect();
    for name in &args.tenant {
        if !known.contains(&name.as_str()) {
            let hint = did_you_mean(name, &known);
            return Err(Error::usage(format!("there is no tenant {name}{hint}"))
                .next("a tenant is what [tenants] of schema.toml finds in the database"));
        }
    }
    standing.all.retain(|name| args.tenant.contains(name));
    standing.behind.retain(|name| args.tenant.contains(name));
    Ok(())
}

/// Who comes first.
fn order(names: &mut [String], args: &FleetArgs) -> Result<FleetOptions, Error> {
    let canaries = if let Ok(number) = args.canary.parse() {
        number
    } else if let Some(at) = names.iter().position(|name| *name == args.canary) {
        names[..=at].rotate_right(1);
        1
    } else if names.is_empty() {
        0
    } else {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let hint = did_you_mean(&args.canary, &known);
        return Err(Error::usage(format!("{} is not among those that are behind{hint}", args.canary))
            .next("--canary takes a name of these, or a number"));
    };
    Ok(FleetOptions { jobs: args.jobs.into(), canaries, keep_going: args.keep_going })
}

fn dry(
    global: &Global,
    template: &Template,
    names: &[String],
    options: &RunOptions,
    target: &Target,
    report: Report,
) -> Result<Outcome, Error> {
    let shown = if global.verbose { names.len() } else { 1 };
    let mut client = target.connect()?;
    let mut objects = Vec::new();
    for name in names.iter().take(shown) {
        let sql = tenants::dry_run(&mut client, template, name, options)?.sql(global.verbose);
        report.result(&format!("-- tenant {name}\n{sql}\n\n"));
        objects.push(json!({"name": name, "sql": sql}));
    }
    report.note(&format!(
        "{} behind{}",
        if names.len() == 1 { "1 tenant is".to_owned() } else { format!("{} tenants are", names.len()) },
        if names.len() > shown { "; --verbose shows the SQL of each" } else { "" }
    ));
    report
        .object(&json!({"database": target.display(), "dry_run": true, "behind": names, "tenants": objects}));
    Ok(Outcome::Fine)
}

fn tell_event(progress: &Progress, name: &str, event: &Event<'_>) {
    match event {
        Event::Waiting { .. } | Event::Retrying { .. } | Event::DroppedInvalid { .. } => {
            progress.tell_of(name, event);
        }
        Event::Started { .. }
        | Event::Finished { .. }
        | Event::Applied { .. }
        | Event::RolledBack { .. }
        | Event::Recognized { .. } => {}
    }
}

fn tell_end(progress: &Progress, report: Report, each: bool, name: &str, ended: &Ended<run::Report>) {
    progress.advance(name);
    progress.aside(|| match ended {
        Ended::Done(done, elapsed) if each => {
            let what = match done.applied.len() {
                0 => "nothing to apply".to_owned(),
                some => crate::cmd::migrations(some),
            };
            report.say(&format!("{GOOD}done{GOOD:#}    {name}  {what}  {} ms", elapsed.as_millis()));
        }
        Ended::Failed(error) => {
            report.note(&format!("{BAD}failed{BAD:#}  {name}: {}", error.to_string().replace('\n', "\n  ")));
        }
        Ended::Done(..) | Ended::NotTried => {}
    });
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The summary. What failed has been told; what was not reached is for the next run, which finds it by itself.
fn close(
    what: &str,
    names: &[String],
    ended: &[Ended<run::Report>],
    already: usize,
    place: &dyn Fn(&str) -> Value,
    report: Report,
) -> Outcome {
    let tally = Tally::of(ended);
    let mut parts = vec![format!("{} migrated", tally.applied)];
    for (number, words) in
        [(tally.idle + already, "had everything"), (tally.failed, "failed"), (tally.left, "not reached")]
    {
        if number > 0 {
            parts.push(format!("{number} {words}"));
        }
    }
    report.say(&format!("{}: {}", count(names.len() + already, what), parts.join(", ")));
    report.object(&object(what, names, ended, already, place));
    if tally.failed == 0 {
        return Outcome::Fine;
    }
    report.say(&format!(
        "{DIM}next:{DIM:#} put right what failed and run the same again: it goes on with the {} that are behind",
        count(tally.failed + tally.left, what)
    ));
    if tally.refused == tally.failed { Outcome::Refused } else { Outcome::Failed }
}

#[derive(Default)]
struct Tally {
    applied: usize,
    idle: usize,
    failed: usize,
    refused: usize,
    left: usize,
}

impl Tally {
    fn of(ended: &[Ended<run::Report>]) -> Self {
        let mut tally = Self::default();
        for ended in ended {
            match ended {
                Ended::Done(done, _) if done.applied.is_empty() => tally.idle += 1,
                Ended::Done(..) => tally.applied += 1,
                Ended::Failed(error) => {
                    tally.failed += 1;
                    tally.refused += usize::from(error.class == Class::Refused);
                }
                Ended::NotTried => tally.left += 1,
            }
        }
        tally
    }
}

fn object(
    what: &str,
    names: &[String],
    ended: &[Ended<run::Report>],
    already: usize,
    place: &dyn Fn(&str) -> Value,
) -> Value {
    let tally = Tally::of(ended);
    let each: Vec<Value> = names
        .iter()
        .zip(ended)
        .map(|(name, ended)| {
            let (state, error, applied) = match ended {
                Ended::Done(done, _) => ("done", None, done.applied.iter().map(|m| m.id.clone()).collect()),
                Ended::Failed(error) => ("failed", Some(error.to_string()), Vec::new()),
                Ended::NotTried => ("not-reached", None, Vec::new()),
            };
            json!({"name": name, "database": place(name), "state": state, "error": error, "applied": applied})
        })
        .collect();
    json!({
        "of": what,
        "dry_run": false,
        "migrated": tally.applied,
        "already": tally.idle + already,
        "failed": tally.failed,
        "not_reached": tally.left,
        "each": each,
    })
}
