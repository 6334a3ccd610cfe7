//! Whether downs undo their ups: on scratch, up, down, read back, and up again, one migration after the other.

use super::introspect::{Plans, ReadOptions, read_again};
use super::prove::difference;
use super::scratch::ScratchDb;
use super::section::apply_script;
use crate::engine::catalog::Catalog;
use crate::engine::check::Verdict;
use crate::engine::draft::{Side, one_sided};
use crate::engine::error::Error;
use crate::engine::history::{Down, History, Migration};

/// What became of some migrations.
#[derive(Debug, Default)]
pub(super) struct Ran {
    /// Those whose down undoes.
    pub(super) proven: Vec<usize>,
    /// The first whose down does not.
    pub(super) wrong: Option<(usize, Verdict)>,
}

/// Runs up and down of the migrations `todo`, which are in order, on a database that has the first `done`. Stops at the
/// first that is wrong: the database is not what it should be from there on.
///
/// # Errors
/// When an up fails, or when the database cannot be read.
pub(super) fn undo(
    mut database: ScratchDb,
    history: &History,
    done: usize,
    todo: &[usize],
    options: &ReadOptions,
) -> Result<Ran, Error> {
    let mut ran = Ran::default();
    let mut plans = Plans::default();
    let mut at = done;
    for place in todo {
        for migration in &history.0[at..*place] {
            let on_demand = database.is_private();
            apply_script(database.client(), &migration.up, on_demand)?;
        }
        let before = read_again(database.client(), options, &mut plans)?;
        if let Some(verdict) = way_back(&mut database, &history.0[*place], &before, options, &mut plans)? {
            ran.wrong = Some((*place, verdict));
            return Ok(ran);
        }
        ran.proven.push(*place);
        at = *place + 1;
    }
    Ok(ran)
}

/// Runs up, down and up of a migration on a database that is as `before` says; `None` if the down undoes the up.
///
/// # Errors
/// When the up fails, or when the database cannot be read.
pub(super) fn way_back(
    database: &mut ScratchDb,
    migration: &Migration,
    before: &Catalog,
    options: &ReadOptions,
    plans: &mut Plans,
) -> Result<Option<Verdict>, Error> {
    let on_demand = database.is_private();
    apply_script(database.client(), &migration.up, on_demand)?;
    let Down::Script(down) = &migration.down else { return Ok(None) };
    if let Err(error) = apply_script(database.client(), down, on_demand) {
        return Ok(Some(Verdict::Fails(error.into())));
    }
    let lines = differences(&read_again(database.client(), options, plans)?, before);
    if !lines.is_empty() {
        return Ok(Some(Verdict::Differs(lines)));
    }
    Ok(apply_script(database.client(), &migration.up, on_demand).err().map(|mut error| {
        error.what = format!("up.sql does not run again after down.sql: {}", error.what);
        Verdict::Fails(error.into())
    }))
}

/// All in which two Catalogs differ, what nobody can model included; a line each.
pub(super) fn differences(found: &Catalog, wanted: &Catalog) -> Vec<String> {
    let mut lines = difference(found, wanted);
    lines.extend(one_sided(found, wanted).into_iter().map(|(what, side)| match side {
        Side::Old => format!("- {what}"),
        Side::New => format!("+ {what}"),
    }));
    lines
}
