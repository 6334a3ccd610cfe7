//! `schema generate` without its terminal: compares, asks, plans, proves. Writes nothing.

use super::prove::prove;
use super::scratch::ServerInfo;
use super::workbench::Workbench;
use crate::engine::declared::Declared;
use crate::engine::draft::{Answers, Comparison, Draft, Texts, refuse};
use crate::engine::error::{Error, Location};
use crate::engine::hazard::Hazard;
use crate::engine::history::{History, digits, new_id};
use crate::engine::id::ObjectId;
use crate::engine::park::Parking;
use crate::engine::rename::{Question, ask, refuse_exchange};
use crate::engine::render::Header;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// What a migration is made from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What the code declares.
    pub declared: &'a Declared,
    /// The migrations that are there.
    pub history: &'a History,
    /// `schema.sql` as it is on disk.
    pub snapshot: Option<&'a str>,
    /// `--name`.
    pub name: Option<&'a str>,
    /// Seconds since 1970.
    pub now: u64,
    /// The version of the tool.
    pub tool: &'a str,
    /// Whether what is dropped is kept in a PostgreSQL schema of its own.
    pub park: bool,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The migrations add up to what the code declares.
    Equal {
        /// The text of `schema.sql`, if the one on disk is another.
        snapshot: Option<String>,
    },
    /// The code is ahead; this has been proven.
    Ahead(Box<Generated>),
}

/// A proven migration that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The migration.
    pub texts: Texts,
    /// The new `schema.sql`.
    pub snapshot: String,
    /// The plans behind the texts.
    pub draft: Draft,
    /// Where the code declares each object.
    pub origins: Arc<BTreeMap<ObjectId, Location>>,
    /// What the reader saw and cannot model; a line each.
    pub unmodeled: Vec<String>,
    /// The server of the proof.
    pub server: ServerInfo,
}

/// Who answers what only a person can know.
pub trait Person {
    /// A name for the migration; `suggestion` comes from the Changes.
    ///
    /// # Errors
    /// When the person gives up.
    fn name(&mut self, suggestion: &str) -> Result<String, Error>;

    /// Which of `could_be` the dropped object is now: `Some(None)` if none. `None` if nobody is there to ask.
    ///
    /// # Errors
    /// When the person gives up.
    fn rename(&mut self, question: &Question) -> Result<Option<Option<ObjectId>>, Error>;

    /// Whether this data may go.
    ///
    /// # Errors
    /// When the person gives up.
    fn may_lose(&mut self, losses: &[&Hazard]) -> Result<bool, Error>;

    /// What goes on; for a progress line.
    fn doing(&mut self, what: &str);
}

/// Makes and proves the migration from the history to the declared Catalog.
///
/// # Errors
/// When a question is open and nobody answers, when data would be lost, when there is no scratch, or when the proof
/// fails: then nothing has been changed.
pub fn generate(
    bench: &mut Workbench,
    request: &Request<'_>,
    mut answers: Answers,
    person: &mut dyn Person,
) -> Result<Outcome, Error> {
    // The text of schema.sql does not show an exchange of names.
    refuse_exchange(&request.declared.renames)?;
    let snapshot = request.declared.to_sql();
    let stale = request.snapshot != Some(snapshot.as_str());
    if !stale && bench.is_settled(request.history, &snapshot) {
        return Ok(Outcome::Equal { snapshot: None });
    }
    person.doing("comparing the code with the migrations");
    let mut comparison = bench.compare(request.history, request.declared, request.snapshot, &answers)?;
    if comparison.is_equal() && comparison.unmodeled().is_empty() {
        // No proof follows, so the whole must confirm it.
        if bench.give_up_shortcut() {
            return generate(bench, request, answers, person);
        }
        bench.settle(request.history, &snapshot);
        return Ok(Outcome::Equal { snapshot: stale.then_some(snapshot) });
    }
    ask_all(bench, &mut comparison, &mut answers, person, &mut |bench, answers| {
        bench.compare(request.history, request.declared, request.snapshot, answers)
    })?;
    let begun = Instant::now();
    let first = request.history.0.is_empty();
    let parking = park(request, &comparison);
    let (parked, draft) = if parking.is_empty() {
        (None, comparison.draft(&answers, first)?)
    } else {
        let parked = bench.parked(request.history, &comparison, &parking)?;
        let draft = parking.draft(&parked, &comparison, &answers, first)?;
        (Some(parked), draft)
    };
    bench.took("plan up and down", begun);
    let losses = comparison.losses(&draft.up, &answers)?;
    if !losses.is_empty() && !person.may_lose(&losses)? {
        return Err(refuse(&losses, &comparison));
    }
    let comparison = parked.unwrap_or(comparison);
    let naming = Naming { name: request.name, now: request.now, tool: request.tool };
    let (texts, server) = write(bench, request.history, &comparison, &draft, &naming, person)?;
    person.doing("proving the migration up and down");
    if let Err(error) = prove(bench, request.history, &comparison, &texts) {
        // The fault may lie in the shortcut: once more without it.
        return if bench.give_up_shortcut() { generate(bench, request, answers, person) } else { Err(error) };
    }
    let unmodeled = comparison.unmodeled();
    if unmodeled.is_empty() {
        let reached = comparison.as_declared.then_some(&comparison.new);
        bench.settle_next(request.history, &texts, request.declared, reached)?;
    }
    Ok(Outcome::Ahead(Box::new(Generated {
        texts,
        snapshot,
        draft,
        origins: comparison.new.origins,
        unmodeled,
        server,
    })))
}

