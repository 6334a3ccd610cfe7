//! Reads base types and shells.

use super::draft::{Address, Draft, TYPE};
use super::rows::Rows;
use crate::engine::kind::{Object, base_type::BaseType};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let base_type = Object::BaseType(BaseType { name, parts: row.get(4) });
        if let Some(place) = draft.add(Address::new(TYPE, row.get(0)), base_type) {
            draft.add_inside(Address::new(TYPE, row.get(3)), place);
        }
    }
}
