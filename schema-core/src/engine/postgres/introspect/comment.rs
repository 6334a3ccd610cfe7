//! Reads comments. Must come after what they are on.

use super::draft::{Address, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::comment::Comment;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let address = Address::read(row, 0);
        match draft.target(address) {
            Some(target) if target.own => {
                let on = draft.object(target.object).id();
                draft.add_comment(Comment { on, text: row.get(3) }, address);
            }
            // On something of an extension, which brought it.
            Some(target) if matches!(draft.object(target.object), Object::Extension(_)) => {}
            Some(_) => match draft.part(address).cloned() {
                Some(on) => draft.add_comment(Comment { on, text: row.get(3) }, address),
                // On the row type of a table.
                None => draft.unmodeled("comment", row.get::<Option<&str>>(4).unwrap_or_default()),
            },
            // On something unmodeled, which is counted itself.
            None => {}
        }
    }
}
