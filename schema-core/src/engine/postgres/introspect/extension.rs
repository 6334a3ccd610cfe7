//! Reads extensions. What belongs to them is left out by the other families.

use super::draft::{Address, Draft, EXTENSION};
use super::rows::Rows;
use crate::engine::kind::{Object, extension::Extension};
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let extension = Extension {
            name: Ident::from(row.get::<&str>(1)),
            schema: Ident::from(row.get::<&str>(2)),
            version: row.get(3),
            pinned: row.get(4),
            comment: row.get(5),
        };
        draft.add(Address::new(EXTENSION, row.get(0)), Object::Extension(extension));
    }
}
