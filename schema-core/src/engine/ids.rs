//! A small set in order: what a Step builds, needs, destroys, releases. Most have one or two, many none: an empty one is a
//! pointer wide.

use super::id::ObjectId;
use std::borrow::Borrow;
use thin_vec::ThinVec;

/// Adds one at the end. The first takes no more room than it needs: most lists of a Step stay with it.
pub(super) fn push<T>(to: &mut ThinVec<T>, item: T) {
    if to.is_empty() {
        to.reserve_exact(1);
    }
    to.push(item);
}

/// A set, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<T>(ThinVec<T>);

/// A set of ids.
pub type Ids = Few<ObjectId>;

impl<T: Ord> Few<T> {
    /// Adds one.
    pub fn insert(&mut self, item: T) {
        if let Err(place) = self.0.binary_search(&item) {
            if self.0.is_empty() {
                self.0.reserve_exact(1);
            }
            self.0.insert(place, item);
        }
    }

    /// Whether it is among them.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|own| own.borrow().cmp(item)).is_ok()
    }

    /// Whether none is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let (few, many) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        !few.iter().any(|item| many.contains(item))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.0.retain(|item| keep(item));
    }

    /// Gives back the room that it does not need.
    pub(super) fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(ThinVec::new())
    }
}

impl<T: Ord> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, more: I) {
        let before = self.0.len();
        let more = more.into_iter();
        if before == 0 {
            self.0.reserve_exact(more.size_hint().0);
        }
        self.0.extend(more);
        if self.0.len() > before {
            self.0.sort_unstable();
            self.0.dedup();
        }
    }
}

impl<T: Ord> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::default();
        set.extend(items);
        set
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = thin_vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
