//! `schema status` for many databases, or for the tenants of one: a line for each, and how many stand where.

use super::{Call, Tenancy, count, databases, only};
use crate::args::ManyArgs;
use crate::cmd::status::{self, counts};
use crate::progress::Progress;
use crate::report::{BAD, GOOD, LOOK, NOTE, Outcome, Report};
use anstyle::Style;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::fleet::{Ended, FleetOptions, each};
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::status::{State, Status};
use schema_core::engine::postgres::tenants;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where one stands, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    UpToDate,
    Behind,
    OutOfOrder,
    Edited,
    Missing,
    HalfApplied,
    HalfRolledBack,
    Failed,
}

impl Stands {
    fn of(status: &Status) -> Self {
        let worst = status.migrations.iter().map(|migration| match migration.state {
            State::HalfRolledBack => Self::HalfRolledBack,
            State::HalfApplied => Self::HalfApplied,
            State::Missing => Self::Missing,
            State::Applied | State::Pending if migration.edited => Self::Edited,
            State::Pending if migration.out_of_order => Self::OutOfOrder,
            State::Pending => Self::Behind,
            State::Applied => Self::UpToDate,
        });
        worst.max().unwrap_or(Self::UpToDate)
    }

    fn word(self) -> &'static str {
        match self {
            Self::UpToDate => "up to date",
            Self::Behind => "behind",
            Self::OutOfOrder => "out of order",
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::HalfApplied => "half-applied",
            Self::HalfRolledBack => "half-rolled-back",
            Self::Failed => "failed",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::UpToDate => GOOD,
            Self::Behind => LOOK,
            Self::OutOfOrder
            | Self::Edited
            | Self::Missing
            | Self::HalfApplied
            | Self::HalfRolledBack
            | Self::Failed => BAD,
        }
    }
}

/// What is told of them, and how many stand where.
struct Overview<'a> {
    call: Call<'a>,
    what: &'static str,
    width: usize,
    counts: BTreeMap<Stands, usize>,
    each: Vec<Value>,
}

/// Runs the command.
pub(crate) fn run(call: Call<'_>, many: &ManyArgs) -> Result<Outcome, Error> {
    if many.of_tenants() { of_tenants(call, many) } else { of_databases(call, many) }
}

fn of_databases(call: Call<'_>, many: &ManyArgs) -> Result<Outcome, Error> {
    let targets = databases(call, many)?;
    let names: Vec<String> = targets.keys().cloned().collect();
    let progress = Progress::many(call.report, names.len());
    let ended = read(many, &names, &|name| {
        let status = run::status(&mut targets[name].connect()?, call.history, call.options);
        progress.advance(name);
        status
    });
    progress.clear();
    let mut overview = Overview::new(call, "database", &names);
    for (name, ended) in names.iter().zip(ended) {
        let place = targets[name].display();
        match ended {
            Ended::Done(status, _) => overview.add(name, &place, &status),
            Ended::Failed(error) => overview.failed(name, &place, &error),
            // A failure stops nobody here.
            Ended::NotTried => {}
        }
    }
    Ok(overview.close())
}

/// Reads something of each database; one that fails stops nobody.
pub(super) fn read<T: Send>(
    many: &ManyArgs,
    names: &[String],
    what: &(dyn Fn(&str) -> Result<T, Error> + Sync),
) -> Vec<Ended<T>> {
    let all = FleetOptions { jobs: many.jobs.into(), canaries: 0, keep_going: true };
    each(names, all, &|| Ok(()), &|(): &mut (), name| what(name), &|_, _| {})
}

