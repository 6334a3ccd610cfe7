//! Reads transforms.

use super::draft::{Address, Draft, TRANSFORM};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::transform::Transform;
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let transform =
            Transform { of: row.text(1), language: Ident::from(row.get::<&str>(2)), functions: row.get(3) };
        draft.add(Address::new(TRANSFORM, row.get(0)), Object::Transform(transform));
    }
}
