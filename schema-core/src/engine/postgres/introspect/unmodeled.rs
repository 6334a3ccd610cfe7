//! Counts what is there but not modeled, by kind and name, so that nothing is skipped silently: whole objects, and
//! facets of objects that are modeled.

use super::draft::Draft;
use super::failed;
use crate::engine::error::Error;
use postgres::Transaction;

pub(super) fn read(
    transaction: &mut Transaction<'_>,
    namespaces: &Vec<u32>,
    tables: &Vec<u32>,
    draft: &mut Draft,
) -> Result<(), Error> {
    let objects = transaction.query(include_str!("unmodeled.sql"), &[namespaces]).map_err(failed)?;
    let facets = transaction.query(include_str!("facet.sql"), &[tables]).map_err(failed)?;
    for row in objects.iter().chain(&facets) {
        draft.unmodeled(row.get(0), row.get(1));
    }
    Ok(())
}