/// How the migration is called.
pub(super) struct Naming<'a> {
    pub(super) name: Option<&'a str>,
    /// Seconds since 1970.
    pub(super) now: u64,
    pub(super) tool: &'a str,
}

/// Compares anew with more answers.
pub(super) type Compare<'a> = &'a mut dyn FnMut(&mut Workbench, &Answers) -> Result<Comparison, Error>;

/// Has every question answered. An answer can lead to the next question: the columns of a renamed table.
pub(super) fn ask_all(
    bench: &mut Workbench,
    comparison: &mut Comparison,
    answers: &mut Answers,
    person: &mut dyn Person,
    compare: Compare<'_>,
) -> Result<(), Error> {
    loop {
        let questions = comparison.questions(answers)?;
        if questions.is_empty() {
            return Ok(());
        }
        for question in &questions {
            match person.rename(question)? {
                None => return Err(ask(&questions, &comparison.new.origins)),
                Some(None) => answers.drops.push(question.dropped.short()),
                Some(Some(new)) => {
                    answers.renames.push(format!("{}={}", question.dropped.short(), new.short()))
                }
            }
        }
        *comparison = compare(bench, answers)?;
    }
}

/// Names the migration and writes its texts, which are not proven yet.
pub(super) fn write(
    bench: &mut Workbench,
    history: &History,
    comparison: &Comparison,
    draft: &Draft,
    naming: &Naming<'_>,
    person: &mut dyn Person,
) -> Result<(Texts, ServerInfo), Error> {
    if draft.up.is_empty() {
        return Err(not_modeled(&comparison.unmodeled()));
    }
    let name = match naming.name {
        Some(name) => name.to_owned(),
        None => person.name(&draft.title)?,
    };
    let server = bench.server()?;
    let proven_on = format!("PostgreSQL {}", server.version);
    let header = Header {
        id: &new_id(naming.now, &name, history),
        parent: history.last().map(|last| last.id.as_str()),
        tool: naming.tool,
        proven_on: &proven_on,
    };
    Ok((draft.texts(&header, &comparison.new.origins), server))
}

/// What of the migration can be parked, if that is wanted, in schemas with its digits.
fn park(request: &Request<'_>, comparison: &Comparison) -> Parking {
    if !request.park {
        return Parking::default();
    }
    let id = new_id(request.now, "", request.history);
    Parking::of(comparison, digits(&id))
}

fn not_modeled(lines: &[String]) -> Error {
    Error::findings(format!(
        "the code and the migrations differ in objects that schema does not manage yet:\n  {}",
        lines.join("\n  ")
    ))
    .next("write their SQL by hand into a migration of its own; from then on both sides agree")
}
