//! The plan: Changes to ordered Steps in sections. Knows no kind: what a Step does is said by its sets.

mod fold;
mod graph;
mod rebuild;

use super::catalog::Catalog;
use super::diff::{Change, diff};
use super::error::Error;
use super::hazard::Hazard;
use super::id::ObjectId;
use super::ids::Ids;
use super::kind::{Context, Detachment, Object, settle};
use super::name::QName;
use super::step::{Step, Transaction};
use rebuild::{Detached, Touched, Work, Works};
use std::collections::{BTreeMap, BTreeSet};

/// Ordered Steps from one Catalog to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Each is one transaction.
    pub sections: Vec<Vec<Step>>,
}

impl Plan {
    /// All Steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.sections.iter().flatten()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.sections.iter().all(Vec::is_empty)
    }

    /// Under which settings the Steps must run.
    pub fn settings(&self) -> BTreeSet<&'static str> {
        self.steps().flat_map(|step| step.settings.iter().copied()).collect()
    }

    /// All hazards with the objects they are about.
    pub fn hazards(&self) -> impl Iterator<Item = (&Step, &Hazard)> {
        self.steps().flat_map(|step| step.hazards.iter().map(move |hazard| (step, hazard)))
    }

    /// The Steps, then those of the plan.
    #[must_use]
    pub fn after(mut self, mut first: Vec<Step>) -> Self {
        if first.is_empty() {
            return self;
        }
        if self.sections.is_empty() {
            self.sections.push(Vec::new());
        }
        if let Some(section) = self.sections.first_mut() {
            first.append(section);
            *section = first;
        }
        self
    }

    /// The Steps of the plan, then these.
    #[must_use]
    pub fn before(mut self, last: Vec<Step>) -> Self {
        match self.sections.last_mut() {
            Some(section) => section.extend(last),
            None if last.is_empty() => {}
            None => self.sections.push(last),
        }
        self
    }
}

/// Plans the way from one Catalog to the other.
///
/// # Errors
/// When the rules of the kinds ask for an impossible order; the message names the cycle. That is a bug in a rule.
pub fn plan(old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    plan_changes(&diff(old, new), old, new)
}

