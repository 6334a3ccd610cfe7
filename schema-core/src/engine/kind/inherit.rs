//! What tables get from their parents: partitions and inheritance. Who brings an inherited object, and who takes it
//! away, when a table comes, goes, is attached or detached.

use super::any_index::any_index;
use super::part::{Part, parts};
use super::table::Table;
use super::{Context, Object};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::{LockMode, Step};
use std::collections::BTreeSet;

/// Whose Steps bring an inherited object, or take it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum By {
    /// The object's own.
    Itself,
    /// The table's: it comes and goes as a whole.
    Table,
    /// Those of the same object of this parent.
    Parent(QName),
}

/// The table of this name, be it a foreign one.
pub(super) fn table<'a>(catalog: &'a Catalog, name: &QName) -> Option<&'a Table> {
    match catalog.get(&ObjectId::Table(name.clone())) {
        Some(Object::Table(table)) => Some(table),
        Some(Object::ForeignTable(foreign)) => Some(&foreign.table),
        _none_or_other => None,
    }
}

/// All tables that inherit from this one, over any number of steps; each once, parents first.
pub(super) fn descendants<'a>(catalog: &'a Catalog, name: &QName) -> Vec<&'a Table> {
    let mut found: Vec<&Table> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: Vec<&QName> =
        table(catalog, name).map(|table| table.children.iter().collect()).unwrap_or_default();
    next.reverse();
    while let Some(name) = next.pop() {
        if seen.insert(name)
            && let Some(child) = table(catalog, name)
        {
            found.push(child);
            next.extend(child.children.iter().rev());
        }
    }
    found
}

/// The descendants that a Step for the table reaches: those that stay, and those that are dropped, which comes last.
pub(super) fn lasting<'a>(cx: &Context<'a>, name: &QName) -> Vec<&'a Table> {
    let mut old = descendants(cx.old, name);
    if !old.is_empty() {
        let stay = names(&descendants(cx.new, name));
        old.retain(|before| stay.contains(&before.name) || table(cx.new, &before.name).is_none());
    }
    old
}

/// Whether the partition is detached and attached again, to the same table with another bound.
pub(super) fn is_rebound(cx: &Context<'_>, name: &QName) -> bool {
    match (table(cx.old, name), table(cx.new, name)) {
        (Some(old), Some(new)) => stays_attached(cx, name) && old.bound != new.bound,
        (_, _) => false,
    }
}

/// What a Step for the table must wait for: descendants that are detached first, or are back.
pub(super) fn leaving(cx: &Context<'_>, name: &QName) -> Vec<ObjectId> {
    let old = descendants(cx.old, name);
    if old.is_empty() {
        return Vec::new();
    }
    let stay = names(&descendants(cx.new, name));
    let leaves = |before: &&Table| {
        is_rebound(cx, &before.name)
            || !stay.contains(&before.name)
                && table(cx.new, &before.name).is_some_and(|after| is_leaving(before, after))
    };
    old.into_iter().filter(leaves).map(|table| ObjectId::Bounds(table.name.clone())).collect()
}

fn names<'a>(tables: &[&'a Table]) -> BTreeSet<&'a QName> {
    tables.iter().map(|table| &table.name).collect()
}

/// What a Step for a table must wait for that is a partition or typed until then: it can have no columns of its own.
pub(super) fn once_detached(cx: &Context<'_>, name: &QName) -> Option<ObjectId> {
    let (old, new) = (table(cx.old, name)?, table(cx.new, name)?);
    let detached = old.bound.is_some() && old.parents != new.parents;
    let freed = old.of_type.is_some() && (new.of_type.is_none() || type_that_changes(cx, name).is_some());
    ((detached || freed) && !made_again(cx, name)).then(|| ObjectId::Bounds(name.clone()))
}

/// The composite type that the table is of before and after, if it changes: meanwhile the table is of none.
pub(super) fn type_that_changes(cx: &Context<'_>, name: &QName) -> Option<ObjectId> {
    let (old, new) = (table(cx.old, name)?, table(cx.new, name)?);
    if old.of_type.is_none() || old.of_type != new.of_type || made_again(cx, name) {
        return None;
    }
    let of_type = |id: &&ObjectId| matches!(id, ObjectId::Composite(_));
    let table = ObjectId::Table(name.clone());
    let id = cx.new.needs(&table).find(of_type)?;
    (cx.old.get(id)? != cx.new.get(id)?).then(|| id.clone())
}

