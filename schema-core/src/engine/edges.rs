//! Edges of a Catalog: which object needs which, to be asked from either end. Two numbers an edge; a large database has
//! half a million.

use super::id::ObjectId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::{Arc, OnceLock};

/// A set of pairs `(a, b)`: a needs b.
#[derive(Debug, Clone, Default)]
pub struct Edges {
    /// In order; an edge names places in here. What is in no edge is no difference.
    ids: Arc<Vec<ObjectId>>,
    /// In order.
    forward: Vec<(u32, u32)>,
    /// The same the other way round, in order, once somebody asks.
    backward: OnceLock<Vec<(u32, u32)>>,
}

impl Edges {
    /// Takes ids in order and pairs of places among them.
    pub(crate) fn of(ids: Arc<Vec<ObjectId>>, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        pairs.shrink_to_fit();
        Self { ids, forward: pairs, backward: OnceLock::new() }
    }

    /// What `id` needs, in order.
    pub fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.from(&self.forward, id)
    }

    /// What needs `id`, in order.
    pub fn users(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let backward = self.backward.get_or_init(|| {
            let mut pairs: Vec<(u32, u32)> = self.forward.iter().map(|(a, b)| (*b, *a)).collect();
            pairs.sort_unstable();
            pairs
        });
        self.from(backward, id)
    }

    fn from<'a>(&'a self, pairs: &'a [(u32, u32)], id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
        let found = match self.ids.binary_search(id) {
            Ok(found) => {
                let found = place(found);
                let first = pairs.partition_point(|(a, _)| *a < found);
                let rest = &pairs[first..];
                &rest[..rest.partition_point(|(a, _)| *a == found)]
            }
            Err(_) => &[],
        };
        found.iter().map(|(_, b)| &self.ids[at(*b)])
    }

    /// Whether `user` needs `on`.
    pub fn contains(&self, user: &ObjectId, on: &ObjectId) -> bool {
        match (self.ids.binary_search(user), self.ids.binary_search(on)) {
            (Ok(user), Ok(on)) => self.forward.binary_search(&(place(user), place(on))).is_ok(),
            _one_has_none => false,
        }
    }

    /// All pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        self.forward.iter().map(|(a, b)| (&self.ids[at(*a)], &self.ids[at(*b)]))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.forward.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.forward.len()
    }

    /// Keeps what is between objects for which this holds. It is asked once for each object.
    pub fn retain(&mut self, mut keep: impl FnMut(&ObjectId) -> bool) {
        let kept: Vec<bool> = self.ids.iter().map(&mut keep).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        self.forward.retain(|(a, b)| kept[at(*a)] && kept[at(*b)]);
        let mut places = vec![0; kept.len()];
        let mut ids = Vec::new();
        for (id, old) in self.ids.iter().zip(0..).filter(|(_, old)| kept[*old]) {
            places[old] = place(ids.len());
            ids.push(id.clone());
        }
        let pairs = self.forward.iter().map(|(a, b)| (places[at(*a)], places[at(*b)])).collect();
        *self = Self::of(Arc::new(ids), pairs);
    }

    /// Adds one. Many at once are added by `extend`.
    pub fn insert(&mut self, user: ObjectId, on: ObjectId) {
        self.extend([(user, on)]);
    }
}

impl PartialEq for Edges {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Edges {}

impl Extend<(ObjectId, ObjectId)> for Edges {
    fn extend<I: IntoIterator<Item = (ObjectId, ObjectId)>>(&mut self, more: I) {
        let more: Vec<(ObjectId, ObjectId)> = more.into_iter().collect();
        if more.is_empty() {
            return;
        }
        let mut ids = self.ids.to_vec();
        ids.extend(more.iter().flat_map(|(a, b)| [a, b]).cloned());
        ids.sort_unstable();
        ids.dedup();
        let find = |id: &ObjectId| ids.binary_search(id).map_or(0, place);
        let places: Vec<u32> = self.ids.iter().map(find).collect();
        let known = self.forward.iter().map(|(a, b)| (places[at(*a)], places[at(*b)]));
        let pairs = known.chain(more.iter().map(|(a, b)| (find(a), find(b)))).collect();
        *self = Self::of(Arc::new(ids), pairs);
    }
}

impl FromIterator<(ObjectId, ObjectId)> for Edges {
    fn from_iter<I: IntoIterator<Item = (ObjectId, ObjectId)>>(pairs: I) -> Self {
        let mut edges = Self::default();
        edges.extend(pairs);
        edges
    }
}

impl Serialize for Edges {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Edges {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<(ObjectId, ObjectId)>::deserialize(from)?.into_iter().collect())
    }
}

/// A place in a list as a number of half the width: no database has four thousand million objects.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) fn at(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> ObjectId {
        ObjectId::Schema(name.into())
    }

    fn edges(pairs: &[(&str, &str)]) -> Edges {
        pairs.iter().map(|(a, b)| (id(a), id(b))).collect()
    }

    #[test]
    fn both_ends_are_found() {
        let edges = edges(&[("b", "a"), ("c", "a"), ("c", "b"), ("b", "a")]);
        assert_eq!(edges.len(), 3);
        assert_eq!(edges.needs(&id("c")).collect::<Vec<_>>(), [&id("a"), &id("b")]);
        assert_eq!(edges.users(&id("a")).collect::<Vec<_>>(), [&id("b"), &id("c")]);
        assert_eq!(edges.users(&id("x")).count(), 0);
        assert!(edges.contains(&id("c"), &id("b")) && !edges.contains(&id("b"), &id("c")));
    }

    #[test]
    fn the_same_pairs_are_equal_however_they_came() {
        let mut one = edges(&[("c", "b"), ("d", "a")]);
        one.insert(id("b"), id("a"));
        one.retain(|name| *name != id("d"));
        assert_eq!(one, edges(&[("b", "a"), ("c", "b")]));
        one.retain(|_| false);
        assert_eq!(one, Edges::default());
    }
}
