//! Reads collations.

use super::draft::{Address, COLLATION, Draft};
use crate::engine::kind::{Object, collation::Collation};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let collation = Collation {
            name,
            provider: row.get(3),
            locale: row.get(4),
            categories: row.get::<_, Option<String>>(5).zip(row.get(6)),
            rules: row.get(7),
            deterministic: row.get(8),
        };
        draft.add(Address::new(COLLATION, row.get(0)), Object::Collation(collation));
    }
}