/// `ALTER TABLE ... OF`, once its columns are those of the type; or `NOT OF`, before they are others.
pub(super) fn change_of_type(cause: ObjectId, name: &QName, of: Option<&str>, cx: &Context<'_>) -> Step {
    let action = of.map_or("NOT OF".to_owned(), |of| format!("OF {of}"));
    let sql = format!("ALTER TABLE {name} {action}");
    let mut step = Step::statement(cause, sql).locks(LockMode::AccessExclusive, name);
    let goes = |id: &ObjectId| cx.new.get(id).is_none();
    let parts_that_go = parts(cx.old, name).map(Part::id).filter(goes);
    if of.is_some() {
        step.needs.extend(parts(cx.new, name).map(Part::id));
        step.builds.extend(parts_that_go.filter(|id| matches!(id, ObjectId::Column(..))));
    } else {
        step.builds.insert(ObjectId::Bounds(name.clone()));
        step.releases.extend(parts_that_go);
    }
    step
}

fn is_leaving(before: &Table, after: &Table) -> bool {
    before.bound != after.bound || before.parents.iter().any(|parent| !after.parents.contains(parent))
}

/// Whether the table is dropped and created again, as far as it or a parent says so.
pub(super) fn made_again(cx: &Context<'_>, name: &QName) -> bool {
    let (Some(old), Some(new)) = (table(cx.old, name), table(cx.new, name)) else {
        return false;
    };
    let id = ObjectId::Table(name.clone());
    let replaced = match (cx.old.get(&id), cx.new.get(&id)) {
        (Some(Object::ForeignTable(old)), Some(Object::ForeignTable(new))) => old.server != new.server,
        (Some(Object::Table(_)), Some(Object::Table(_))) => old.partitioned_by != new.partitioned_by,
        (_, _) => true,
    };
    replaced || new.parents.iter().any(|parent| old.parents.contains(parent) && made_again(cx, parent))
}

/// Who brings something to the table that its parents (those that have it) have.
pub(super) fn arrives(cx: &Context<'_>, name: &QName, has: impl Fn(&QName) -> bool) -> By {
    let Some(new) = table(cx.new, name) else { return By::Itself };
    match table(cx.old, name) {
        Some(old) if !made_again(cx, name) => {
            match new.parents.iter().find(|parent| old.parents.contains(parent) && has(parent)) {
                Some(parent) => By::Parent(parent.clone()),
                None => By::Itself,
            }
        }
        Some(_) | None if new.comes_whole(cx) => By::Table,
        Some(_) | None => By::Itself,
    }
}

/// Who takes something away from the table that its parents (those that had it) had.
pub(super) fn leaves(cx: &Context<'_>, name: &QName, had: impl Fn(&QName) -> bool) -> By {
    let Some(old) = table(cx.old, name) else { return By::Itself };
    match table(cx.new, name) {
        Some(new) if !made_again(cx, name) => {
            match old.parents.iter().find(|parent| new.parents.contains(parent) && had(parent)) {
                Some(parent) => By::Parent(parent.clone()),
                None => By::Itself,
            }
        }
        Some(_) | None => By::Table,
    }
}

/// Whether the table is a partition of the same table before and after, without being made again.
pub(super) fn stays_attached(cx: &Context<'_>, name: &QName) -> bool {
    match (table(cx.old, name), table(cx.new, name)) {
        (Some(old), Some(new)) => {
            old.bound.is_some() && new.bound.is_some() && old.parents == new.parents && !made_again(cx, name)
        }
        (_, _) => false,
    }
}

/// Whether the object of the old Catalog is that of the new one still, be it under another name.
pub(super) fn lasts_as(cx: &Context<'_>, old: &ObjectId, new: &ObjectId) -> bool {
    let (Some(before), Some(after)) = (cx.old.get(old), cx.new.get(new)) else { return false };
    old == new
        || cx.new.get(old).is_none() && cx.old.get(new).is_none() && before.rules().equal_but_name(after)
}

