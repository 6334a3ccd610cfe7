//! Reads columns with their defaults and identities.

use super::draft::{ATTRDEF, Address, CLASS, Draft};
use super::stable::stable;
use crate::engine::kind::Object;
use crate::engine::kind::column::{Column, Generated, Identity};
use crate::engine::name::{Ident, QName};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let (oid, position): (u32, i16) = (row.get(0), row.get(1));
        let Some(table) = draft.table(oid).cloned() else {
            continue;
        };
        let address = Address { sub: i32::from(position), ..Address::new(CLASS, oid) };
        let inside = draft.identities.remove(&address);
        let sequence = inside.as_ref().map(|inside| Address::new(CLASS, inside.oid));
        let always = row.get::<_, &str>(8) == "a";
        let name = Ident::from(row.get::<_, &str>(2));
        draft.facets(&format_args!("{table}.{name}"), row.get(11));
        let column = Column {
            table,
            name,
            position,
            data_type: row.get(3),
            not_null: row.get(4),
            default: row.get::<_, Option<&str>>(6).map(stable),
            generated: match row.get(7) {
                "s" => Some(Generated::Stored),
                "v" => Some(Generated::Virtual),
                _ => None,
            },
            identity: inside.map(|inside| Identity {
                always,
                sequence: inside.name,
                options: inside.options,
            }),
            collation: row.get::<_, Option<&str>>(9).map(|schema| QName::new(schema, row.get::<_, &str>(10))),
        };
        let Some(place) = draft.add(address, Object::Column(column)) else {
            continue;
        };
        for address in
            sequence.into_iter().chain(row.get::<_, Option<u32>>(5).map(|oid| Address::new(ATTRDEF, oid)))
        {
            draft.add_inside(address, place);
        }
    }
}
