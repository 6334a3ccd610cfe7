//! Reads indexes that stand on their own.

use super::draft::{Address, CLASS, Draft};
use super::stable::stable;
use crate::engine::kind::{Object, index::Index};
use crate::engine::name::Ident;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let oid: u32 = row.get(1);
        let Some(table) = draft.relation(oid).cloned() else {
            continue;
        };
        let name = table.sibling(&Ident::from(row.get::<_, &str>(2)));
        draft.facets(&name, row.get(6));
        let index = Index {
            name,
            table,
            unique: row.get(3),
            on: stable(row.get(4)),
            columns: draft.columns(oid, &row.get::<_, Vec<i16>>(5)),
        };
        if let Some(place) = draft.add(Address::new(CLASS, row.get(0)), Object::Index(index)) {
            draft.add_edge(place, Address::new(CLASS, oid));
        }
    }
}
