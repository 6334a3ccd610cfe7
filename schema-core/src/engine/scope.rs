//! What a push is about: the PostgreSQL schemas in which the code declares something. Everything else is foreign and
//! stays out of the comparison; what the code does not declare inside of them can be kept.

use super::catalog::{Catalog, ancestors};
use super::diff::Change;
use super::id::ObjectId;
use super::kind::Object;
use super::name::Ident;
use std::collections::BTreeSet;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    schemas: BTreeSet<Ident>,
    /// Declared objects that stand in no PostgreSQL schema: extensions and the like.
    others: BTreeSet<ObjectId>,
}

impl Scope {
    /// The scope of what is declared; `nothing` is the Catalog of an empty database.
    pub fn of(declared: &Catalog, nothing: &Catalog) -> Self {
        let mut scope = Self { schemas: BTreeSet::new(), others: BTreeSet::new() };
        for id in declared.objects.keys().filter(|id| nothing.get(id).is_none()) {
            match id.schema() {
                Some(name) if scope.schemas.contains(name) => {}
                Some(name) => drop(scope.schemas.insert(name.clone())),
                None => drop(scope.others.insert(id.clone())),
            }
        }
        scope
    }

    /// The names of the PostgreSQL schemas.
    pub fn schemas(&self) -> impl Iterator<Item = &Ident> {
        self.schemas.iter()
    }

    /// Removes what is foreign.
    pub fn cut(&self, catalog: &mut Catalog) {
        let inside = |id: &ObjectId| match id.schema() {
            // What is managed of them is no question of the schema.
            None if matches!(id, ObjectId::DefaultPrivileges(..) | ObjectId::Role(_)) => true,
            Some(name) => self.schemas.contains(name),
            None => self.others.contains(id) || ancestors(id).any(|above| self.others.contains(&above)),
        };
        catalog.objects.retain(|id, _| inside(id));
        catalog.edges.retain(inside);
    }
}

/// What only the old Catalog has and that stands on its own: no part of something declared, and not owned by a column.
pub fn undeclared(changes: &[Change<'_>]) -> Vec<ObjectId> {
    let dropped = |change: &Change<'_>| {
        let Change::Drop(object) = change else { return None };
        let owned = if let Object::Sequence(sequence) = object { sequence.owned_by.is_some() } else { false };
        Some(object.id()).filter(|id| stands_alone(id) && !owned)
    };
    changes.iter().filter_map(dropped).collect()
}

fn stands_alone(id: &ObjectId) -> bool {
    matches!(id.parent(), Some(ObjectId::Schema(_))) && !id.is_part()
}

/// The new Catalog with these objects of the old one, and all that is a part of them.
pub fn keep(old: &Catalog, new: &Catalog, kept: &[ObjectId], dropped: &BTreeSet<ObjectId>) -> Catalog {
    let mut stay: BTreeSet<ObjectId> = kept.iter().cloned().collect();
    let free = |id: &ObjectId, stay: &BTreeSet<ObjectId>| {
        !stay.contains(id) && !dropped.contains(id) && new.get(id).is_none()
    };
    // What has another parent by name goes with the relation that it stands on: an index, a sequence, a trigger of a view.
    let by_edge = |id: &ObjectId| {
        id.parent().is_some_and(|parent| matches!(parent, ObjectId::Schema(_)) || new.get(&parent).is_none())
    };
    loop {
        let hang = old.objects.keys().filter(|id| id.parent().is_some_and(|parent| stay.contains(&parent)));
        let tables = stay.iter().filter(|on| on.table().is_some());
        let stand = tables.flat_map(|on| old.edges.users(on)).filter(|id| by_edge(id));
        let owner = |object: &Object| {
            let Object::Sequence(sequence) = object else { return None };
            sequence.owned_by.clone().map(|(table, column)| ObjectId::Column(table, column))
        };
        let is_owned = |object: &Object| owner(object).is_some_and(|column| stay.contains(&column));
        let owned = old.objects.iter().filter(|(_, object)| is_owned(object));
        let owned = owned.map(|(id, _)| id);
        let more: Vec<ObjectId> =
            hang.chain(stand).chain(owned).filter(|id| free(id, &stay)).cloned().collect();
        if more.is_empty() {
            break;
        }
        stay.extend(more);
    }
    let mut whole = new.clone();
    let staying = stay.iter().filter_map(|id| Some((id.clone(), old.get(id)?.clone())));
    whole.objects.extend(staying);
    let both_there = |(a, b): &(&ObjectId, &ObjectId)| {
        (stay.contains(a) || stay.contains(b)) && whole.get(a).is_some() && whole.get(b).is_some()
    };
    let edges = old.edges.iter().filter(both_there).map(|(a, b)| (a.clone(), b.clone())).collect::<Vec<_>>();
    whole.edges.extend(edges);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diff::diff;
    use crate::engine::kind::comment::Comment;
    use crate::engine::kind::enumeration::Enum;
    use crate::engine::kind::schema::Schema;
    use crate::engine::name::QName;

    fn id(name: &str) -> ObjectId {
        match name.split_once('.') {
            Some((schema, name)) => ObjectId::Enum(QName::new(schema, name)),
            None => ObjectId::Schema(name.into()),
        }
    }

    /// Schemas and enums, each with a comment.
    fn catalog(names: &[&str]) -> Catalog {
        let mut catalog = Catalog::default();
        for name in names {
            let id = id(name);
            catalog.insert(if let ObjectId::Enum(name) = id.clone() {
                Object::Enum(Enum { name, labels: Vec::new() })
            } else {
                Object::Schema(Schema { name: id.schema().expect("a schema").clone() })
            });
            catalog.insert(Object::Comment(Comment { on: id, text: "x".to_owned() }));
        }
        catalog
    }

    fn ids(catalog: &Catalog) -> Vec<String> {
        let plain = catalog.objects.keys().filter(|id| !matches!(id, ObjectId::Comment(_)));
        plain.map(ToString::to_string).collect()
    }

    #[test]
    fn schemas_without_anything_declared_are_foreign() {
        let nothing = catalog(&["public"]);
        let declared = catalog(&["public", "app", "app.t"]);
        let scope = Scope::of(&declared, &nothing);
        assert_eq!(scope.schemas().map(Ident::as_str).collect::<Vec<_>>(), ["app"]);
        let mut live = catalog(&["public", "public.theirs", "app", "app.t", "app.u", "other", "other.t"]);
        scope.cut(&mut live);
        assert_eq!(ids(&live), ["schema app", "enum app.t", "enum app.u"]);
        assert_eq!(live.objects.len(), 6, "comments go with what they are on");
        // A schema of which only the schema is declared is managed too.
        let scope = Scope::of(&catalog(&["public", "app"]), &nothing);
        assert_eq!(scope.schemas().count(), 1);
    }

    #[test]
    fn what_is_kept_is_kept_whole() {
        let (old, new) = (catalog(&["app", "app.t", "app.u", "app.v"]), catalog(&["app", "app.t"]));
        let found = undeclared(&diff(&old, &new));
        assert_eq!(found, [id("app.u"), id("app.v")]);
        let whole = keep(&old, &new, &found[..1], &BTreeSet::from([id("app.v")]));
        assert_eq!(ids(&whole), ["schema app", "enum app.t", "enum app.u"]);
        assert!(whole.get(&ObjectId::Comment(Box::new(id("app.u")))).is_some());
        assert_eq!(undeclared(&diff(&old, &whole)), [id("app.v")]);
    }
}
