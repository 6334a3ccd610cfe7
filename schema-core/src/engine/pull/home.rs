//! What an object is inside of, or about.

use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::base_type::made_of;

/// The type that a function is a part of: the function comes between the shell of the type and the type.
pub(super) fn made_into(live: &Catalog, id: &ObjectId) -> Option<ObjectId> {
    if let Some(Object::Routine(routine)) = live.get(id) {
        made_of(routine, live).into_iter().next()
    } else {
        None
    }
}

/// The object, also where the id alone only knows that it is some relation. A part of a relation that is no object itself,
/// as a view's column, stands for the relation.
pub(super) fn home(live: &Catalog, id: &ObjectId) -> Option<ObjectId> {
    let mut at = match live.get(id) {
        Some(Object::Index(index)) => ObjectId::Table(index.table.clone()),
        Some(_) | None => id.parent()?,
    };
    loop {
        if live.get(&at).is_some() {
            return Some(at);
        }
        at = if let ObjectId::Column(relation, _) = at {
            ObjectId::Table(relation)
        } else if let ObjectId::Table(name) = at {
            ObjectId::View(name)
        } else if let ObjectId::View(name) = at {
            ObjectId::MaterializedView(name)
        } else {
            return Some(at);
        };
    }
}
