//! Reads grants. Must come after what they are on.

use super::draft::{AUTHID, Address, Draft};
use super::rows::{Row, Rows};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::grant::Grant;
use crate::engine::kind::privilege::{Privilege, Privileges};
use crate::engine::name::{Ident, QName};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let address = Address::read(row, 0);
        let Some(target) = draft.target_or_whole(address) else {
            // Unmodeled: the object is counted itself.
            continue;
        };
        let object = draft.object(target.object);
        let of_extension = matches!(object, Object::Extension(_));
        let on = if draft.target(address).is_some_and(|exact| exact.own) && !of_extension {
            Some(object.id())
        } else {
            inside(row, of_extension)
        };
        let Some(on) = on else {
            let name = object.id().to_string();
            draft.unmodeled("grant on a part", &name);
            continue;
        };
        if let Some(name) = row.get::<Option<&str>>(7) {
            draft.unmodeled("grant by a role that is not the owner", name);
        }
        let privileges = privileges(row.get(5), draft);
        let usual = self::privileges(row.get(6), draft);
        if privileges == usual {
            continue;
        }
        let grant = Grant { on, to: Ident::from(row.get::<&str>(4)), privileges, usual };
        let place = draft.add_apart(Object::Grant(grant));
        draft.add_edge(place, address);
        draft.add_edge(place, Address::new(AUTHID, row.get(3)));
    }
}

/// What has privileges though it is no object of its own: a column of a view, the sequence of an identity column, what an
/// extension has made.
fn inside(row: Row<'_>, of_extension: bool) -> Option<ObjectId> {
    let name = QName::new(row.get::<&str>(9), row.get::<&str>(10));
    let part: &str = row.get(11);
    Some(match (row.get(8), of_extension) {
        ("column", _) => ObjectId::Column(name, Ident::from(part)),
        ("S", _) => ObjectId::Sequence(name),
        ("routine", true) => ObjectId::Routine(name, part.into()),
        ("r" | "p" | "f", true) => ObjectId::Table(name),
        ("v", true) => ObjectId::View(name),
        ("m", true) => ObjectId::MaterializedView(name),
        ("type b", true) => ObjectId::BaseType(name),
        ("type c", true) => ObjectId::Composite(name),
        ("type d", true) => ObjectId::Domain(name),
        ("type e", true) => ObjectId::Enum(name),
        ("type r", true) => ObjectId::Range(name),
        _other => return None,
    })
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
