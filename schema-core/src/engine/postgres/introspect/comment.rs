//! Reads comments. Must come after what they are on.

use super::draft::{Address, CLASS, CONSTRAINT, Draft};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::comment::Comment;
use crate::engine::name::Ident;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let address = Address { class: row.get(0), oid: row.get(1), sub: row.get(2) };
        match draft.target(address) {
            Some(target) if target.own => {
                let on = draft.object(target.object).id();
                draft.add_comment(Comment { on, text: row.get(3) });
            }
            Some(target) => match inside(draft.object(target.object), address.class, row.get(5)) {
                Some(on) => {
                    let place = draft.add_comment(Comment { on, text: row.get(3) });
                    draft.add_edge(place, address);
                }
                // On the row type of a table.
                None => draft.unmodeled("comment", row.get(4)),
            },
            // On something of an extension, or on something unmodeled, which is counted itself.
            None => {}
        }
    }
}

/// What has a name of its own inside another object: a NOT NULL constraint or the sequence of an identity in a column,
/// the index in a constraint.
fn inside(whole: &Object, class: u32, name: Option<&str>) -> Option<ObjectId> {
    let name = Ident::from(name?);
    match (whole, class) {
        (Object::Column(column), CONSTRAINT) => Some(ObjectId::Constraint(column.table.clone(), name)),
        (Object::Column(column), CLASS) => {
            let sequence = column.identity.as_ref().map(|identity| &identity.sequence);
            sequence.map(|sequence| ObjectId::Sequence(sequence.clone()))
        }
        (Object::Constraint(key), CLASS) => Some(ObjectId::Index(key.table.sibling(&name))),
        (_, _) => None,
    }
}
