//! `schema check` without its terminal: runs the history on scratch, there and back and in the orders of its branches, and
//! compares it with what the code declares. Decides nothing; what was proven once is not run again.

use super::introspect::{Plans, ReadOptions};
use super::refuse;
use super::undo::{Ran, differences, undo, way_back};
use super::workbench::Workbench;
use crate::engine::check::forks::Fork;
use crate::engine::check::{Difference, Facts, Stale, Verdict};
use crate::engine::declared::Declared;
use crate::engine::draft::{Answers, Comparison};
use crate::engine::error::Error;
use crate::engine::header::Shown;
use crate::engine::history::{Down, History};
use crate::engine::script::sha;
use crate::engine::title::items;
use std::collections::BTreeSet;
use std::time::Instant;

/// For so many migrations each, another database saves more than it costs.
const WORTH_ANOTHER: usize = 16;

/// More databases at once only stand in each other's way.
const DATABASES: usize = 8;

/// More of a difference than this nobody reads.
const LINES: usize = 40;

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What the code declares.
    pub declared: &'a Declared,
    /// The migrations.
    pub history: &'a History,
    /// Where they were written by several people at once.
    pub forks: &'a [Fork],
    /// `schema.sql` as it is on disk.
    pub snapshot: Option<&'a str>,
}

/// Finds out all that `schema check` reports. `doing` hears what goes on.
///
/// # Errors
/// When there is no scratch, or when PostgreSQL refuses what the code declares.
pub fn check(
    bench: &mut Workbench,
    request: &Request<'_>,
    doing: &mut dyn FnMut(&str),
) -> Result<Facts, Error> {
    let Request { declared, history, forks, snapshot } = *request;
    let text = declared.to_sql();
    let mut facts = Facts { stale: stale(snapshot, &text), ..Facts::default() };
    let mut runs = history.clone();
    if !bench.is_settled(history, &text) {
        doing("running the migrations");
        if let Err(error) = bench.recorded(history) {
            let place = history.0.iter().position(|m| error.at.iter().any(|at| at.file == m.up.file));
            // Not a migration's fault: there is no scratch, for one.
            let Some(place) = place else { return Err(error) };
            facts.broken = Some(error.into());
            runs.0.truncate(place);
        } else {
            doing("comparing the code with the migrations");
            sum(bench, declared, history, &mut facts)?;
        }
    }
    facts.proven.ups = runs.0.len();
    let begun = Instant::now();
    downs(bench, &runs, &mut facts, doing)?;
    bench.took("run every migration up and down", begun);
    orders(bench, &runs, forks, &mut facts, doing)?;
    Ok(facts)
}

/// Only how the code stands to the migrations and to `schema.sql`.
///
/// # Errors
/// When a migration fails, or when PostgreSQL refuses what the code declares.
pub fn of_code(bench: &mut Workbench, request: &Request<'_>) -> Result<Facts, Error> {
    let stale = stale(request.snapshot, &request.declared.to_sql());
    let mut facts = Facts { stale, ..Facts::default() };
    sum(bench, request.declared, request.history, &mut facts)?;
    Ok(facts)
}

fn sum(
    bench: &mut Workbench,
    declared: &Declared,
    history: &History,
    facts: &mut Facts,
) -> Result<(), Error> {
    // Without the shortcut: nothing is proven afterwards.
    let comparison = bench.compare(history, declared, None, &Answers::default())?;
    compared(&comparison, facts);
    if facts.ahead.is_empty() && facts.lines.is_empty() {
        bench.settle(history, &declared.to_sql());
    }
    Ok(())
}

/// Runs a migration up and down again, on top of those before it; `None` if its down undoes it, or if it has none.
///
/// # Errors
/// When an up fails, or when there is no scratch.
pub fn reprove(bench: &mut Workbench, history: &History, at: usize) -> Result<Option<Verdict>, Error> {
    let mut database = bench.database_at(&History(history.0[..at].to_vec()))?;
    let before = bench.read(&mut database)?;
    let options = ReadOptions::from(bench.managed());
    let verdict = way_back(&mut database, &history.0[at], &before, &options, &mut Plans::default())?;
    if let (None, Some(key)) = (&verdict, down_key(history, at)) {
        bench.keep_proven(&[key])?;
    }
    Ok(verdict)
}