fn of_tenants(call: Call<'_>, many: &ManyArgs) -> Result<Outcome, Error> {
    let Tenancy { template, source, target, mut client } = Tenancy::open(call)?;
    let mut standing = tenants::standing(&mut client, &source, &template, call.options)?;
    only(&mut standing.all, many)?;
    let behind: BTreeSet<&String> = standing.behind.iter().collect();
    let behind: Vec<String> = standing.all.iter().filter(|name| behind.contains(name)).cloned().collect();
    let mut overview = Overview::new(call, "tenant", &standing.all);
    let place = target.display();
    let mut all = standing.all.iter();
    let whole = call.history.0.len();
    tenants::stand(&mut client, &behind, call.history, call.options, &mut |name, status| {
        for before in all.by_ref().take_while(|other| *other != name) {
            overview.whole(before, &place, whole);
        }
        overview.add(name, &place, &status);
    })?;
    for name in all {
        overview.whole(name, &place, whole);
    }
    Ok(overview.close())
}

impl<'a> Overview<'a> {
    fn new(call: Call<'a>, what: &'static str, names: &[String]) -> Self {
        let width = names.iter().map(String::len).max().unwrap_or_default();
        Self { call, what, width, counts: BTreeMap::new(), each: Vec::new() }
    }

    fn line(&mut self, stands: Stands, name: &str, remark: &str) {
        *self.counts.entry(stands).or_default() += 1;
        let (style, width) = (stands.style(), self.width);
        let line = format!("{style}{:<16}{style:#}  {name:<width$}  {remark}", stands.word());
        self.call.report.result(&format!("{}\n", line.trim_end()));
    }

    fn add(&mut self, name: &str, place: &str, status: &Status) {
        let stands = Stands::of(status);
        let failed = status.migrations.iter().find_map(|m| Some((m.id.as_str(), status::failure(m)?)));
        let failure = failed.filter(|_| stands != Stands::UpToDate);
        let mut remark = counts(status).join(", ");
        if let Some((id, failure)) = failure {
            remark += &format!("; {id}: {}", failure.lines().next().unwrap_or_default());
        }
        self.line(stands, name, &remark);
        if self.call.global.verbose && stands != Stands::UpToDate {
            self.call.report.result(&status::text(place, status));
        }
        let next = status.migrations.iter().find(|migration| migration.state != State::Applied);
        let mut object = status::numbers(place, status);
        object["next"] = json!(next.map(|migration| &migration.id));
        object["failure"] = json!(failure.map(|(_, failure)| failure));
        self.keep(stands, name, object);
    }

    /// Only for whoever reads it: of ten thousand it is much.
    fn keep(&mut self, stands: Stands, name: &str, mut object: Value) {
        if self.call.report.is_json() {
            object["name"] = json!(name);
            object["state"] = json!(stands.word().replace(' ', "-"));
            self.each.push(object);
        }
    }

    /// One that has everything, as the ledger says in a word.
    fn whole(&mut self, name: &str, place: &str, applied: usize) {
        self.line(Stands::UpToDate, name, &format!("{applied} applied"));
        self.keep(Stands::UpToDate, name, json!({"database": place, "applied": applied}));
    }

    fn failed(&mut self, name: &str, place: &str, error: &Error) {
        let error = error.to_string();
        self.line(Stands::Failed, name, &error.replace('\n', "\n  "));
        self.keep(Stands::Failed, name, json!({"database": place, "failure": error}));
    }

    fn close(self) -> Outcome {
        let report: Report = self.call.report;
        let all = self.counts.values().sum();
        let of = |stands| self.counts.get(&stands).copied().unwrap_or_default();
        let (whole, failed) = (of(Stands::UpToDate), of(Stands::Failed));
        let parts: Vec<String> =
            self.counts.iter().map(|(stands, number)| format!("{number} {}", stands.word())).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        report.result(&format!("{}{parts}\n", count(all, self.what)));
        if whole + failed < all {
            report.result(&format!(
                "{NOTE}next:{NOTE:#} `schema migrate` for the same applies what is pending, or says what is in the way\n"
            ));
        }
        report.object(&json!({
            "of": self.what,
            "up_to_date": whole,
            "behind": all - whole - failed,
            "failed": failed,
            "each": self.each,
        }));
        match (failed, all - whole) {
            (0, 0) => Outcome::Fine,
            (0, _) => Outcome::Findings,
            (_, _) => Outcome::Failed,
        }
    }
}
