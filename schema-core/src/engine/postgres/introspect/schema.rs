//! Reads PostgreSQL schemas, and with them what part of the database is read at all.

use super::draft::{Address, Draft, NAMESPACE};
use super::rows::Rows;
use crate::engine::kind::{Object, schema::Schema};
use crate::engine::name::Ident;

/// An extension's own schema is read, because others may put objects there, but is no object.
pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let (oid, name): (u32, &str) = (row.get(0), row.get(1));
        draft.name_schema(oid, name);
        draft.add(Address::new(NAMESPACE, oid), Object::Schema(Schema { name: Ident::from(name) }));
    }
}