/// What running a migration up and down shows; what was proven before is not run again.
///
/// # Errors
/// When an up fails, or when there is no scratch.
pub fn shown(bench: &mut Workbench, history: &History, at: usize) -> Result<Result<Shown, Verdict>, Error> {
    let Some(key) = down_key(history, at) else {
        bench.recorded(&History(history.0[..=at].to_vec()))?;
        return Ok(Ok(Shown::OneWay));
    };
    if bench.proven()?.contains(&key) {
        return Ok(Ok(Shown::BothWays));
    }
    Ok(reprove(bench, history, at)?.map_or(Ok(Shown::BothWays), Err))
}

/// Where a migration stands in the history, by its id, its name or the beginning of its id.
///
/// # Errors
/// When there is none, or more than one.
pub fn find(history: &History, id: &str) -> Result<usize, Error> {
    refuse::wanted(history, Some(id)).map(|count| count - 1)
}

/// Under what it is remembered that a down undoes its up; nothing if there is no down.
fn down_key(history: &History, at: usize) -> Option<String> {
    let Down::Script(down) = &history.0[at].down else { return None };
    Some(sha(["down", &history.prefix_key(at + 1), &down.checksum].map(str::as_bytes)))
}

fn stale(snapshot: Option<&str>, text: &str) -> Stale {
    let Some(snapshot) = snapshot else { return Stale::Absent };
    if snapshot == text {
        return Stale::No;
    }
    let same = snapshot.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let line = (same + 1).min(snapshot.lines().count().max(1));
    Stale::At(u32::try_from(line).unwrap_or(u32::MAX))
}

fn compared(comparison: &Comparison, facts: &mut Facts) {
    let changes = comparison.changes();
    facts.ahead = items(&changes, &comparison.renames.steps)
        .into_iter()
        .map(|(verb, id)| Difference {
            verb: verb.to_owned(),
            object: id.to_string(),
            at: comparison.new.origins.get(&id).cloned(),
        })
        .collect();
    facts.lines = short(differences(&comparison.old, &comparison.new));
    for line in comparison.unmodeled() {
        facts.ahead.push(Difference { verb: "unmodeled".to_owned(), object: line, at: None });
    }
}

fn brief(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Fails(_) => verdict,
        Verdict::Differs(lines) => Verdict::Differs(short(lines)),
    }
}

fn short(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("and {more} lines more"));
    }
    lines
}

/// Whether every down undoes its up.
fn downs(
    bench: &mut Workbench,
    history: &History,
    facts: &mut Facts,
    doing: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let known = bench.proven()?;
    let mut todo = Vec::new();
    let keys: Vec<Option<String>> = (0..history.0.len()).map(|at| down_key(history, at)).collect();
    for (at, key) in keys.iter().enumerate() {
        match key {
            Some(key) if known.contains(key) => facts.proven.downs += 1,
            Some(_) => todo.push(at),
            None => {}
        }
    }
    if todo.is_empty() {
        return Ok(());
    }
    doing(&format!("running {} up and down", count(todo.len())));
    let mut proven = Vec::new();
    let result = run_downs(bench, history, todo, &mut |ran| {
        proven.extend(ran.proven);
        facts.downs.extend(ran.wrong.map(|(at, verdict)| (at, brief(verdict))));
    });
    facts.downs.sort_by_key(|(at, _)| *at);
    facts.proven.downs += proven.len();
    let news: Vec<String> = proven.iter().filter_map(|at| keys[*at].clone()).collect();
    bench.keep_proven(&news)?;
    result
}

