//! The plan: Changes to ordered Steps in sections. Knows no kind: what a Step does is said by its sets.

mod chain;
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
use super::kind::Context;
use super::name::QName;
use super::step::{Step, Transaction};
use rebuild::{Work, Works};
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

/// The same for a whole Catalog that nobody needs any more: a large one is gone before its Steps are ordered.
///
/// # Errors
/// As [`plan`].
pub fn plan_whole(old: &Catalog, new: Catalog) -> Result<Plan, Error> {
    let cx = Context::new(old, &new);
    let works = rebuild::complete(&diff(old, &new), &cx);
    let all = collect(works, &cx);
    drop(new);
    ordered(all)
}

/// The same for Changes that are known already.
///
/// # Errors
/// As [`plan`].
pub fn plan_changes(changes: &[Change<'_>], old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    let cx = Context::new(old, new);
    ordered(collect(rebuild::complete(changes, &cx), &cx))
}

fn ordered(all: Chained) -> Result<Plan, Error> {
    match arrange(&all) {
        Ok(order) => Ok(finish(all.steps, &order)),
        Err(cycle) => Err(cycle_error(&all.steps, &cycle)),
    }
}

/// The same for a database in use: what its kind can do under weaker locks, is done so. Where that form would close a
/// circle, as with folding, the plain one stays.
///
/// # Errors
/// As [`plan`].
pub fn plan_online(changes: &[Change<'_>], old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    let cx = Context::new(old, new);
    let all = collect(rebuild::complete(changes, &cx), &cx);
    let mut plain = BTreeSet::new();
    loop {
        let (chained, origin) = online::replace(&all, &plain);
        let cycle = match arrange(&chained) {
            Ok(order) => return Ok(finish(chained.steps, &order)),
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

impl Chained {
    /// Adds a chain.
    fn push(&mut self, link: Vec<Step>) {
        let number = self.chain.last().map_or(0, |last| last + 1);
        self.chain.extend(std::iter::repeat_n(number, link.len()));
        self.steps.extend(link);
    }
}

/// So many objects are worth a thread.
const A_THREADS_WORTH: usize = 5_000;

/// What is to be done with an object; the number is its place in the order of ids.
type Item<'a> = (u32, &'a ObjectId, &'a Work<'a>);

/// A Step and where it stands: the number of its object, which one of the object's chains, its place in that.
type Link = ((u32, u32, u32), Step);

/// All Steps for what is to be done.
#[allow(
    clippy::disallowed_methods,
    reason = "each half depends on its arguments alone; they are joined in order"
)]
fn collect(works: Works<'_>, cx: &Context<'_>) -> Chained {
    let items: Vec<Item<'_>> =
        (0..).zip(&works.work).map(|(number, (id, work))| (number, id, work)).collect();
    let (mut items, others): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|(_, _, work)| matches!(work, Work::Create(_)));
    let changing: Vec<Link> = others.iter().flat_map(|item| chain::links_of(item, &works, cx)).collect();
    let detaching: Vec<Vec<Step>> =
        works.detached.iter().map(|(user, from)| chain::detaching(user, from, cx)).collect();
    let steps = changing.iter().map(|(_, step)| step).chain(detaching.iter().flatten());
    let gone: BTreeSet<ObjectId> = steps.flat_map(|step| step.destroys.iter().cloned()).collect();
    items.sort_by(|a, b| a.1.table().cmp(&b.1.table()));
    let of_table: Vec<&[Item<'_>]> = items.chunk_by(|a, b| a.1.table() == b.1.table()).collect();
    let add = |tables: &[&[Item<'_>]]| -> Vec<Link> {
        let mut links: Vec<Link> =
            tables.iter().flat_map(|items| chain::links_of_new(items, &gone, &works, cx)).collect();
        links.shrink_to_fit();
        links
    };
    let mut links = if items.len() < 2 * A_THREADS_WORTH {
        add(&of_table)
    } else {
        let (first, second) = of_table.split_at(of_table.len() / 2);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| add(second));
            let mut links = add(first);
            match second.join() {
                Ok(more) => {
                    links.reserve_exact(more.len());
                    links.extend(more);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
            links
        })
    };
    links.extend(changing);
    drop((items, others, gone));
    drop(works);
    // In the order of ids again.
    links.sort_unstable_by_key(|(place, _)| *place);
    let mut number = 0;
    let mut chain = vec![0; links.len().min(1)];
    for pair in links.windows(2) {
        let (object, of_object, _) = pair[0].0;
        let (next, of_next, _) = pair[1].0;
        number += usize::from((object, of_object) != (next, of_next));
        chain.push(number);
    }
    let mut all = Chained { steps: links.into_iter().map(|(_, step)| step).collect(), chain };
    detaching.into_iter().for_each(|steps| all.push(steps));
    all
}

/// Which Step comes when, and which are parts of which others.
struct Order {
    /// All that stand alone.
    order: Vec<usize>,
    /// For each Step the one that it is a part of, or itself.
    unit: Vec<usize>,
}

/// Folds and orders the Steps. `Err` holds those of one cycle.
fn arrange(Chained { steps, chain }: &Chained) -> Result<Order, Vec<usize>> {
    let edges = graph::edges(steps, chain);
    let unit = fold::hosts(steps, chain, &edges);
    let wishes = graph::wishes(steps).into_iter().map(|(a, b)| (unit[a], unit[b])).filter(|(a, b)| a != b);
    let between = graph::with_wishes(steps.len(), fold::between(&edges, &unit), wishes.collect());
    drop(edges);
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
    order.retain(|i| unit[*i] == *i);
    Ok(Order { order, unit })
}

/// The Steps in their order as a plan, each with its parts.
fn finish(steps: Vec<Step>, Order { order, unit }: &Order) -> Plan {
    let mut whole: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, host) in unit.iter().enumerate().filter(|(i, host)| i != *host) {
        parts.entry(*host).or_default().push(i);
    }
    let joined = order.iter().filter_map(|i| {
        let parts = parts.get(i).into_iter().flatten().filter_map(|part| whole[*part].take()).collect();
        whole[*i].take().map(|step| fold::join(step, parts))
    });
    let mut plan = Plan { sections: sections(joined, order.len()) };
    forget_new_tables(&mut plan);
    for section in &mut plan.sections {
        *section = fold::merge_neighbours(std::mem::take(section));
    }
    plan
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
fn sections(steps: impl Iterator<Item = Step>, at_most: usize) -> Vec<Vec<Step>> {
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
            // Most plans have one.
            let room = if sections.is_empty() { at_most } else { 0 };
            sections.push(Vec::with_capacity(room));
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

/// Nobody waits for a relation that did not exist.
fn forget_new_tables(plan: &mut Plan) {
    let tables = |ids: fn(&Step) -> &Ids| -> BTreeSet<QName> {
        plan.steps().flat_map(ids).filter_map(ObjectId::as_relation).cloned().collect()
    };
    let (built, destroyed) = (tables(|step| &step.builds), tables(|step| &step.destroys));
    let is_new = |table: &QName| built.contains(table) && !destroyed.contains(table);
    for step in plan.sections.iter_mut().flatten() {
        step.locks.retain(|(_, table)| !is_new(table));
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