/// Whether what a part of the table comes from stays, with the table under the same parent: `above` gives its ids, before
/// and after.
pub(super) fn above_lasts(
    cx: &Context<'_>,
    name: &QName,
    above: impl Fn(&QName) -> Option<(ObjectId, ObjectId)>,
) -> bool {
    let parent = table(cx.new, name).and_then(|table| table.parents.first());
    let above = parent.filter(|_| stays_attached(cx, name)).and_then(above);
    above.is_some_and(|(before, after)| lasts_as(cx, &before, &after))
}

/// The index of this name on the table, as an object: it can be inside a constraint.
pub(super) fn index_of(catalog: &Catalog, table: &QName, index: &QName) -> ObjectId {
    let constraint = ObjectId::Constraint(table.clone(), index.name.clone());
    if let Some(Object::Constraint(found)) = catalog.get(&constraint)
        && found.has_index()
    {
        return constraint;
    }
    ObjectId::Index(index.clone())
}

/// Whether the attached index is what PostgreSQL makes of the one that it is attached to, name and all.
pub(super) fn is_usual(catalog: &Catalog, on: &QName, index: &QName) -> bool {
    let found = catalog.get(&index_of(catalog, on, index));
    let Some((object, this)) = found.and_then(|object| Some((object, any_index(object)?))) else {
        return false;
    };
    let parent = table(catalog, on).and_then(|table| table.parents.first());
    let above =
        parent.zip(this.attached_to).and_then(|(parent, to)| catalog.get(&index_of(catalog, parent, to)));
    let same_form = match (object, above) {
        (Object::Constraint(this), Some(Object::Constraint(above))) => this.form == above.form,
        (Object::Index(_), Some(Object::Index(_))) => true,
        (_, _) => false,
    };
    this.usual && same_form
}

/// Whether the partition comes first, then the index that its index will be attached to, then this: PostgreSQL takes no
/// index that lacks parts when a partition is attached, but makes another one.
pub(super) fn comes_after(cx: &Context<'_>, on: &QName, index: &QName) -> bool {
    let this = cx.new.get(&index_of(cx.new, on, index)).and_then(any_index);
    let parent = table(cx.new, on).and_then(|table| table.parents.first());
    let (Some(this), Some(parent)) = (this.filter(|this| !this.complete), parent) else { return false };
    let is_new = |to| made_again(cx, parent) || cx.old.get(&index_of(cx.new, parent, to)).is_none();
    !stays_attached(cx, on) && this.attached_to.is_some_and(is_new)
}

/// The indexes of partitions that are attached to this one, with their tables.
pub(super) fn attached_to<'a>(
    catalog: &'a Catalog,
    on: &QName,
    index: &QName,
) -> Vec<(&'a Table, QName, ObjectId)> {
    let mut found = Vec::new();
    for partition in table(catalog, on).map(|table| table.children.as_slice()).unwrap_or_default() {
        let Some(partition) = table(catalog, partition) else { continue };
        for name in &partition.attached {
            let name = partition.name.sibling(name);
            let id = index_of(catalog, &partition.name, &name);
            if catalog.get(&id).and_then(any_index).is_some_and(|found| found.attached_to == Some(index)) {
                found.push((partition, name, id));
            }
        }
    }
    found
}

/// The partitions that come without an index of their own for this one: one that comes later gets it.
pub(super) fn before_it(cx: &Context<'_>, on: &QName, index: &QName) -> Vec<ObjectId> {
    let with: BTreeSet<&QName> = attached_to(cx.new, on, index)
        .into_iter()
        .filter(|(table, name, _)| !comes_after(cx, &table.name, name))
        .map(|(table, _, _)| &table.name)
        .collect();
    let children = table(cx.new, on).map(|table| table.children.as_slice()).unwrap_or_default();
    let without = children.iter().filter(|child| !with.contains(child)).cloned();
    without.map(ObjectId::Attached).collect()
}

