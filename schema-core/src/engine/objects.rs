//! The objects of a Catalog by identity, in order, side by side: a large database has a few hundred thousand.

use super::id::ObjectId;
use super::kind::Object;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::RangeFrom;
use std::sync::Arc;

/// Objects in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objects {
    /// Shared with the edges between them.
    ids: Arc<Vec<ObjectId>>,
    /// Each at the place of its id. Shared with copies of the Catalog, of which few become another.
    objects: Arc<Vec<Object>>,
}

/// An object under its id.
type Entry<'a> = (&'a ObjectId, &'a Object);

impl Objects {
    /// Takes ids in order, each once, and the objects in the same order.
    pub(crate) fn of(mut ids: Vec<ObjectId>, mut objects: Vec<Object>) -> Self {
        ids.shrink_to_fit();
        objects.shrink_to_fit();
        Self { ids: Arc::new(ids), objects: Arc::new(objects) }
    }

    /// Their ids, to be shared.
    pub(crate) fn ids(&self) -> &Arc<Vec<ObjectId>> {
        &self.ids
    }

    fn find(&self, id: &ObjectId) -> Result<usize, usize> {
        self.ids.binary_search(id)
    }

    /// The object of this id.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.find(id).ok().map(|place| &self.objects[place])
    }

    /// Whether there is one of this id.
    pub fn contains_key(&self, id: &ObjectId) -> bool {
        self.find(id).is_ok()
    }

    /// Adds one; gives back the one that had its id. Many at once are added by `extend`.
    pub fn insert(&mut self, id: ObjectId, object: Object) -> Option<Object> {
        match self.find(&id) {
            Ok(place) => Some(std::mem::replace(&mut Arc::make_mut(&mut self.objects)[place], object)),
            Err(place) => {
                Arc::make_mut(&mut self.ids).insert(place, id);
                Arc::make_mut(&mut self.objects).insert(place, object);
                None
            }
        }
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&ObjectId, &Object) -> bool) {
        let kept: Vec<bool> = self.iter().map(|(id, object)| keep(id, object)).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        let mut of_objects = kept.iter().copied();
        Arc::make_mut(&mut self.objects).retain(|_| of_objects.next().unwrap_or_default());
        let mut of_ids = kept.into_iter();
        Arc::make_mut(&mut self.ids).retain(|_| of_ids.next().unwrap_or_default());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + ExactSizeIterator {
        self.into_iter()
    }

    /// Those from this id on, in order.
    pub fn range(&self, from: RangeFrom<ObjectId>) -> impl DoubleEndedIterator<Item = Entry<'_>> {
        let (Ok(first) | Err(first)) = self.find(&from.start);
        self.ids[first..].iter().zip(&self.objects[first..])
    }

    /// Their ids, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &ObjectId> + ExactSizeIterator {
        self.ids.iter()
    }

    /// The objects, in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Object> + ExactSizeIterator {
        self.objects.iter()
    }

    /// The objects, in order. Their ids must stay what they are.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        Arc::make_mut(&mut self.objects).iter_mut()
    }
}

impl<'a> IntoIterator for &'a Objects {
    type Item = Entry<'a>;
    type IntoIter = std::iter::Zip<std::slice::Iter<'a, ObjectId>, std::slice::Iter<'a, Object>>;

    fn into_iter(self) -> Self::IntoIter {
        self.ids.iter().zip(&*self.objects)
    }
}

/// The last of an id counts.
impl Extend<(ObjectId, Object)> for Objects {
    fn extend<I: IntoIterator<Item = (ObjectId, Object)>>(&mut self, more: I) {
        let mut more = more.into_iter().peekable();
        if more.peek().is_none() {
            return;
        }
        let Self { ids, objects } = std::mem::take(self);
        let (ids, objects) = (Arc::unwrap_or_clone(ids), Arc::unwrap_or_clone(objects));
        let mut entries: Vec<(ObjectId, Object)> = ids.into_iter().zip(objects).chain(more).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        let (ids, objects) = entries.into_iter().unzip();
        *self = Self::of(ids, objects);
    }
}

impl FromIterator<(ObjectId, Object)> for Objects {
    fn from_iter<I: IntoIterator<Item = (ObjectId, Object)>>(entries: I) -> Self {
        let mut objects = Self::default();
        objects.extend(entries);
        objects
    }
}

/// A list: JSON has no maps with structured keys, and the objects carry their own ids.
impl Serialize for Objects {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.values())
    }
}

impl<'de> Deserialize<'de> for Objects {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let objects = Vec::<Object>::deserialize(from)?;
        Ok(objects.into_iter().map(|object| (object.id(), object)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kind::{comment::Comment, schema::Schema};

    fn entry(name: &str, text: &str) -> (ObjectId, Object) {
        let on = ObjectId::Schema(name.into());
        (on.clone(), Object::Comment(Comment { on, text: text.to_owned() }))
    }

    #[test]
    fn they_are_found_in_order_however_they_came() {
        let mut objects: Objects = [entry("c", "1"), entry("a", "2")].into_iter().collect();
        objects.extend([entry("b", "3"), entry("c", "4")]);
        let (id, object) = entry("d", "5");
        assert_eq!(objects.insert(id.clone(), object), None);
        let ids: Vec<String> = objects.keys().map(ObjectId::short).collect();
        assert_eq!(ids, ["a", "b", "c", "d"]);
        assert_eq!(objects.get(&entry("c", "").0), Some(&entry("c", "4").1));
        assert_eq!(objects.range(ObjectId::Schema("bb".into())..).count(), 2);
        assert_eq!(objects.get(&id), Some(&entry("d", "5").1));
        objects.retain(|id, _| id.short() == "a");
        assert!(objects.len() == 1 && !objects.contains_key(&id));
        assert_eq!(objects, [entry("a", "2")].into_iter().collect());
        let schema = Object::Schema(Schema { name: "a".into() });
        assert_ne!(objects.insert(schema.id(), schema.clone()), None);
    }
}
