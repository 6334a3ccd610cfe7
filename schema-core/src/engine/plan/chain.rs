//! The Steps for one object: those of its kind, with what the edges of the Catalogs say that they need and release. Parts
//! that can only go with their new table are in its Step already.

use super::rebuild::{Touched, Work, Works};
use super::{Item, Link, fold};
use crate::engine::id::ObjectId;
use crate::engine::kind::{Context, Detachment, Object, settle};
use crate::engine::step::{Sql, Step};
use std::collections::{BTreeMap, BTreeSet};
use thin_vec::ThinVec;

/// The Steps for an object.
pub(super) fn links_of(item: &Item<'_>, works: &Works<'_>, cx: &Context<'_>) -> Vec<Link> {
    let (number, id, work) = *item;
    let chains = (0..).zip(links(id, work, works, cx));
    let numbered = |(chain, steps): (u32, Vec<Step>)| {
        (0..).zip(steps).map(move |(place, step)| ((number, chain, place), step))
    };
    chains.flat_map(numbered).collect()
}

/// The Steps for a new table and its new parts, or for new objects that are in no table, in the order of ids. `gone` is
/// what Steps of other objects destroy.
pub(super) fn links_of_new(
    items: &[Item<'_>],
    gone: &BTreeSet<ObjectId>,
    works: &Works<'_>,
    cx: &Context<'_>,
) -> Vec<Link> {
    let mut all: Vec<Link> = Vec::new();
    let mut whole: Option<usize> = None;
    for (number, id, work) in items {
        for (chain, steps) in (0..).zip(links(id, work, works, cx)) {
            let alone = steps.len() == 1;
            for (place, step) in (0..).zip(steps) {
                // What takes a name that has to become free first may have to come later than its table.
                let free = alone && step.builds.iter().all(|id| !gone.contains(id));
                let left = match whole.filter(|_| free) {
                    Some(whole) => fold::settle(&mut all[whole].1, step, |on| rests(on, works, cx, DEEP)),
                    None => Some(step),
                };
                let Some(step) = left else { continue };
                if matches!(step.sql, Sql::Container(_)) {
                    whole = Some(all.len());
                }
                all.push(((*number, chain, place), step));
            }
        }
    }
    if let Some(whole) = whole {
        fold::trim(&mut all[whole].1);
    }
    all
}

/// How far it is asked what something new needs.
const DEEP: u8 = 4;

/// Whether no Step that builds this can have to wait for one that builds a table: it stays as it is, or is new and in no
/// table, as is all that it needs.
fn rests(id: &ObjectId, works: &Works<'_>, cx: &Context<'_>, deep: u8) -> bool {
    match works.work.get(id) {
        None if works.touched.contains_key(id) || works.detached.contains_key(id) => false,
        // What is no object, as that a column is not null, is said by what alters something.
        None => cx.old.get(id).is_some() || works.all_new && id.table().is_some() && cx.new.get(id).is_none(),
        Some(Work::Create(_)) => {
            deep > 0 && id.table().is_none() && cx.new.needs(id).all(|on| rests(on, works, cx, deep - 1))
        }
        Some(Work::Drop(_) | Work::Recreate(..) | Work::Alter(..) | Work::Rename(..)) => false,
    }
}

/// The Steps for one object, each list with the needs and releases that the edges of the Catalogs give.
fn links(id: &ObjectId, work: &Work<'_>, works: &Works<'_>, cx: &Context<'_>) -> Vec<Vec<Step>> {
    let Works { touched, detached, renamed, .. } = works;
    match work {
        Work::Create(new) => {
            let mut links = vec![creating(new, touched, cx), settle(None, new, cx)];
            links.iter_mut().flatten().for_each(|step| forget_rows(step, cx));
            links
        }
        Work::Drop(old) => vec![dropping(old, touched, cx)],
        Work::Recreate(old, new) => {
            vec![dropping(old, touched, cx), creating(new, touched, cx), settle(None, new, cx)]
        }
        Work::Rename(old, new) => vec![old.rules().rename(&new.id())],
        Work::Alter(old, new, steps) => {
            let mut steps = steps.clone();
            // What only gets another name is needed all the time.
            let goes = |on: &&ObjectId| !cx.new.edges.contains(id, on) && !renamed.contains(*on);
            let gone = cx.old.needs(id).filter(goes);
            let from = detached.get(id);
            release(&mut steps, gone.filter(|on| !from.is_some_and(|from| from.contains_key(*on))));
            need(&mut steps, cx.new.needs(id));
            if from.is_some() {
                // It has let go of its old form already, and comes after it has taken hold of the new one.
                need(&mut steps, std::iter::once(id));
                if let Some(last) = steps.iter_mut().rfind(|step| !step.afterthought) {
                    last.builds.insert(id.clone());
                }
                return vec![steps];
            }
            // The old form goes with the first, the new one is there after the last. Steps that say themselves that
            // they build it only add to it.
            if !steps.iter().any(|step| step.builds.contains(id))
                && let Some(first) = steps.iter_mut().find(|step| !step.afterthought)
            {
                first.destroys.insert(id.clone());
            }
            if let Some(last) = steps.iter_mut().rfind(|step| !step.afterthought) {
                last.builds.insert(id.clone());
            }
            vec![steps, settle(Some(old), new, cx)]
        }
    }
}

/// What was not there before has no rows that could stand in the way, and nobody waits for it.
fn forget_rows(step: &mut Step, cx: &Context<'_>) {
    if step.locks.first().is_some_and(|(_, relation)| !cx.old.has_relation(relation)) {
        step.hazards = ThinVec::new();
    }
}

fn creating(new: &Object, touched: &Touched, cx: &Context<'_>) -> Vec<Step> {
    let mut steps = new.rules().create(cx);
    let id = new.id();
    let on: Vec<&ObjectId> = cx.new.needs(&id).collect();
    need(&mut steps, on.iter().copied());
    need(&mut steps, on.into_iter().filter_map(|on| touched.get(on)).flatten());
    steps
}

fn dropping(old: &Object, touched: &Touched, cx: &Context<'_>) -> Vec<Step> {
    let mut steps = old.rules().drop(cx);
    let id = old.id();
    let on: Vec<&ObjectId> = cx.old.needs(&id).collect();
    release(&mut steps, on.iter().copied());
    release(&mut steps, on.into_iter().filter_map(|on| touched.get(on)).flatten());
    steps
}

/// Lets go before the old forms are dropped, takes hold when the new ones are there. The user has no form of its own
/// in between.
pub(super) fn detaching(
    user: &ObjectId,
    from: &BTreeMap<ObjectId, Detachment>,
    cx: &Context<'_>,
) -> Vec<Step> {
    let (mut before, mut after): (Vec<Step>, Vec<Step>) = (Vec::new(), Vec::new());
    for Detachment { before: first, after: last, rebuild: _ } in from.values() {
        before.retain(|step| !first.contains(step));
        before.extend(first.iter().cloned());
        after.retain(|step| !last.contains(step));
        after.extend(last.iter().cloned());
    }
    release(&mut before, from.keys());
    need(&mut after, from.keys().chain(cx.new.needs(user)));
    if let Some(first) = before.first_mut() {
        first.destroys.insert(user.clone());
    }
    if let Some(last) = after.last_mut() {
        last.builds.insert(user.clone());
    }
    before.append(&mut after);
    before
}

fn need<'a>(steps: &mut [Step], ids: impl Iterator<Item = &'a ObjectId>) {
    let known = |id: &&ObjectId| steps.iter().any(|step| step.needs.contains(*id));
    let missing: Vec<ObjectId> = ids.filter(|id| !known(id)).cloned().collect();
    if let Some(first) = steps.first_mut() {
        first.needs.extend(missing);
    }
}

fn release<'a>(steps: &mut [Step], ids: impl Iterator<Item = &'a ObjectId>) {
    for id in ids {
        if !steps.iter().any(|step| step.releases.contains(id))
            && let Some(last) = steps.last_mut()
        {
            last.releases.insert(id.clone());
        }
    }
}