/// The indexes above for which the partition has one and will have none, up to the topmost: PostgreSQL detaches an index
/// only with its table, so these are made again.
pub(super) fn bereft(cx: &Context<'_>, partition: &QName) -> Vec<ObjectId> {
    let above = |catalog: &Catalog| -> BTreeSet<QName> {
        let attached = table(catalog, partition).map(|table| table.attached.as_slice()).unwrap_or_default();
        let ids = attached.iter().map(|name| index_of(catalog, partition, &partition.sibling(name)));
        ids.filter_map(|id| any_index(catalog.get(&id)?)?.attached_to.cloned()).collect()
    };
    let before = above(cx.old);
    if before.is_empty() || !stays_attached(cx, partition) {
        return Vec::new();
    }
    let after = above(cx.new);
    let mut found = Vec::new();
    for index in before.iter().filter(|index| !after.contains(index)) {
        let (mut on, mut index) = (partition, index);
        while let Some(parent) = table(cx.old, on).and_then(|table| table.parents.first()) {
            let id = index_of(cx.old, parent, index);
            let next = cx.old.get(&id).filter(|_| cx.new.get(&id).is_some()).and_then(any_index);
            let Some(next) = next else { break };
            found.push(id);
            let Some(to) = next.attached_to else { break };
            (on, index) = (parent, to);
        }
    }
    found
}

/// What creating the index on a partitioned table creates on the partitions that are there, all the way down, with
/// the tables. `None` where these have names of their own: then each is created by itself and attached.
pub(super) fn brings<'a>(
    cx: &Context<'a>,
    on: &QName,
    index: &QName,
) -> Option<Vec<(&'a Table, QName, ObjectId)>> {
    let mut all = Vec::new();
    if !cx.new.get(&index_of(cx.new, on, index)).and_then(any_index).is_some_and(|this| this.complete) {
        return None;
    }
    for (partition, name, id) in attached_to(cx.new, on, index) {
        if !stays_attached(cx, &partition.name) {
            continue;
        }
        let alone =
            |object: &Object| any_index(object).is_some_and(|before| before.attached_to != Some(index));
        if !is_usual(cx.new, &partition.name, &name) || cx.old.get(&id).is_some_and(alone) {
            return None;
        }
        all.extend(brings(cx, &partition.name, &name)?);
        all.push((partition, name, id));
    }
    Some(all)
}

/// Who brings an index that is attached to another.
pub(super) fn arrives_attached(cx: &Context<'_>, on: &QName, name: &QName, to: &QName) -> By {
    let Some(partition) = table(cx.new, on) else { return By::Itself };
    let Some(parent) = partition.parents.first() else { return By::Itself };
    if comes_after(cx, on, name) {
        return By::Itself;
    }
    if !stays_attached(cx, on) {
        let whole = table(cx.old, on).is_none_or(|_| made_again(cx, on)) && partition.comes_whole(cx);
        return if whole { By::Table } else { By::Itself };
    }
    let id = index_of(cx.new, parent, to);
    let comes_alone = is_same(cx, &id) && cx.old.get(&index_of(cx.new, on, name)).is_none();
    if comes_alone || !is_brought(cx, parent, to) {
        return By::Itself;
    }
    By::Parent(parent.clone())
}

/// Whether the index on the partitioned table is there and stays, whatever is attached to it.
fn is_same(cx: &Context<'_>, id: &ObjectId) -> bool {
    match (cx.old.get(id), cx.new.get(id)) {
        (Some(Object::Index(old)), Some(Object::Index(new))) => old.same(new),
        (Some(Object::Constraint(_)), Some(Object::Constraint(new))) => new.comes_back(cx.old),
        (_, _) => false,
    }
}

/// Whether the index on the partitioned table is created with those of the partitions, seen from the topmost.
fn is_brought(cx: &Context<'_>, on: &QName, index: &QName) -> bool {
    let above =
        cx.new.get(&index_of(cx.new, on, index)).and_then(any_index).and_then(|index| index.attached_to);
    let parent = table(cx.new, on).and_then(|table| table.parents.first());
    match (above, parent) {
        (Some(above), Some(parent)) if stays_attached(cx, on) && is_brought(cx, parent, above) => true,
        (_, _) => brings(cx, on, index).is_some(),
    }
}
