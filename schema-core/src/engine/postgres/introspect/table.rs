//! Reads plain tables; partitioned, inheriting and foreign ones are counted as unmodeled.

use super::draft::{Address, CLASS, Draft, TYPE};
use super::failed;
use crate::engine::error::Error;
use crate::engine::kind::{Object, table::Table};
use postgres::Transaction;

/// Gives the oids of the tables, whose columns, constraints and indexes are read next.
pub(super) fn read(
    transaction: &mut Transaction<'_>,
    namespaces: &Vec<u32>,
    draft: &mut Draft,
) -> Result<Vec<u32>, Error> {
    let rows = transaction.query(include_str!("table.sql"), &[namespaces]).map_err(failed)?;
    for row in &rows {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        draft.facets(&name, row.get(6));
        let table = Object::Table(Table { name, unlogged: row.get(3) });
        let place = draft.add(Address::new(CLASS, row.get(0)), table);
        // The row type and its array type.
        draft.add_inside(Address::new(TYPE, row.get(4)), place);
        draft.add_inside(Address::new(TYPE, row.get(5)), place);
    }
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
