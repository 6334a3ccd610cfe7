//! The diff: two Catalogs to Changes. Knows no kind: equality is each kind's own rule.

use super::catalog::Catalog;
use super::id::ObjectId;
use super::kind::{Alteration, Context, Object};
use std::collections::{BTreeMap, BTreeSet};

/// Create, drop or alter of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// Only the new Catalog has it.
    Create(&'a Object),
    /// Only the old Catalog has it.
    Drop(&'a Object),
    /// Both have it, and differ.
    Alter(&'a Object, &'a Object),
    /// The same definition under another name, where a name carries no data.
    Rename(&'a Object, &'a Object),
}

impl<'a> Change<'a> {
    /// The object's id: the new one of a rename.
    pub fn id(&self) -> ObjectId {
        self.object().id()
    }

    /// The object: the new one where there are two.
    pub fn object(&self) -> &'a Object {
        match self {
            Self::Create(object) | Self::Drop(object) | Self::Alter(_, object) | Self::Rename(_, object) => {
                object
            }
        }
    }
}

/// The Changes from one Catalog to the other, by id.
pub fn diff<'a>(old: &'a Catalog, new: &'a Catalog) -> Vec<Change<'a>> {
    let cx = Context::new(old, new);
    let mut changes = Vec::new();
    let (mut olds, mut news) = (old.objects.iter().peekable(), new.objects.iter().peekable());
    loop {
        let order = match (olds.peek(), news.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let before = if order.is_le() { olds.next() } else { None };
        let after = if order.is_ge() { news.next() } else { None };
        match (before, after) {
            (Some((_, a)), Some((_, b))) => {
                if a != b && a.rules().alter(b, &cx) != Alteration::Same {
                    changes.push(Change::Alter(a, b));
                }
            }
            (Some((_, a)), None) => changes.push(Change::Drop(a)),
            (None, Some((_, b))) => changes.push(Change::Create(b)),
            (None, None) => {}
        }
    }
    pair_renames(changes)
}

/// Differences that no statement makes up for, a line each.
pub fn beyond(old: &Catalog, new: &Catalog) -> Vec<String> {
    let cx = Context::new(old, new);
    let what = |id: &ObjectId, object: &Object| match old.get(id) {
        Some(before) if before != object => before.rules().beyond(object),
        Some(_equal) => None,
        None => object.rules().beyond_creation(&cx),
    };
    new.objects.iter().filter_map(|(id, object)| Some(format!("{id} {}", what(id, object)?))).collect()
}

/// A drop beside a create of the same definition becomes a rename, for kinds whose names carry no data.
fn pair_renames<'a>(changes: Vec<Change<'a>>) -> Vec<Change<'a>> {
    let created = |change: &Change<'a>| if let Change::Create(new) = change { Some(*new) } else { None };
    let dropped = |change: &Change<'a>| if let Change::Drop(old) = change { Some(*old) } else { None };
    let mut free: Vec<&Object> = changes.iter().filter_map(created).collect();
    free.retain(|new| new.rules().nameless());
    let mut pairs: Vec<(&Object, &Object)> = Vec::new();
    for old in changes.iter().filter_map(dropped).filter(|old| old.rules().nameless()) {
        if let Some(at) = free.iter().position(|new| old.rules().equal_but_name(new)) {
            pairs.push((old, free.remove(at)));
        }
    }
    if pairs.is_empty() {
        return changes;
    }
    let renamed: BTreeMap<ObjectId, ObjectId> = pairs.iter().map(|(old, new)| (old.id(), new.id())).collect();
    // What hangs on a renamed object stays with it, if it is the same.
    let mut hanging: BTreeMap<ObjectId, Vec<&Object>> = BTreeMap::new();
    for new in changes.iter().filter_map(created) {
        if let Some(parent) = new.id().parent() {
            hanging.entry(parent).or_default().push(new);
        }
    }
    let mut settled: BTreeSet<ObjectId> = renamed.iter().flat_map(|(old, new)| [old, new]).cloned().collect();
    for old in changes.iter().filter_map(dropped) {
        let under = old.id().parent().and_then(|parent| renamed.get(&parent));
        let same = under.and_then(|under| hanging.get(under)).into_iter().flatten();
        for new in same.filter(|new| old.rules().equal_but_name(new)) {
            settled.extend([old.id(), new.id()]);
        }
    }
    let kept = |change: &Change<'_>| match change {
        Change::Drop(object) | Change::Create(object) => !settled.contains(&object.id()),
        Change::Alter(..) | Change::Rename(..) => true,
    };
    let mut result: Vec<Change<'a>> = changes.iter().filter(|c| kept(c)).copied().collect();
    result.extend(pairs.iter().map(|(old, new)| Change::Rename(old, new)));
    result
}
