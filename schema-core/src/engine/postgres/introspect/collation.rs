//! Reads collations.

use super::draft::{Address, COLLATION, Draft};
use super::rows::Rows;
use crate::engine::kind::{Object, collation::Collation};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let collation = Collation {
            name,
            provider: row.get(3),
            locale: row.get(4),
            categories: row.get::<Option<String>>(5).zip(row.get(6)),
            rules: row.get(7),
            deterministic: row.get(8),
        };
        draft.add(Address::new(COLLATION, row.get(0)), Object::Collation(Box::new(collation)));
    }
}
