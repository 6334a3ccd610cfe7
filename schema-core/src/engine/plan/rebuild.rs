//! Which objects must be dropped and created although they did not change: what depends on something that is
//! recreated, and what an alteration asks for. Knows no kind.

use crate::engine::diff::Change;
use crate::engine::id::ObjectId;
use crate::engine::kind::{Alteration, Context, Detachment, Object};
use std::collections::{BTreeMap, BTreeSet};

/// What happens to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work<'a> {
    Create(&'a Object),
    Drop(&'a Object),
    Recreate(&'a Object, &'a Object),
    Alter(&'a Object, &'a Object, Vec<crate::engine::step::Step>),
    Rename(&'a Object, &'a Object),
}

/// Objects that are changed by the Steps of others: of which.
pub(super) type Touched = BTreeMap<ObjectId, BTreeSet<ObjectId>>;

/// Who lets go of whom, and how.
pub(super) type Detached = BTreeMap<ObjectId, BTreeMap<ObjectId, Detachment>>;

/// What gets another name, by the one that it has.
type Renamed<'a> = BTreeMap<ObjectId, (&'a Object, &'a Object)>;

/// All that is to be done.
#[derive(Default)]
pub(super) struct Works<'a> {
    /// By id.
    pub(super) work: BTreeMap<ObjectId, Work<'a>>,
    /// What is kept by letting go of what it depends on.
    pub(super) detached: Detached,
    /// What is changed along with others.
    pub(super) touched: Touched,
    /// What gets another name and stays, by the one that it has.
    pub(super) renamed: BTreeSet<ObjectId>,
    /// Nothing that is there is changed or dropped.
    pub(super) all_new: bool,
}

/// All that is to be done for the Changes.
pub(super) fn complete<'a>(changes: &[Change<'a>], cx: &Context<'a>) -> Works<'a> {
    // Nearly all of them, when a database is printed: in order they are one pass.
    let created = |change: &Change<'a>| match change {
        Change::Create(new) => Some((new.id(), Work::Create(new))),
        Change::Drop(_) | Change::Alter(..) | Change::Rename(..) => None,
    };
    let mut work: BTreeMap<ObjectId, Work<'a>> = changes.iter().filter_map(created).collect();
    let all_created = work.len();
    let mut detached = Detached::new();
    let mut touched = Touched::new();
    let mut disturbed = Vec::new();
    let renamed = |change: &Change<'a>| match *change {
        Change::Rename(old, new) => Some((old.id(), (old, new))),
        Change::Create(_) | Change::Drop(_) | Change::Alter(..) => None,
    };
    let renamed: Renamed<'a> = changes.iter().filter_map(renamed).collect();
    for change in changes {
        let id = change.id();
        let item = match change {
            Change::Create(_) => continue,
            Change::Drop(old) => {
                disturbed.push(id.clone());
                Work::Drop(old)
            }
            Change::Rename(old, new) => Work::Rename(old, new),
            Change::Alter(old, new) => match old.rules().alter(new, cx) {
                Alteration::Same => continue,
                Alteration::InPlace { steps, rebuild, touches } => {
                    for dependent in rebuild {
                        recreate(&mut work, &dependent, &renamed, cx, &mut disturbed);
                    }
                    for object in touches {
                        touched.entry(object).or_default().insert(id.clone());
                    }
                    Work::Alter(old, new, steps)
                }
                Alteration::Recreate => {
                    disturbed.push(id.clone());
                    Work::Recreate(old, new)
                }
            },
        };
        // An alteration that was asked to rebuild this one may have come first.
        work.entry(id).or_insert(item);
    }
    if disturbed.is_empty() {
        let all_new = work.len() == all_created;
        return Works { renamed: renamed.into_keys().collect(), all_new, work, detached, touched };
    }
    let mut along: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, object) in &cx.old.objects {
        if let Some(with) = object.rules().goes_with() {
            along.entry(with).or_default().push(id);
        }
    }
    while let Some(id) = disturbed.pop() {
        for taken in along.get(&id).into_iter().flatten() {
            if !matches!(work.get(*taken), Some(Work::Alter(..))) {
                recreate(&mut work, taken, &renamed, cx, &mut disturbed);
            }
        }
        for user in cx.old.edges.users(&id) {
            let still_depends = cx.new.edges.contains(user, &id);
            // What differs without Steps of its own changes along with something else.
            let altered = match work.get(user) {
                Some(work) => matches!(work, Work::Alter(..)),
                None => cx.new.get(user).is_some_and(|new| cx.old.get(user) != Some(new)),
            };
            let Some(detachment) = detach(&work, user, &id, cx) else {
                if !altered || still_depends {
                    recreate(&mut work, user, &renamed, cx, &mut disturbed);
                }
                continue;
            };
            for dependent in &detachment.rebuild {
                recreate(&mut work, dependent, &renamed, cx, &mut disturbed);
            }
            detached.entry(user.clone()).or_default().insert(id.clone(), detachment);
        }
    }
    // What came to be dropped and created again needs no other way.
    detached.retain(|user, _| matches!(work.get(user), None | Some(Work::Alter(..))));
    let stays = |(_, new): &(&Object, &Object)| matches!(work.get(&new.id()), Some(Work::Rename(..)));
    let renamed = renamed.into_iter().filter(|(_, pair)| stays(pair)).map(|(old, _)| old).collect();
    Works { work, detached, touched, renamed, all_new: false }
}

/// How an object that stays lets go of one that is dropped.
fn detach(
    work: &BTreeMap<ObjectId, Work<'_>>,
    user: &ObjectId,
    on: &ObjectId,
    cx: &Context<'_>,
) -> Option<Detachment> {
    if !matches!(work.get(user), None | Some(Work::Alter(..))) {
        return None;
    }
    cx.old.get(user)?.rules().detach(cx.new.get(user)?, on, cx)
}

/// Marks an object that both Catalogs have, be it under another name; others come or go anyway.
fn recreate<'a>(
    work: &mut BTreeMap<ObjectId, Work<'a>>,
    id: &ObjectId,
    renamed: &Renamed<'a>,
    cx: &Context<'a>,
    disturbed: &mut Vec<ObjectId>,
) {
    if let Some((old, new)) = renamed.get(id) {
        // There is nothing that could get the new name: it comes under it.
        if work.insert(id.clone(), Work::Drop(old)).is_none() {
            let new_id = new.id();
            let hanging = cx.new.edges.users(&new_id).filter(|user| cx.old.get(user).is_none());
            for (user, object) in hanging.filter_map(|user| Some((user, cx.new.get(user)?))) {
                work.entry(user.clone()).or_insert(Work::Create(object));
            }
            work.insert(new_id, Work::Create(new));
            disturbed.push(id.clone());
        }
        return;
    }
    let (Some(old), Some(new)) = (cx.old.get(id), cx.new.get(id)) else {
        return;
    };
    if matches!(work.get(id), None | Some(Work::Alter(..))) {
        work.insert(id.clone(), Work::Recreate(old, new));
        disturbed.push(id.clone());
    }
}
