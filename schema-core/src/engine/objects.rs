//! The objects of a Catalog by identity, in order, side by side: a large database has a few hundred thousand.

use super::id::ObjectId;
use super::kind::Object;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::RangeFrom;

/// Objects in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objects(Vec<(ObjectId, Object)>);

/// An object under its id.
type Entry<'a> = (&'a ObjectId, &'a Object);

impl Objects {
    /// Orders what is there already, which must have each id once.
    pub(crate) fn of(mut entries: Vec<(ObjectId, Object)>) -> Self {
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        entries.shrink_to_fit();
        Self(entries)
    }

    fn find(&self, id: &ObjectId) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.cmp(id))
    }

    /// The object of this id.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.find(id).ok().map(|place| &self.0[place].1)
    }

    /// Whether there is one of this id.
    pub fn contains_key(&self, id: &ObjectId) -> bool {
        self.find(id).is_ok()
    }

    /// Adds one; gives back the one that had its id. Many at once are added by `extend`.
    pub fn insert(&mut self, id: ObjectId, object: Object) -> Option<Object> {
        match self.find(&id) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, object)),
            Err(place) => {
                self.0.insert(place, (id, object));
                None
            }
        }
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&ObjectId, &Object) -> bool) {
        self.0.retain(|(id, object)| keep(id, object));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + ExactSizeIterator {
        entries(&self.0)
    }

    /// Those from this id on, in order.
    pub fn range(&self, from: RangeFrom<ObjectId>) -> impl DoubleEndedIterator<Item = Entry<'_>> {
        let (Ok(first) | Err(first)) = self.find(&from.start);
        entries(&self.0[first..])
    }

    /// Their ids, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &ObjectId> + ExactSizeIterator {
        self.0.iter().map(|(id, _)| id)
    }

    /// The objects, in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Object> + ExactSizeIterator {
        self.0.iter().map(|(_, object)| object)
    }

    /// The objects, in order. Their ids must stay what they are.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        self.0.iter_mut().map(|(_, object)| object)
    }
}

fn entries(of: &[(ObjectId, Object)]) -> Entries<'_> {
    of.iter().map(|(id, object)| (id, object))
}

/// What goes over objects in order.
type Entries<'a> =
    std::iter::Map<std::slice::Iter<'a, (ObjectId, Object)>, fn(&'a (ObjectId, Object)) -> Entry<'a>>;

impl<'a> IntoIterator for &'a Objects {
    type Item = Entry<'a>;
    type IntoIter = Entries<'a>;

    fn into_iter(self) -> Self::IntoIter {
        entries(&self.0)
    }
}

/// The last of an id counts.
impl Extend<(ObjectId, Object)> for Objects {
    fn extend<I: IntoIterator<Item = (ObjectId, Object)>>(&mut self, more: I) {
        let before = self.0.len();
        self.0.extend(more);
        if self.0.len() > before {
            self.0.sort_by(|a, b| a.0.cmp(&b.0));
            self.0.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
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
        assert_eq!(objects, Objects::of(vec![entry("a", "2")]));
        let schema = Object::Schema(Schema { name: "a".into() });
        assert_ne!(objects.insert(schema.id(), schema.clone()), None);
    }
}
