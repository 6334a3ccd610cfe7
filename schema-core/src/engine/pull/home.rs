//! What an object is inside of, or about.

use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;

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
        at = match at {
            ObjectId::Column(relation, _) => ObjectId::Table(relation),
            ObjectId::Table(name) => ObjectId::View(name),
            ObjectId::View(name) => ObjectId::MaterializedView(name),
            other => return Some(other),
        };
    }
}
