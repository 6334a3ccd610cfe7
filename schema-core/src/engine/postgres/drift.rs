//! Drift: what somebody changed by hand in a database. Compares it with what the migrations add up to that have run there,
//! and plans both directions. Changes nothing.

use super::status::{State, Status};
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::diff::diff;
use crate::engine::draft::{Side, one_sided};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::id::ObjectId;
use crate::engine::plan::{Plan, plan, plan_changes};
use crate::engine::title::items;

/// In what a database differs from its migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// A verb and an object each: what somebody did.
    pub changes: Vec<(&'static str, ObjectId)>,
    /// From what the migrations make to what the database has.
    pub there: Plan,
    /// And back.
    pub back: Plan,
    /// What only one of them has and nobody can compare, a line each.
    pub unmodeled: Vec<String>,
    /// The majors of the database and of scratch, where they are not the same: a difference in text alone may be none.
    pub majors: Option<(u32, u32)>,
}

impl Drift {
    /// Whether the database is what its migrations make.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty() && self.unmodeled.is_empty()
    }
}

/// The migrations that have run on a database, and those that have not.
///
/// # Errors
/// When one has run by half, or is not there any more: then nobody knows what they add up to.
pub fn applied(history: &History, status: &Status) -> Result<(History, History), Error> {
    let of = |state: State| status.migrations.iter().find(|migration| migration.state == state);
    if let Some(half) = of(State::HalfApplied) {
        return Err(Error::failed(format!(
            "{} has run only in part, so there is nothing to compare with",
            half.id
        ))
        .next("finish it with `schema migrate`"));
    }
    if let Some(missing) = of(State::Missing) {
        return Err(Error::failed(format!(
            "{} has run there, and its folder is not here, so there is nothing to compare with",
            missing.id
        ))
        .next("get the folder back from version control"));
    }
    let has_run = |id: &str| {
        status.migrations.iter().any(|migration| migration.id == id && migration.state == State::Applied)
    };
    let (applied, pending) = history.0.iter().cloned().partition(|migration| has_run(&migration.id));
    Ok((History(applied), History(pending)))
}

/// Compares a database with the migrations that have run there.
///
/// # Errors
/// When there is no scratch, when a migration fails, or when no order can be found.
pub fn drift(bench: &mut Workbench, applied: &History, live: &Catalog) -> Result<Drift, Error> {
    let recorded = bench.recorded(applied)?;
    let majors = (live.server_version / 10_000, recorded.server_version / 10_000);
    // What is claimed says the side that somebody declares.
    let (live, recorded) = bench.managed().pair(live.clone(), recorded);
    let changes = diff(&recorded, &live);
    let side = |side| match side {
        Side::Old => "only in the migrations",
        Side::New => "only in the database",
    };
    let unmodeled = one_sided(&recorded, &live).into_iter();
    Ok(Drift {
        there: plan_changes(&changes, &recorded, &live)?,
        back: plan(&live, &recorded)?,
        changes: items(&changes, &[]),
        unmodeled: unmodeled.map(|(what, of)| format!("{what}: {}", side(of))).collect(),
        majors: (majors.0 != majors.1).then_some(majors),
    })
}
