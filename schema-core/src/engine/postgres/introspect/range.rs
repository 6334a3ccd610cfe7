//! Reads range types; their multirange types are inside.

use super::draft::{Address, Draft, PROC, TYPE};
use super::rows::Rows;
use crate::engine::kind::{Object, range::Range};
use crate::engine::name::QName;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let qualified = |schema: usize| {
            let schema = row.get::<Option<&str>>(schema).zip(row.get::<Option<&str>>(schema + 1));
            schema.map(|(schema, name)| QName::new(schema, name))
        };
        let range = Range {
            name,
            subtype: row.get(5),
            operator_class: qualified(6),
            collation: qualified(8),
            canonical: row.get(10),
            difference: row.get(11),
            multirange: QName::new(row.get::<&str>(12), row.get::<&str>(13)),
        };
        let Some(place) = draft.add(Address::new(TYPE, row.get(0)), Object::Range(Box::new(range))) else {
            continue;
        };
        for oid in row.get::<Vec<u32>>(3) {
            draft.add_inside(Address::new(TYPE, oid), place);
        }
        for oid in row.get::<Vec<u32>>(4) {
            draft.add_inside(Address::new(PROC, oid), place);
        }
    }
}
