//! Reads plain tables; partitioned, inheriting and foreign ones are counted as unmodeled.

use super::draft::{Address, CLASS, Draft, TYPE};
use crate::engine::kind::{Object, table::Table};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        draft.facets(&name, row.get(8));
        let table = Object::Table(Table {
            name,
            unlogged: row.get(3),
            row_security: row.get(6),
            force_row_security: row.get(7),
        });
        if let Some(place) = draft.add(Address::new(CLASS, row.get(0)), table) {
            // The row type and its array type.
            draft.add_inside(Address::new(TYPE, row.get(4)), place);
            draft.add_inside(Address::new(TYPE, row.get(5)), place);
        }
    }
}
