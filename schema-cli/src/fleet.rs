//! What commands share that are about many databases, or about the tenants of one: which there are, who comes first, how it
//! ended.

pub(crate) mod migrate;
pub(crate) mod rollback;
pub(crate) mod status;

use crate::args::{FleetArgs, Global, ManyArgs};
use crate::progress::Progress;
use crate::report::{BAD, DIM, GOOD, Outcome, Report};
use crate::settings::Settings;
use schema_core::engine::error::{Class, Error};
use schema_core::engine::history::History;
use schema_core::engine::nearest::did_you_mean;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::fleet::{Ended, FleetOptions};
use schema_core::engine::postgres::run::{Applied, Event, RunOptions};
use schema_core::engine::postgres::tenants::{self, Tenants};
use schema_core::engine::tenant::Template;
use schema_core::migrate::postgres::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// So many are told one by one; of more only what failed, unless more is asked for.
const SHOWN: usize = 20;

/// What such a command has beside its own arguments.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) global: &'a Global,
    pub(crate) settings: &'a Settings,
    pub(crate) history: &'a History,
    pub(crate) options: &'a RunOptions,
    pub(crate) report: Report,
}

/// What it says of what it has done.
#[derive(Clone, Copy)]
struct Words {
    /// With those of which it had something to do.
    done: &'static str,
    /// With the others.
    idle: &'static str,
    /// With one of these.
    nothing: &'static str,
    /// What is said of those that the next run goes on with.
    left: &'static str,
    /// Its number, and its migrations, as JSON.
    keys: [&'static str; 2],
}

/// Several databases, by their names.
type Databases = BTreeMap<String, Target>;

fn databases(call: Call<'_>, many: &ManyArgs) -> Result<Databases, Error> {
    call.settings.targets(&many.all, many.databases.as_deref(), call.report)
}

/// The tenants of a database.
struct Tenancy {
    template: Template,
    source: Tenants,
    target: Target,
    client: Client,
}

impl Tenancy {
    fn open(call: Call<'_>) -> Result<Self, Error> {
        let (name, source) = call.settings.tenants()?;
        let template = Template::new(call.history, &name)?;
        if !call.history.0.is_empty() && !template.is_used() {
            return Err(Error::usage(format!("no migration says anything about the schema {name}")).next(
                "[tenants] schema in schema.toml is the schema that the code and the migrations are written for",
            ));
        }
        let target = call.settings.target(call.report)?;
        let client = target.connect_directly()?;
        Ok(Self { template, source, target, client })
    }
}

/// One tenant: its database, and the migrations as they are written for it.
pub(crate) fn one_tenant(call: Call<'_>, name: &str) -> Result<(Target, Client, History), Error> {
    let Tenancy { template, source, target, mut client } = Tenancy::open(call)?;
    let many = ManyArgs { tenant: vec![name.to_owned()], ..ManyArgs::default() };
    only(&mut tenants::list(&mut client, &source, template.name())?, &many)?;
    Ok((target, client, template.both_ways_for(name)?))
}

/// Of the tenants only those that were named; all, where none was.
fn only(all: &mut Vec<String>, many: &ManyArgs) -> Result<(), Error> {
    if many.tenant.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = all.iter().map(String::as_str).collect();
    for name in &many.tenant {
        if !known.contains(&name.as_str()) {
            let hint = did_you_mean(name, &known);
            return Err(Error::usage(format!("there is no tenant {name}{hint}"))
                .next("a tenant is what [tenants] of schema.toml finds in the database"));
        }
    }
    all.retain(|name| is_named(many, name));
    Ok(())
}

fn is_named(many: &ManyArgs, name: &String) -> bool {
    many.tenant.is_empty() || many.tenant.contains(name)
}

/// Who comes first.
fn order(names: &mut [String], args: &FleetArgs, words: Words) -> Result<FleetOptions, Error> {
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
        let (name, left) = (&args.canary, words.left);
        return Err(Error::usage(format!("{name} is not among those that are {left}{hint}"))
            .next("--canary takes a name of these, or a number"));
    };
    Ok(FleetOptions { jobs: args.many.jobs.into(), canaries, keep_going: args.keep_going })
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

/// Tells how it ended for one; of those that are done only where `each` is said.
fn tell_end(
    words: Words,
    progress: &Progress,
    report: Report,
    each: bool,
    name: &str,
    ended: &Ended<Vec<Applied>>,
) {
    progress.advance(name);
    progress.aside(|| match ended {
        Ended::Done(done, elapsed) if each => {
            let what = match done.len() {
                0 => words.nothing.to_owned(),
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

/// How it ended for all.
struct End<'a> {
    words: Words,
    /// What they are: databases, tenants.
    what: &'a str,
    names: &'a [String],
    ended: &'a [Ended<Vec<Applied>>],
    /// How many were not begun because there was nothing to do.
    already: usize,
    place: &'a dyn Fn(&str) -> Value,
}

impl End<'_> {
    /// The summary. What failed has been told; what was not reached is for the next run, which finds it by itself.
    fn close(&self, more: Value, report: Report) -> Outcome {
        let (words, tally) = (self.words, Tally::of(self.ended));
        let mut parts = vec![format!("{} {}", tally.done, words.done)];
        for (number, words) in
            [(tally.idle + self.already, words.idle), (tally.failed, "failed"), (tally.left, "not reached")]
        {
            if number > 0 {
                parts.push(format!("{number} {words}"));
            }
        }
        report.say(&format!("{}: {}", count(self.names.len() + self.already, self.what), parts.join(", ")));
        let mut object = self.object(&tally);
        if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
            object.extend(more);
        }
        report.object(&object);
        if tally.failed == 0 {
            return Outcome::Fine;
        }
        report.say(&format!(
            "{DIM}next:{DIM:#} put right what failed and run the same again: it goes on with the {} that are {}",
            count(tally.failed + tally.left, self.what),
            words.left
        ));
        if tally.refused == tally.failed { Outcome::Refused } else { Outcome::Failed }
    }

    fn object(&self, tally: &Tally) -> Value {
        let [number, list] = self.words.keys;
        let each: Vec<Value> = self
            .names
            .iter()
            .zip(self.ended)
            .map(|(name, ended)| {
                let (state, error, ids) = match ended {
                    Ended::Done(done, _) => ("done", None, done.iter().map(|m| m.id.as_str()).collect()),
                    Ended::Failed(error) => ("failed", Some(error.to_string()), Vec::new()),
                    Ended::NotTried => ("not-reached", None, Vec::new()),
                };
                let place = (self.place)(name);
                json!({"name": name, "database": place, "state": state, "error": error, list: ids})
            })
            .collect();
        json!({
            "of": self.what,
            "dry_run": false,
            number: tally.done,
            "already": tally.idle + self.already,
            "failed": tally.failed,
            "not_reached": tally.left,
            "each": each,
        })
    }
}

#[derive(Default)]
struct Tally {
    done: usize,
    idle: usize,
    failed: usize,
    refused: usize,
    left: usize,
}

impl Tally {
    fn of(ended: &[Ended<Vec<Applied>>]) -> Self {
        let mut tally = Self::default();
        for ended in ended {
            match ended {
                Ended::Done(done, _) if done.is_empty() => tally.idle += 1,
                Ended::Done(..) => tally.done += 1,
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
