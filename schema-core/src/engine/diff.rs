//! The diff: two Catalogs to Changes. Knows no kind: equality is each kind's own rule.

use super::catalog::Catalog;
use super::id::ObjectId;
use super::kind::{Alteration, Context, Object};

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
    let cx = Context { old, new };
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
    let both = old.objects.iter().filter_map(|(id, old)| Some((id, old, new.objects.get(id)?)));
    both.filter(|(_, old, new)| old != new)
        .filter_map(|(id, old, new)| Some(format!("{id} {}", old.rules().beyond(new)?)))
        .collect()
}

/// A drop beside a create of the same definition becomes a rename, for kinds whose names carry no data.
fn pair_renames(changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    let mut pairs: Vec<(&Object, &Object)> = Vec::new();
    let creates: Vec<&Object> =
        changes.iter().filter_map(|c| if let Change::Create(o) = c { Some(*o) } else { None }).collect();
    let nameless: Vec<&Object> = creates.into_iter().filter(|o| o.rules().nameless()).collect();
    for change in &changes {
        if let Change::Drop(old) = change
            && old.rules().nameless()
            && let Some(new) = nameless
                .iter()
                .find(|new| old.rules().equal_but_name(new) && pairs.iter().all(|(_, n)| n != *new))
        {
            pairs.push((old, new));
        }
    }
    if pairs.is_empty() {
        return changes;
    }
    let renamed_to = |id: &ObjectId| pairs.iter().find(|(old, _)| old.id() == *id).map(|(_, new)| new.id());
    // What hangs on a renamed object stays with it, if it is the same.
    let stays = |old: &Object, new: &Object| {
        let under = old.id().parent().and_then(|parent| renamed_to(&parent));
        under.is_some() && under == new.id().parent() && old.rules().equal_but_name(new)
    };
    let kept = |change: &Change<'_>| match change {
        Change::Drop(old) => {
            !pairs.iter().any(|(o, _)| o == old)
                && !changes.iter().any(|other| matches!(other, Change::Create(new) if stays(old, new)))
        }
        Change::Create(new) => {
            !pairs.iter().any(|(_, n)| n == new)
                && !changes.iter().any(|other| matches!(other, Change::Drop(old) if stays(old, new)))
        }
        Change::Alter(..) | Change::Rename(..) => true,
    };
    let mut result: Vec<Change<'_>> = changes.iter().filter(|c| kept(c)).copied().collect();
    result.extend(pairs.iter().map(|(old, new)| Change::Rename(old, new)));
    result
}
