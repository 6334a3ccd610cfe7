//! Reads grants. Must come after what they are on.

use super::draft::{AUTHID, Address, CLASS, Draft};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::grant::Grant;
use crate::engine::kind::privilege::{Privilege, Privileges};
use crate::engine::name::{Ident, QName};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let address = Address { class: row.get(0), oid: row.get(1), sub: row.get(2) };
        let Some(target) = draft.target_or_whole(address) else {
            // Unmodeled: the object is counted itself.
            continue;
        };
        let held = draft.target(address).is_some_and(|exact| exact.own);
        let object = draft.object(target.object);
        if let Object::Extension(_) = object {
            continue;
        }
        let on = match (held, inside(row, address)) {
            (true, _) => object.id(),
            (false, Some(id)) => id,
            (false, None) => {
                let name = object.id().to_string();
                draft.unmodeled("grant on something inside", &name);
                continue;
            }
        };
        if let Some(name) = row.get::<_, Option<&str>>(11) {
            draft.unmodeled("grant by a role that is not the owner", name);
        }
        let privileges = privileges(row.get(5), draft);
        let usual = self::privileges(row.get(6), draft);
        if privileges == usual {
            continue;
        }
        let grant = Grant { on, to: Ident::from(row.get::<_, &str>(4)), privileges, usual };
        let place = draft.add_apart(Object::Grant(grant));
        draft.add_edge(place, address);
        draft.add_edge(place, Address::new(AUTHID, row.get(3)));
    }
}

/// What has privileges though it is no object of its own: a column of a view, the sequence of an identity column.
fn inside(row: &Row, address: Address) -> Option<ObjectId> {
    let (schema, relation, column): (Option<&str>, Option<&str>, Option<&str>) =
        (row.get(7), row.get(8), row.get(9));
    let relation = QName::new(schema?, relation?);
    match (address.class, column, row.get::<_, Option<&str>>(10)) {
        (CLASS, Some(column), _) => Some(ObjectId::Column(relation, Ident::from(column))),
        (CLASS, None, Some("S")) => Some(ObjectId::Sequence(relation)),
        _other => None,
    }
}

/// Words such as `SELECT`, with a `*` where there is a grant option.
pub(super) fn privileges(words: Vec<&str>, draft: &mut Draft) -> Privileges {
    let mut privileges = Privileges::new();
    for word in words {
        let (word, option) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
        match Privilege::parse(word) {
            Some(privilege) => *privileges.entry(privilege).or_default() |= option,
            None => draft.unmodeled("privilege", word),
        }
    }
    privileges
}
