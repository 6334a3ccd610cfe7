//! The plan: Changes to ordered Steps in sections. Knows no kind: what a Step does is said by its sets.

mod fold;
mod graph;
mod online;
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
    /// Each is one transaction, or one Step outside of any.
    pub sections: Vec<Vec<Step>>,
}

/// Whether the section runs outside of a transaction.
pub fn is_outside(section: &[Step]) -> bool {
    section.iter().any(|step| step.transaction == Transaction::Outside)
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
        match self.sections.first_mut().filter(|section| takes_any(section)) {
            Some(section) => {
                first.append(section);
                *section = first;
            }
            None => self.sections.insert(0, first),
        }
        self
    }

    /// This plan, then the other.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        let mut sections = other.sections.into_iter();
        let joins = |sections: &std::vec::IntoIter<Vec<Step>>| {
            sections.as_slice().first().is_some_and(|first| takes_any(first))
        };
        if joins(&sections) {
            self = self.before(sections.next().unwrap_or_default());
        }
        self.sections.extend(sections);
        self
    }

    /// The Steps of the plan, then these.
    #[must_use]
    pub fn before(mut self, last: Vec<Step>) -> Self {
        match self.sections.last_mut().filter(|section| takes_any(section)) {
            Some(section) => section.extend(last),
            None if last.is_empty() => {}
            None => self.sections.push(last),
        }
        self
    }
}

/// Whether other Steps can be added to the section.
fn takes_any(section: &[Step]) -> bool {
    section.iter().all(|step| match step.transaction {
        Transaction::Inside | Transaction::CommitBeforeUse => true,
        Transaction::Later | Transaction::Outside => false,
    })
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
    let all = collect(changes, &Context { old, new });
    match arrange(&all) {
        Ok(ordered) => Ok(finish(ordered)),
        Err(cycle) => Err(cycle_error(&all.steps, &cycle)),
    }
}

/// The same for a database in use: what its kind can do under weaker locks, is done so. Where that form would close a
/// circle, as with folding, the plain one stays.
///
/// # Errors
/// As [`plan`].
pub fn plan_online(changes: &[Change<'_>], old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    let all = collect(changes, &Context { old, new });
    let mut plain = BTreeSet::new();
    loop {
        let (chained, origin) = online::replace(&all, &plain);
        let cycle = match arrange(&chained) {
            Ok(ordered) => return Ok(finish(ordered)),
            Err(cycle) => cycle,
        };
        let on_it: BTreeSet<usize> = cycle.iter().filter_map(|i| origin[*i]).collect();
        if on_it.is_empty() {
            return Err(cycle_error(&chained.steps, &cycle));
        }
        plain.extend(on_it);
    }
}

/// Steps with the number of the chain that each belongs to. The Steps of a chain keep their order.
#[derive(Debug, Clone, Default)]
struct Chained {
    steps: Vec<Step>,
    chain: Vec<usize>,
}

/// All Steps for the Changes.
fn collect(changes: &[Change<'_>], cx: &Context<'_>) -> Chained {
    let Works { work, detached, touched } = rebuild::complete(changes, cx);
    let mut all = Chained::default();
    let of_work = work.iter().flat_map(|(id, item)| chains(id, item, &touched, &detached, cx));
    let of_detached = detached.iter().map(|(user, from)| detaching(user, from, cx));
    for link in of_work.chain(of_detached) {
        let number = all.chain.last().map_or(0, |last: &usize| last + 1);
        all.chain.extend(std::iter::repeat_n(number, link.len()));
        all.steps.extend(link);
    }
    all
}

/// Folds and orders the Steps. `Err` holds those of one cycle.
fn arrange(Chained { steps, chain }: &Chained) -> Result<Vec<Step>, Vec<usize>> {
    let edges = graph::edges(steps, chain);
    let unit = fold::hosts(steps, chain, &edges);
    let mut parts: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
    for (i, step) in steps.iter().enumerate() {
        if unit[i] != i {
            parts.entry(unit[i]).or_default().push(step);
        }
    }
    let wishes = graph::wishes(steps).into_iter().map(|(a, b)| (unit[a], unit[b])).filter(|(a, b)| a != b);
    let between = graph::with_wishes(steps.len(), fold::between(&edges, &unit), wishes.collect());
    let mut keys: Vec<_> = steps.iter().map(|step| (online::Phase::First, key(step))).collect();
    let order_by = |keys: &[(online::Phase, Key<'_>)]| {
        let keys: Vec<_> = keys.iter().map(|(phase, (group, place))| ((*phase, *group), *place)).collect();
        graph::order(&keys, &between)
    };
    let mut order = order_by(&keys)?;
    if let Some(phases) = online::phases(steps, chain, &between, &order) {
        keys.iter_mut().zip(phases).for_each(|((phase, _), of_step)| *phase = of_step);
        order = order_by(&keys)?;
    }
    let whole = order.into_iter().filter(|i| unit[*i] == *i);
    Ok(whole.map(|i| fold::join(&steps[i], parts.remove(&i).unwrap_or_default())).collect())
}

/// The ordered Steps as a plan.
fn finish(ordered: Vec<Step>) -> Plan {
    let mut plan = Plan { sections: sections(ordered) };
    forget_new_tables(&mut plan);
    for section in &mut plan.sections {
        *section = fold::merge_neighbours(std::mem::take(section));
    }
    plan
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

/// A group, and a place in it.
type Key<'a> = ((u8, Option<&'a QName>), (bool, u8, i16));

/// Where a Step stands among those that could come next: by rank, a table together with all that is its own; the drops
/// of what is no part of something else come last, by rank the other way round.
fn key(step: &Step) -> Key<'_> {
    let rank = step.causes.first().map_or(0, ObjectId::rank);
    let drops = step.only_drops();
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

/// Splits where something must be committed before it is used, or holds no stronger lock while it takes long.
fn sections(steps: Vec<Step>) -> Vec<Vec<Step>> {
    let mut sections: Vec<Vec<Step>> = Vec::new();
    let mut uncommitted = Ids::default();
    for step in steps {
        let fits = sections.last().is_some_and(|section| match step.transaction {
            Transaction::Outside => false,
            Transaction::Later => section.iter().all(|other| {
                other.transaction == Transaction::Later && other.locks.first() == step.locks.first()
            }),
            Transaction::Inside | Transaction::CommitBeforeUse => {
                section.last().is_some_and(|last| takes_any(std::slice::from_ref(last)))
                    && step.needs.is_disjoint(&uncommitted)
            }
        });
        if !fits {
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
