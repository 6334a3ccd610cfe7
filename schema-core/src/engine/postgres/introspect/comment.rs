//! Reads comments. Must come after what they are on.

use super::draft::{Address, Draft};
use crate::engine::kind::{Object, comment::Comment};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let address = Address { class: row.get(0), oid: row.get(1), sub: row.get(2) };
        match (draft.id(address), draft.target(address)) {
            (Some(on), _) => draft.add_attached(Object::Comment(Comment { on, text: row.get(3) }), address),
            // On the index of a constraint, the sequence of an identity, the row type of a table.
            (None, Some(_)) => draft.unmodeled("comment", row.get(4)),
            // On something of an extension, or on something unmodeled, which is counted itself.
            (None, None) => {}
        }
    }
}