/// The same for Changes that are known already.
///
/// # Errors
/// As [`plan`].
pub fn plan_changes(changes: &[Change<'_>], old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    let cx = Context { old, new };
    let Works { work, detached, touched } = rebuild::complete(changes, &cx);
    let (mut steps, mut chain) = (Vec::new(), Vec::new());
    let of_work = work.iter().flat_map(|(id, item)| chains(id, item, &touched, &detached, &cx));
    let of_detached = detached.iter().map(|(user, from)| detaching(user, from, &cx));
    for link in of_work.chain(of_detached) {
        let number = chain.last().map_or(0, |last: &usize| last + 1);
        chain.extend(std::iter::repeat_n(number, link.len()));
        steps.extend(link);
    }
    let edges = graph::edges(&steps, &chain);
    let unit = fold::hosts(&steps, &chain, &edges);
    let mut parts: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
    for (i, step) in steps.iter().enumerate() {
        if unit[i] != i {
            parts.entry(unit[i]).or_default().push(step);
        }
    }
    let keys: Vec<_> = steps.iter().map(key).collect();
    let wishes = graph::wishes(&steps).into_iter().map(|(a, b)| (unit[a], unit[b])).filter(|(a, b)| a != b);
    let between = graph::with_wishes(steps.len(), fold::between(&edges, &unit), wishes.collect());
    let order = graph::order(&keys, &between).map_err(|cycle| cycle_error(&steps, &cycle))?;
    let whole = order.into_iter().filter(|i| unit[*i] == *i);
    let ordered: Vec<Step> =
        whole.map(|i| fold::join(&steps[i], parts.remove(&i).unwrap_or_default())).collect();
    let mut plan = Plan { sections: sections(ordered) };
    forget_new_tables(&mut plan);
    for section in &mut plan.sections {
        *section = fold::merge_neighbours(std::mem::take(section));
    }
    Ok(plan)
}

/// The Steps for one object, each list with the needs and releases that the edges of the Catalogs give.
fn chains(
    id: &ObjectId,
    work: &Work<'_>,
    touched: &Touched,
    detached: &Detached,
    cx: &Context<'_>,
) -> Vec<Vec<Step>> {
    match work {
        Work::Create(new) => vec![creating(new, touched, cx), settle(None, new, cx)],
        Work::Drop(old) => vec![dropping(old, touched, cx)],
        Work::Recreate(old, new) => {
            vec![dropping(old, touched, cx), creating(new, touched, cx), settle(None, new, cx)]
        }
        Work::Rename(old, new) => vec![old.rules().rename(&new.id())],
        Work::Alter(old, new, steps) => {
            let mut steps = steps.clone();
            let gone = cx.old.needs(id).filter(|on| !cx.new.edges.contains(id, on));
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

fn creating(new: &Object, touched: &Touched, cx: &Context<'_>) -> Vec<Step> {
    let mut steps = new.rules().create(cx);
    let id = new.id();
    need(&mut steps, cx.new.needs(&id));
    need(&mut steps, cx.new.needs(&id).filter_map(|on| touched.get(on)).flatten());
    steps
}

fn dropping(old: &Object, touched: &Touched, cx: &Context<'_>) -> Vec<Step> {
    let mut steps = old.rules().drop(cx);
    let id = old.id();
    release(&mut steps, cx.old.needs(&id));
    release(&mut steps, cx.old.needs(&id).filter_map(|on| touched.get(on)).flatten());
    steps
}

/// Lets go before the old forms are dropped, takes hold when the new ones are there. The user has no form of its own
/// in between.
fn detaching(user: &ObjectId, from: &BTreeMap<ObjectId, Detachment>, cx: &Context<'_>) -> Vec<Step> {
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
    for id in ids {
        if !steps.iter().any(|step| step.needs.contains(id))
            && let Some(first) = steps.first_mut()
        {
            first.needs.insert(id.clone());
        }
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

/// Where a Step stands among those that could come next: by rank, a table together with all that is its own; the drops
/// of what is no part of something else come last, by rank the other way round.
fn key(step: &Step) -> ((u8, Option<&QName>), (bool, u8, i16)) {
    let rank = step.causes.first().map_or(0, ObjectId::rank);
    let drops = step.builds.is_empty() && !step.destroys.is_empty();
    let table = step.causes.first().and_then(ObjectId::table).or(step.locks.first().map(|(_, table)| table));
    let group = match step.causes.first() {
        Some(id) if id.watches() => {
            if drops {
                0
            } else {
                u8::MAX
            }
        }
        Some(_) if drops && step.causes.iter().any(|id| !id.is_part()) => u8::MAX - 1 - rank,
        Some(id) => id.group(),
        None => 0,
    };
    ((group, table), (!drops, rank, step.position))
}

/// Splits where something must be committed before it is used.
fn sections(steps: Vec<Step>) -> Vec<Vec<Step>> {
    let mut sections: Vec<Vec<Step>> = Vec::new();
    let mut uncommitted = Ids::default();
    for step in steps {
        if sections.is_empty() || !step.needs.is_disjoint(&uncommitted) {
            sections.push(Vec::new());
            uncommitted.clear();
        }
        if step.transaction == Transaction::CommitBeforeUse {
            uncommitted.extend(step.builds.iter().cloned());
        }
        if let Some(section) = sections.last_mut() {
            section.push(step);
        }
    }
    sections
}

/// Nobody waits for a relation that did not exist, and it has no rows that could stand in the way.
fn forget_new_tables(plan: &mut Plan) {
    let tables = |ids: fn(&Step) -> &Ids| -> BTreeSet<QName> {
        plan.steps().flat_map(ids).filter_map(ObjectId::as_relation).cloned().collect()
    };
    let (built, destroyed) = (tables(|step| &step.builds), tables(|step| &step.destroys));
    let is_new = |table: &QName| built.contains(table) && !destroyed.contains(table);
    for step in plan.sections.iter_mut().flatten() {
        let before = step.locks.len();
        let first_is_new = step.locks.first().is_some_and(|(_, table)| is_new(table));
        step.locks.retain(|(_, table)| !is_new(table));
        if before > 0 && first_is_new {
            step.hazards.clear();
        }
    }
}

fn cycle_error(steps: &[Step], cycle: &[usize]) -> Error {
    let path: Vec<String> = cycle.iter().map(|i| format!("  {}", steps[*i].shown())).collect();
    Error::failed(format!(
        "these statements each have to come before the next, and the last before the first:\n{}",
        path.join("\n")
    ))
    .next("this is a bug in schema: please report it with both schemas; a hand-written migration gets you on")
}
