//! Reads enum types with their labels.

use super::draft::{Address, Draft, TYPE};
use super::rows::Rows;
use crate::engine::kind::{Object, enumeration::Enum};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let object = Object::Enum(Enum { name, labels: row.get(4) });
        if let Some(place) = draft.add(Address::new(TYPE, row.get(0)), object) {
            draft.add_inside(Address::new(TYPE, row.get(3)), place);
        }
    }
}
