//! A small set of ids in order: what a Step builds, needs, destroys, releases. Most have one or two.

use super::id::ObjectId;

/// A set of ids, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids(Vec<ObjectId>);

impl Ids {
    /// Adds one.
    pub fn insert(&mut self, id: ObjectId) {
        if let Err(place) = self.0.binary_search(&id) {
            if self.0.is_empty() {
                self.0.reserve_exact(1);
            }
            self.0.insert(place, id);
        }
    }

    /// Whether it is among them.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.0.binary_search(id).is_ok()
    }

    /// Whether no id is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let (few, many) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        !few.iter().any(|id| many.contains(id))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, ObjectId> {
        self.0.iter()
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, keep: impl FnMut(&ObjectId) -> bool) {
        self.0.retain(keep);
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Extend<ObjectId> for Ids {
    fn extend<I: IntoIterator<Item = ObjectId>>(&mut self, more: I) {
        let before = self.0.len();
        self.0.extend(more);
        if self.0.len() > before {
            self.0.sort_unstable();
            self.0.dedup();
        }
    }
}

impl FromIterator<ObjectId> for Ids {
    fn from_iter<I: IntoIterator<Item = ObjectId>>(ids: I) -> Self {
        let mut set = Self::default();
        set.extend(ids);
        set
    }
}

impl IntoIterator for Ids {
    type Item = ObjectId;
    type IntoIter = std::vec::IntoIter<ObjectId>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Ids {
    type Item = &'a ObjectId;
    type IntoIter = std::slice::Iter<'a, ObjectId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
