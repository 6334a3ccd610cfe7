//! What indexes have in common, alone or inside a constraint: where they are stored, what their table knows of them, what
//! they are attached to.

use super::inherit::{comes_after, index_of, stays_attached, table};
use super::parameter::changes;
use super::{Context, Object};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{LockMode, Step};

/// An index, alone or inside a constraint.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnyIndex<'a> {
    /// Its table.
    pub(super) table: &'a QName,
    /// Its name, which is that of the constraint too.
    pub(super) name: &'a Ident,
    /// Whether it is inside a constraint.
    pub(super) inside: bool,
    /// The table's columns that its key names.
    pub(super) columns: &'a [Ident],
    /// Storage parameters.
    pub(super) parameters: &'a [String],
    /// The tablespace, where it is not the database's own.
    pub(super) tablespace: Option<&'a Ident>,
    /// Whether `CLUSTER` goes by it.
    pub(super) clustered: bool,
    /// Whether it is the replica identity.
    pub(super) replica_identity: bool,
    /// The index that it is attached to.
    pub(super) attached_to: Option<&'a QName>,
    /// Whether it has, attached, the name that PostgreSQL gives it.
    pub(super) usual: bool,
    /// Whether all partitions have their own.
    pub(super) complete: bool,
}

/// This object as an index.
pub(super) fn any_index(object: &Object) -> Option<AnyIndex<'_>> {
    if let Object::Index(index) = object {
        return Some(index.as_any());
    }
    let Object::Constraint(key) = object else { return None };
    key.has_index().then(|| key.as_any())
}

impl AnyIndex<'_> {
    fn id(&self) -> ObjectId {
        if self.inside {
            ObjectId::Constraint(self.table.clone(), self.name.clone())
        } else {
            ObjectId::Index(self.table.sibling(self.name))
        }
    }

    /// What comes once it is there: what its table knows of it.
    pub(super) fn marks(&self, before: Option<&Self>) -> Vec<Step> {
        let mut steps = Vec::new();
        let alter_table = |action: String| Step::alter_table(self.id(), self.table, action);
        if self.clustered && !before.is_some_and(|before| before.clustered) {
            let step = alter_table(format!("CLUSTER ON {}", self.name));
            steps.push(step.relocked(LockMode::ShareUpdateExclusive, self.table));
        }
        if self.replica_identity && !before.is_some_and(|before| before.replica_identity) {
            let mut step = alter_table(format!("REPLICA IDENTITY USING INDEX {}", self.name));
            let columns = self.columns.iter().cloned();
            step.needs.extend(columns.map(|column| ObjectId::NotNull(self.table.clone(), column)));
            steps.push(step);
        }
        steps
    }

    /// From its storage parameters and tablespace to those of `new`.
    pub(super) fn change_storage(&self, new: &Self) -> Vec<Step> {
        let index = self.table.sibling(self.name);
        let alter_index = |action: &str| Step::statement(self.id(), format!("ALTER INDEX {index} {action}"));
        let mut steps: Vec<Step> =
            changes(self.parameters, new.parameters).iter().map(|change| alter_index(change)).collect();
        if self.tablespace != new.tablespace {
            let own = Ident::from("pg_default");
            let step = alter_index(&format!("SET TABLESPACE {}", new.tablespace.unwrap_or(&own)));
            steps.push(step.hazard(HazardKind::Rewrite, "the index is written anew"));
        }
        steps
    }

    /// What differs in storage from the parent's index that PostgreSQL makes it after.
    pub(super) fn own_storage(&self, cx: &Context<'_>) -> Vec<Step> {
        let parent = table(cx.new, self.table).and_then(|table| table.parents.first());
        let above = parent.zip(self.attached_to).map(|(parent, to)| index_of(cx.new, parent, to));
        let Some(above) = above.and_then(|id| any_index(cx.new.get(&id)?)) else { return Vec::new() };
        let made = AnyIndex { parameters: above.parameters, tablespace: above.tablespace, ..*self };
        made.change_storage(self)
            .into_iter()
            .map(|step| step.needs(self.id()).needs(ObjectId::Table(self.table.clone())))
            .collect()
    }

    /// What it waits for, so that PostgreSQL does not attach it in the place of another.
    pub(super) fn gives_way(&self, cx: &Context<'_>) -> Option<ObjectId> {
        rivals(cx, self.table).contains(&self.id()).then(|| ObjectId::Attached(self.table.clone()))
    }

    /// `ALTER INDEX ... ATTACH PARTITION`.
    pub(super) fn attach(&self, cx: &Context<'_>) -> Option<Step> {
        let name = self.table.sibling(self.name);
        let by_itself = |_: &&QName| stays_attached(cx, self.table) || comes_after(cx, self.table, &name);
        let to = self.attached_to.filter(by_itself)?;
        let parent = table(cx.new, self.table)?.parents.first()?;
        let sql = format!("ALTER INDEX {to} ATTACH PARTITION {name}");
        Some(
            Step::statement(self.id(), sql)
                .needs(index_of(cx.new, parent, to))
                .locks(LockMode::AccessShare, parent)
                .locks(LockMode::AccessShare, self.table),
        )
    }
}

/// Where a table becomes a partition: its indexes that PostgreSQL could attach in the place of those that are to be, because
/// they are equal to them. It takes the one that was there first, so these come after.
pub(super) fn rivals(cx: &Context<'_>, on: &QName) -> Vec<ObjectId> {
    let is_partition = table(cx.new, on).is_some_and(|table| table.bound.is_some());
    if !is_partition || stays_attached(cx, on) {
        return Vec::new();
    }
    let on = ObjectId::Table(on.clone());
    let attached = |object: &Object| any_index(object).is_some_and(|index| index.attached_to.is_some());
    let users = cx.new.edges.users(&on).filter_map(|id| Some((id, cx.new.get(id)?)));
    let (to_be, others): (Vec<_>, Vec<_>) = users.partition(|(_, object)| attached(object));
    let is_rival = |object: &Object| to_be.iter().any(|(_, wanted)| could_stand_for(object, wanted));
    others.into_iter().filter(|(_, object)| is_rival(object)).map(|(id, _)| id.clone()).collect()
}

/// Whether PostgreSQL would attach the one in the place of the other, an index of the same table (`CompareIndexInfo`; for a
/// constraint it takes none but those of constraints).
fn could_stand_for(rival: &Object, wanted: &Object) -> bool {
    match (rival, wanted) {
        (Object::Index(a), Object::Index(b)) => (a.unique, &a.on) == (b.unique, &b.on),
        (Object::Constraint(a), Object::Constraint(b)) => a.is_key() && b.is_key() && a.columns == b.columns,
        (Object::Constraint(a), Object::Index(b)) => {
            a.is_key() && b.unique && b.plain() && a.columns == b.columns
        }
        (_, _) => false,
    }
}
