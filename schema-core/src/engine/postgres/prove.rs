//! The proof of a migration: on scratch, the history, then up, then down, each time read back and compared. The very
//! texts that are written are what runs.

use super::section::apply_script;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::diff::{Change, diff};
use crate::engine::draft::{Comparison, Texts};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::kind::{Context, Object};
use crate::engine::script::Script;

/// Proves a migration.
///
/// # Errors
/// When a statement fails, or when what is read back is not what it should be; the message shows the difference.
pub fn prove(
    bench: &mut Workbench,
    history: &History,
    comparison: &Comparison,
    texts: &Texts,
) -> Result<(), Error> {
    let up = Script::read(&format!("{}/up.sql", texts.id), &texts.up)?;
    let down = Script::read(&format!("{}/down.sql", texts.id), &texts.down)?;
    let mut database = bench.database_at(history)?;
    let on_demand = database.is_private();
    apply_script(database.client(), &up, on_demand).map_err(|error| unproven("up.sql fails", error, &up))?;
    let reached = bench.read(&mut database)?;
    let (reached, new) = bench.managed().pair(reached, comparison.new.clone());
    compare("up.sql ends in another schema than the code declares", &new, &reached, &up)?;
    apply_script(database.client(), &down, on_demand)
        .map_err(|error| unproven("down.sql fails", error, &down))?;
    let back = bench.read(&mut database)?;
    compare("down.sql does not lead back to where up.sql began", &comparison.recorded, &back, &down)
}

fn unproven(what: &str, error: Error, script: &Script) -> Error {
    let next = error.next.clone().unwrap_or_default();
    let mut error = error;
    error.what = format!(
        "the migration was not written, because its {what} on scratch: {}\n\n{}",
        error.what, script.text
    );
    if next.is_empty() { error.next(OWN_SQL) } else { error }
}

const OWN_SQL: &str =
    "write this step by hand in a migration of your own, and report it if schema should know better";

fn compare(what: &str, wanted: &Catalog, reached: &Catalog, script: &Script) -> Result<(), Error> {
    let lines = difference(reached, wanted);
    if lines.is_empty() {
        return Ok(());
    }
    let text = format!(
        "the migration was not written, because its {what} (- is what was read back, + is what was wanted):\n{}\n\n{}",
        lines.join("\n"),
        script.text
    );
    Err(Error::failed(text).next("this is a bug in schema: please report it with the text above"))
}

/// The exact difference of two Catalogs, a line for each object on each side.
pub fn difference(old: &Catalog, new: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    for change in diff(old, new) {
        let (before, after) = match change {
            Change::Create(new) => (None, Some(new)),
            Change::Drop(old) => (Some(old), None),
            Change::Alter(old, new) | Change::Rename(old, new) => (Some(old), Some(new)),
        };
        lines.extend(before.map(|object| format!("- {}", definition(object, old))));
        lines.extend(after.map(|object| format!("+ {}", definition(object, new))));
    }
    lines
}

/// An object as the SQL that creates it.
pub(super) fn definition(object: &Object, catalog: &Catalog) -> String {
    let steps = object.rules().create(&Context::new(catalog, catalog));
    let texts: Vec<String> =
        steps.iter().map(|step| step.line().map_or_else(|| step.text(), |line| line.sql.into())).collect();
    format!("{}: {}", object.id(), texts.join("; "))
}
