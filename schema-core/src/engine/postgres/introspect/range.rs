//! Reads range types; their multirange types are inside.

use super::draft::{Address, Draft, PROC, TYPE};
use crate::engine::kind::{Object, range::Range};
use crate::engine::name::QName;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let qualified = |schema: usize| {
            let schema = row.get::<_, Option<&str>>(schema).zip(row.get::<_, Option<&str>>(schema + 1));
            schema.map(|(schema, name)| QName::new(schema, name))
        };
        let range = Range {
            name,
            subtype: row.get(5),
            operator_class: qualified(6),
            collation: qualified(8),
            canonical: row.get(10),
            difference: row.get(11),
            multirange: QName::new(row.get::<_, &str>(12), row.get::<_, &str>(13)),
        };
        let Some(place) = draft.add(Address::new(TYPE, row.get(0)), Object::Range(range)) else {
            continue;
        };
        for oid in row.get::<_, Vec<u32>>(3) {
            draft.add_inside(Address::new(TYPE, oid), place);
        }
        for oid in row.get::<_, Vec<u32>>(4) {
            draft.add_inside(Address::new(PROC, oid), place);
        }
    }
}
