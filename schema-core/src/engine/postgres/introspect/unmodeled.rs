//! Counts what is there but not modeled, by kind and name, so that nothing is skipped silently.

use super::draft::Draft;
use super::failed;
use crate::engine::error::Error;
use postgres::Transaction;

pub(super) fn read(
    transaction: &mut Transaction<'_>,
    namespaces: &Vec<u32>,
    draft: &mut Draft,
) -> Result<(), Error> {
    for query in [include_str!("unmodeled.sql"), include_str!("facet.sql")] {
        for row in transaction.query(query, &[namespaces]).map_err(failed)? {
            draft.unmodeled(row.get(0), row.get(1));
        }
    }
    Ok(())
}
