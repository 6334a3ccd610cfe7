//! The Catalog: a set of objects with identity at one moment, what depends on what, and where each was declared.

use super::edges::Edges;
use super::error::Location;
use super::id::ObjectId;
use super::kind::Object;
use super::name::{Ident, QName};
use super::objects::Objects;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A set of objects. Made by the reader (`postgres::introspect`) alone; compared by `diff`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The server that printed the text inside: `server_version_num`.
    pub server_version: u32,
    /// By identity; see [`Catalog::insert`].
    pub objects: Objects,
    /// `(a, b)`: a needs b, from `pg_depend`. Both ends are in `objects`.
    pub edges: Edges,
    /// Where the code declares an object; empty in a Catalog that was read from SQL alone.
    #[serde(skip)]
    pub origins: Arc<BTreeMap<ObjectId, Location>>,
    /// Objects whose privileges nobody claims: if they are created, they keep what default privileges give them.
    #[serde(skip)]
    pub unclaimed: BTreeSet<ObjectId>,
    /// What the reader saw and cannot model, names by kind.
    pub unmodeled: BTreeMap<String, BTreeSet<String>>,
}

impl Catalog {
    /// Adds an object under its own id.
    pub fn insert(&mut self, object: Object) {
        self.objects.insert(object.id(), object);
    }

    /// The object of this id.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Whether there is a table, view or materialized view of this name.
    pub fn has_relation(&self, name: &QName) -> bool {
        [ObjectId::Table, ObjectId::View, ObjectId::MaterializedView]
            .iter()
            .any(|kind| self.objects.contains_key(&kind(name.clone())))
    }

    /// Removes tables with all that belongs to them or needs them, and their PostgreSQL schema if nothing else is in it.
    pub fn remove_tables(&mut self, tables: &[QName]) {
        let ids = tables.iter().map(|table| ObjectId::Table(table.clone()));
        let mut gone: BTreeSet<ObjectId> = ids.filter(|id| self.objects.contains_key(id)).collect();
        if gone.is_empty() {
            return;
        }
        loop {
            let hangs = |id: &&ObjectId| id.parent().is_some_and(|parent| gone.contains(&parent));
            let users = gone.iter().flat_map(|id| self.edges.users(id));
            let owned = self.objects.iter().filter(|(_, object)| owned_by(object, &gone)).map(|(id, _)| id);
            let more: Vec<ObjectId> =
                self.objects.keys().filter(hangs).chain(users).chain(owned).cloned().collect();
            let before = gone.len();
            gone.extend(more);
            if gone.len() == before {
                break;
            }
        }
        for table in tables.iter().filter(|table| table.schema.as_str() != "public") {
            let schema = ObjectId::Schema(table.schema.clone());
            let itself = [schema.clone(), ObjectId::Comment(Box::new(schema))];
            let inside = |id: &ObjectId| id.schema() == Some(&table.schema);
            if !self.objects.keys().any(|id| !gone.contains(id) && !itself.contains(id) && inside(id)) {
                gone.extend(itself);
            }
        }
        self.objects.retain(|id, _| !gone.contains(id));
        self.edges.retain(|id| !gone.contains(id));
    }

    /// Keeps only these PostgreSQL schemas with all that is in them.
    pub fn keep_schemas(&mut self, names: &[Ident]) {
        let inside = |id: &ObjectId| id.schema().is_some_and(|name| names.contains(name));
        self.objects.retain(|id, _| inside(id));
        self.edges.retain(inside);
    }

    /// What `id` needs.
    pub fn needs<'a>(&'a self, id: &'a ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        self.edges.needs(id)
    }
}

/// Whether it is a sequence that goes with one of these tables.
fn owned_by(object: &Object, tables: &BTreeSet<ObjectId>) -> bool {
    let Object::Sequence(sequence) = object else { return false };
    let owner = sequence.owned_by.as_ref();
    owner.is_some_and(|(table, _)| tables.contains(&ObjectId::Table(table.clone())))
}

/// What it belongs to, and what that belongs to.
pub(crate) fn ancestors(id: &ObjectId) -> impl Iterator<Item = ObjectId> {
    std::iter::successors(id.parent(), ObjectId::parent)
}
