//! Online forms, as far as kinds share them: names for what lives only while a migration runs, the check of rows that
//! are there, the indexes of partitions one by one.

use super::foreign_table::is_foreign;
use super::inherit::table;
use super::table::Table;
use super::{Context, Object};
use crate::engine::default_name::{MAX_BYTES, free_name};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::script::sha;
use crate::engine::step::{LockMode, Step, Transaction};
use std::borrow::Cow;

/// A name for a check of the table that is gone again before the plan ends.
pub(super) fn passing_check(on: &QName, of: &str, label: &str, cx: &Context<'_>) -> Ident {
    let taken = |name: &str| {
        let id = ObjectId::Constraint(on.clone(), Ident::from(name));
        cx.old.get(&id).is_some() || cx.new.get(&id).is_some()
    };
    passing_name(of, label, taken)
}

/// The same for an index, whose name nothing in either Catalog has.
pub(super) fn passing_index(of: &Ident, label: &str, cx: &Context<'_>) -> Ident {
    let taken = |name: &str| {
        [cx.old, cx.new].iter().any(|catalog| catalog.objects.keys().any(|id| id.name() == Some(name)))
    };
    passing_name(of.as_str(), label, taken)
}

fn passing_name(of: &str, label: &str, taken: impl Fn(&str) -> bool) -> Ident {
    // What is cut must still tell two names apart.
    let label = if of.len() + 1 + label.len() > MAX_BYTES {
        format!("{}_{label}", &sha([of.as_bytes()])[..8])
    } else {
        label.to_owned()
    };
    free_name(of, None, &label, taken).as_str().into()
}

/// Whether the relation was there before: nobody waits for one that was not.
pub(super) fn was_there(relation: &QName, cx: &Context<'_>) -> bool {
    cx.old.get(&ObjectId::Table(relation.clone())).is_some()
        || cx.old.get(&ObjectId::MaterializedView(relation.clone())).is_some()
}

/// `VALIDATE CONSTRAINT`, in a transaction after that which added it.
pub(super) fn validate<'a>(
    cause: ObjectId,
    on: &QName,
    name: &Ident,
    heirs: impl IntoIterator<Item = &'a QName>,
    why: impl Into<Cow<'static, str>>,
) -> Step {
    let mode = LockMode::ShareUpdateExclusive;
    let step = Step::alter_table(cause, on, format!("VALIDATE CONSTRAINT {name}"))
        .relocked(mode, on)
        .in_transaction(Transaction::Later)
        .hazard(HazardKind::MayFail, why);
    heirs.into_iter().fold(step, |step, heir| step.locks(mode, heir))
}

/// The same beside others, where nobody waits; online in a transaction of its own.
pub(super) fn validate_now(later: Step) -> Step {
    later.clone().in_transaction(Transaction::Inside).online(vec![later])
}

/// Whether all partitions are known, and none comes or goes: only then is an index that was made of its parts complete.
pub(super) fn has_same_partitions(cx: &Context<'_>, on: &QName) -> bool {
    let (Some(old), Some(new)) = (table(cx.old, on), table(cx.new, on)) else {
        return false;
    };
    old.children == new.children
        && new.children.iter().all(|child| {
            // A foreign one has no indexes.
            table(cx.new, child)
                .is_some_and(|child| child.partitioned_by.is_none() || has_same_partitions(cx, &child.name))
                && table(cx.old, child).is_some()
                && !is_foreign(child, cx.new)
        })
}

/// An index of a partitioned table, alone or inside a constraint: empty at first (`top`), then built on each partition
/// by itself, then put together, the innermost first. `whole` is the Step that would do it at once.
pub(super) fn by_partition(
    top: Step,
    brought: &[(&Table, QName, ObjectId)],
    whole: &Step,
    cx: &Context<'_>,
) -> Vec<Step> {
    let (mut frames, mut built, mut joined) = (vec![top], Vec::new(), Vec::new());
    for (partition, _, id) in brought {
        let is_frame = partition.partitioned_by.is_some();
        let (own, attach) = match cx.new.get(id) {
            Some(Object::Index(index)) => {
                let own = if is_frame { index.frame() } else { index.concurrently(&index.name) };
                (vec![own], index.as_any().attach(cx))
            }
            Some(Object::Constraint(key)) => {
                let own = if is_frame {
                    vec![key.frame()]
                } else {
                    key.on_built_index(&key.table.sibling(&key.name))
                };
                (own, key.as_any().attach(cx))
            }
            Some(_) | None => return Vec::new(),
        };
        let list = if is_frame { &mut frames } else { &mut built };
        list.extend(own);
        let Some(attach) = attach else { return Vec::new() };
        joined.push(attach);
    }
    let (outside, inside): (Vec<Step>, Vec<Step>) =
        built.into_iter().partition(|step| step.transaction == Transaction::Outside);
    let mut steps: Vec<Step> = [frames, outside, inside, joined].concat();
    // They are there once all is put together; only their names and places are taken from the beginning.
    let names = |id: &ObjectId| matches!(id, ObjectId::RelationName(_) | ObjectId::PrimaryKey(_));
    for step in &mut steps {
        step.builds.retain(names);
    }
    if let Some(last) = steps.last_mut() {
        last.builds.extend(whole.builds.iter().filter(|id| !names(id)).cloned());
    }
    steps
}