/// Several databases at once where that is worth it, each with a share of the migrations. They share the server's roles, so
/// what is wrong there is looked at again alone.
fn run_downs(
    bench: &mut Workbench,
    history: &History,
    mut todo: Vec<usize>,
    found: &mut dyn FnMut(Ran),
) -> Result<(), Error> {
    let options = ReadOptions::from(bench.managed());
    let mut suspects = Vec::new();
    loop {
        let rans = run_shares(bench, history, &todo, &options)?;
        let mut through = BTreeSet::new();
        for ran in rans {
            through.extend(ran.proven.iter().copied());
            if let Some((at, _)) = ran.wrong {
                through.insert(at);
                suspects.push(at);
            }
            found(Ran { wrong: None, ..ran });
        }
        if through.is_empty() {
            break;
        }
        todo.retain(|at| !through.contains(at));
    }
    todo.extend(suspects);
    todo.sort_unstable();
    while !todo.is_empty() {
        let (database, has) = bench.database_before(&up_to(history, &todo))?;
        let ran = undo(database, history, has, &todo, &options)?;
        let through = ran.wrong.as_ref().map(|(at, _)| *at).or(ran.proven.last().copied());
        todo.retain(|at| through.is_some_and(|through| *at > through));
        found(ran);
    }
    Ok(())
}

/// One round of it; what is not in the result did not get its turn.
fn run_shares(
    bench: &mut Workbench,
    history: &History,
    todo: &[usize],
    options: &ReadOptions,
) -> Result<Vec<Ran>, Error> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let count = (todo.len() / WORTH_ANOTHER + 1).min(cores).min(DATABASES);
    if count == 1 {
        return Ok(Vec::new());
    }
    let mut shares = Vec::new();
    for first in 0..count {
        let share: Vec<usize> = todo.iter().copied().skip(first).step_by(count).collect();
        let (database, has) = bench.database_before(&up_to(history, &share))?;
        shares.push((database, has, share));
    }
    Ok(std::thread::scope(|scope| {
        let run = |(database, has, share): (_, _, Vec<usize>)| {
            scope.spawn(move || undo(database, history, has, &share, options))
        };
        let running: Vec<_> = shares.into_iter().map(run).collect();
        running.into_iter().filter_map(|run| run.join().ok()?.ok()).collect()
    }))
}

/// What has run before the first of these.
fn up_to(history: &History, todo: &[usize]) -> History {
    History(history.0[..todo.first().copied().unwrap_or_default()].to_vec())
}

/// Whether branches that were merged lead to the same in every order.
fn orders(
    bench: &mut Workbench,
    history: &History,
    forks: &[Fork],
    facts: &mut Facts,
    doing: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let known = bench.proven()?;
    for fork in forks.iter().filter(|fork| fork.end <= history.0.len()) {
        let by_id = History(history.0[..fork.end].to_vec());
        for order in fork.orders(history) {
            let before = &history.0[..fork.start];
            let other = order.iter().map(|at| &history.0[*at]);
            let other = History(before.iter().chain(other).cloned().collect());
            let key = sha(["order", &by_id.content_key(), &other.content_key()].map(str::as_bytes));
            if known.contains(&key) {
                facts.proven.orders += 1;
                continue;
            }
            doing("running merged branches in another order");
            let wanted = bench.recorded(&by_id)?;
            let verdict = match bench.recorded(&other) {
                Ok(reached) => {
                    let lines = differences(&reached, &wanted);
                    (!lines.is_empty()).then(|| Verdict::Differs(short(lines)))
                }
                Err(error) => Some(Verdict::Fails(error.into())),
            };
            match verdict {
                Some(verdict) => facts.orders.push((order, verdict)),
                None => {
                    facts.proven.orders += 1;
                    bench.keep_proven(&[key])?;
                }
            }
        }
    }
    Ok(())
}

/// `1 migration`, `2 migrations`.
fn count(migrations: usize) -> String {
    format!("{migrations} migration{}", if migrations == 1 { "" } else { "s" })
}
