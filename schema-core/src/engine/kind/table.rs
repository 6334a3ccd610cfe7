//! Tables: the frame; columns, constraints and indexes are objects of their own.

use super::any_index::{any_index, rivals};
use super::bound::{CHECKED, attach_online, detach_online};
use super::constraint::referencing;
use super::foreign_table::is_foreign;
use super::inherit::{
    bereft, change_of_type, comes_after, descendants, index_of, is_rebound, is_usual, made_again, table,
};
use super::parameter::{changes, with};
use super::part::{Part, parts};
use super::policy::row_security;
use super::{Alteration, Context, Object, Rules, row_type};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{Container, LockMode, Sql, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A table: plain, partitioned or a partition; the frame of a foreign table too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: QName,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// Whether its policies count: `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// Whether they count for its owner too: `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
    /// `PARTITION BY`: `RANGE (created_at)`.
    pub partitioned_by: Option<String>,
    /// `INHERITS`, in its order; of a partition the partitioned table.
    pub parents: Vec<QName>,
    /// Of a partition: `FOR VALUES FROM (1) TO (10)` or `DEFAULT`.
    pub bound: Option<String>,
    /// `OF`: the composite type, as `format_type` prints it.
    pub of_type: Option<String>,
    /// Storage parameters, those of the TOAST table with `toast.`: `fillfactor=70`. Their order is no difference.
    pub parameters: Vec<String>,
    /// `USING`, where it is not `heap`.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`, where it is not the database's own.
    pub tablespace: Option<Ident>,
    /// What identifies a row in logical replication.
    pub replica_identity: ReplicaIdentity,
    /// The index that `CLUSTER` goes by. It says so itself too.
    pub clustered_on: Option<Ident>,
    /// The tables that inherit from it. They say so themselves: no part of the definition.
    pub children: Vec<QName>,
    /// Of a partition: its indexes that are attached to others. They say so themselves: no part of the definition.
    pub attached: Vec<Ident>,
}

/// `REPLICA IDENTITY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// An index, which says so itself.
    Index,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
}

impl Table {
    /// Whether `CREATE TABLE` brings all that it inherits. A partition whose indexes have names of their own, or are not
    /// on all of its own partitions, is created by itself and then attached. So is a table that had columns of its own
    /// before it inherited, generated ones among them: `INHERITS` takes those from the parent only.
    pub(super) fn comes_whole(&self, cx: &Context<'_>) -> bool {
        let usual = |index: QName| {
            let found = cx.new.get(&index_of(cx.new, &self.name, &index)).and_then(any_index);
            is_usual(cx.new, &self.name, &index) && found.is_some_and(|index| index.complete)
        };
        if self.bound.is_some() {
            return self.attached_with(cx).all(usual);
        }
        let mut inherited = parts(cx.new, &self.name).filter_map(|part| match part {
            Part::Column(column) => column.inherited.then_some((column.local, column.generated.is_some())),
            Part::Constraint(key) => key.inherited.then_some((key.local, false)),
        });
        self.parents.is_empty()
            || inherited.try_fold(true, |whole, (local, generated)| local.then_some(whole && !generated))
                != Some(false)
    }

    /// The indexes that are attached when it is.
    fn attached_with(&self, cx: &Context<'_>) -> impl Iterator<Item = QName> {
        let names = self.attached.iter().map(|name| self.name.sibling(name));
        names.filter(|name| !comes_after(cx, &self.name, name))
    }

    /// What `CREATE TABLE` takes after the columns.
    fn tail(&self, catalog: &Catalog, partition: bool) -> String {
        let mut tail = String::new();
        if let Some(key) = &self.partitioned_by {
            tail.push_str(&format!(" PARTITION BY {key}"));
        }
        if let Some(method) = &self.access_method {
            tail.push_str(&format!(" USING {method}"));
        }
        tail.push_str(&with(&self.parameters));
        let of_parent =
            || self.parents.iter().any(|p| table(catalog, p).is_some_and(|p| p.tablespace.is_some()));
        match &self.tablespace {
            Some(tablespace) => tail.push_str(&format!(" TABLESPACE {tablespace}")),
            None if partition && of_parent() => tail.push_str(" TABLESPACE pg_default"),
            None => {}
        }
        tail
    }

    /// `CREATE TABLE`, or one of another `kind`, with what it inherits. `tail` follows the columns, those of a parent if
    /// the table comes as a partition.
    pub(super) fn create_frame(
        &self,
        kind: &str,
        tail: impl Fn(bool) -> String,
        cx: &Context<'_>,
    ) -> Vec<Step> {
        let mut steps = vec![self.frame(kind, tail, cx)];
        if !self.comes_whole(cx) {
            for parent in &self.parents {
                let mut attach = self.attach(parent, cx);
                if made_again(cx, &self.name) {
                    // The indexes come after it, with those of the parent.
                    attach.needs.retain(|id| {
                        !matches!(cx.new.get(id).and_then(any_index), Some(found) if
                        found.attached_to.is_some() || found.table == parent)
                    });
                }
                steps.push(attach);
            }
        }
        steps
    }

    /// The same without what it is attached to later.
    fn frame(&self, kind: &str, tail: impl Fn(bool) -> String, cx: &Context<'_>) -> Step {
        let head = format!("CREATE {kind} {}", self.name);
        let whole = self.comes_whole(cx);
        let sql = match (&self.bound, self.parents.first(), &self.of_type) {
            (Some(bound), Some(parent), _) if whole => {
                Sql::Statement(format!("{head} PARTITION OF {parent} {bound}{}", tail(true)))
            }
            (_, _, Some(of)) => Sql::Statement(format!("{head} OF {of}{}", tail(false))),
            (_, _, None) => {
                let parents: Vec<String> = self.parents.iter().map(ToString::to_string).collect();
                let inherits = if parents.is_empty() || !whole || self.bound.is_some() {
                    String::new()
                } else {
                    format!(" INHERITS ({})", parents.join(", "))
                };
                let tail = format!("{inherits}{}", tail(false));
                Sql::Container(Box::new(Container { head, lines: Vec::new(), tail }))
            }
        };
        let mut step = Step::new(self.id(), sql)
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()))
            .builds(ObjectId::TypeName(self.name.clone()));
        if !whole {
            return step;
        }
        for parent in &self.parents {
            let mode =
                if self.bound.is_some() { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
            step = step.locks(mode, parent);
            for part in parts(cx.new, &self.name) {
                let (inherited, of_parent) = match part {
                    Part::Column(column) => (
                        column.inherited && !column.local,
                        Some(ObjectId::Column(parent.clone(), column.name.clone())),
                    ),
                    Part::Constraint(key) => {
                        (key.is_brought() && !key.comes_late(cx), key.of_parent(parent, cx.new))
                    }
                };
                if inherited {
                    step = step.builds(part.id());
                    let again = made_again(cx, &self.name);
                    step.needs.extend(of_parent.filter(|id| !again && cx.new.get(id).is_some()));
                }
            }
            for name in self.attached_with(cx) {
                let id = index_of(cx.new, &self.name, &name);
                if let Some(to) = cx.new.get(&id).and_then(any_index).and_then(|index| index.attached_to)
                    && !made_again(cx, &self.name)
                {
                    step.needs.insert(index_of(cx.new, parent, to));
                }
                step = step.builds(id).builds(ObjectId::RelationName(name));
            }
        }
        if let (Some(_), Some(parent)) = (&self.bound, self.parents.first()) {
            step =
                step.builds(ObjectId::Bounds(parent.clone())).builds(ObjectId::Attached(self.name.clone()));
            step = self.may_meet_rows(step, cx, parent);
            for table in referencing(parent, cx) {
                step = step.locks(LockMode::ShareRowExclusive, table);
            }
        }
        step
    }

    /// Rows of the default partition can belong to a new one.
    fn may_meet_rows(&self, step: Step, cx: &Context<'_>, parent: &QName) -> Step {
        let children = table(cx.old, parent).map(|parent| parent.children.as_slice()).unwrap_or_default();
        let default = children.iter().filter(|child| **child != self.name).find(|child| {
            table(cx.old, child).is_some_and(|child| child.bound.as_deref() == Some("DEFAULT"))
        });
        match default {
            Some(default) => step
                .locks(LockMode::AccessExclusive, default)
                .hazard(
                    HazardKind::LongLock,
                    format!("{} is locked until every row of it is checked", default.short()),
                )
                .hazard(
                    HazardKind::MayFail,
                    format!("rows of {} that belong to the new partition stand in the way", default.short()),
                ),
            None => step,
        }
    }

    /// `ATTACH PARTITION` or `INHERIT`: once it has all that the parent has.
    fn attach(&self, parent: &QName, cx: &Context<'_>) -> Step {
        // It is this table whose rows are read: its lock comes first.
        let step = |sql: String| {
            Step::statement(self.id(), sql)
                .locks(LockMode::AccessExclusive, &self.name)
                .locks(LockMode::ShareUpdateExclusive, parent)
        };
        let mut step = match &self.bound {
            Some(bound) => {
                let step = step(format!("ALTER TABLE {parent} ATTACH PARTITION {} {bound}", self.name))
                    .builds(ObjectId::Bounds(parent.clone()))
                    .builds(ObjectId::Attached(self.name.clone()));
                // What is elsewhere is not read.
                let step = if is_foreign(&self.name, cx.new) {
                    step
                } else {
                    step.hazard(HazardKind::LongLock, CHECKED)
                        .hazard(HazardKind::MayFail, "rows that are outside of the bound stand in the way")
                };
                self.may_meet_rows(step, cx, parent)
            }
            None => step(format!("ALTER TABLE {} INHERIT {parent}", self.name)),
        };
        // What it needs may need the table.
        step.afterthought = true;
        if is_rebound(cx, &self.name) {
            // What else changes comes with the parent once it is back.
            return step.builds(ObjectId::Bounds(self.name.clone()));
        }
        for part in parts(cx.new, &self.name) {
            let inherited = match part {
                Part::Column(column) => column.inherited,
                Part::Constraint(key) => key.inherited && key.attached_to.is_none(),
            };
            if inherited {
                step.needs.insert(part.id());
                step.needs.extend(part.of_parent(parent, cx.new));
                if let Part::Column(column) = part {
                    // Where the parent's is, PostgreSQL wants it to be.
                    step.needs.insert(ObjectId::NotNull(self.name.clone(), column.name.clone()));
                }
            }
        }
        // What the parent has only until then is nothing that it must have.
        step.builds.extend(parts(cx.old, parent).map(Part::id).filter(|id| cx.new.get(id).is_none()));
        if self.bound.is_some() {
            // PostgreSQL gives it its parts of the parent's triggers, unless one of its own has the name.
            let above = ObjectId::Table(parent.clone());
            let triggers = cx.new.edges.users(&above);
            let parts = triggers.filter_map(|id| {
                let ObjectId::Trigger(on, name) = id else { return None };
                (on == parent).then(|| ObjectId::Trigger(self.name.clone(), name.clone()))
            });
            step.builds.extend(parts.filter(|id| cx.old.get(id).is_some()));
        }
        for name in self.attached_with(cx) {
            let id = index_of(cx.new, &self.name, &name);
            if let Some(to) = cx.new.get(&id).and_then(any_index).and_then(|index| index.attached_to) {
                step.needs.insert(index_of(cx.new, parent, to));
            }
            step.needs.insert(id);
        }
        let online = attach_online(self, parent, &step, cx);
        step.online(online)
    }

    fn detach_from(&self, parent: &QName, cx: &Context<'_>) -> Step {
        let mut step = if self.bound.is_some() {
            let sql = format!("ALTER TABLE {parent} DETACH PARTITION {}", self.name);
            let step = Step::statement(self.id(), sql)
                .locks(LockMode::AccessExclusive, parent)
                .destroys(ObjectId::Bounds(parent.clone()));
            // The default partition must not take rows meanwhile.
            let of_parent = descendants(cx.old, parent).into_iter().filter(|t| t.parents.contains(parent));
            let default = of_parent.filter(|t| t.bound.as_deref() == Some("DEFAULT"));
            default.fold(step, |step, table| step.locks(LockMode::AccessExclusive, &table.name))
        } else {
            Step::statement(self.id(), format!("ALTER TABLE {} NO INHERIT {parent}", self.name))
                .locks(LockMode::AccessShare, parent)
        };
        // The parent gives nothing more once it is away.
        step = step.locks(LockMode::AccessExclusive, &self.name).builds(ObjectId::Bounds(self.name.clone()));
        let goes = |id: &ObjectId| cx.new.get(id).is_none();
        for part in parts(cx.old, &self.name) {
            step.releases.extend(Some(part.id()).filter(goes));
            let above = part.of_parent(parent, cx.old);
            // What it keeps must not go with the parent's.
            step.releases.extend(above.filter(goes));
        }
        for name in &self.attached {
            let id = index_of(cx.old, &self.name, &self.name.sibling(name));
            step.releases.extend(Some(id.clone()).filter(goes));
            if let Some(to) = cx.old.get(&id).and_then(any_index).and_then(|index| index.attached_to) {
                step.releases.insert(index_of(cx.old, parent, to));
            }
        }
        let online = if self.bound.is_some() { detach_online(self, parent, &step, cx) } else { Vec::new() };
        step.online(online)
    }

    /// `DROP TABLE`, or that of another `kind`.
    pub(super) fn drop_frame(&self, kind: &str) -> Step {
        let mut step = Step::statement(self.id(), format!("DROP {kind} {}", self.name))
            .destroys(self.id())
            .destroys(ObjectId::RelationName(self.name.clone()))
            .destroys(ObjectId::TypeName(self.name.clone()))
            .locks(LockMode::AccessExclusive, &self.name);
        for parent in self.parents.iter().filter(|_| self.bound.is_some()) {
            step = step
                .destroys(ObjectId::Bounds(parent.clone()))
                .locks(LockMode::AccessExclusive, parent)
                .hosted_by(ObjectId::Table(parent.clone()));
        }
        step
    }

    /// From its parents and bound to those of `new`: what comes first and what comes last.
    pub(super) fn move_to(&self, new: &Self, cx: &Context<'_>) -> (Vec<Step>, Vec<Step>) {
        let other_bound = self.bound != new.bound;
        let away = self.parents.iter().filter(|parent| other_bound || !new.parents.contains(parent));
        let to = new.parents.iter().filter(|parent| other_bound || !self.parents.contains(parent));
        let mut away: Vec<Step> = away.map(|parent| self.detach_from(parent, cx)).collect();
        let mut to: Vec<Step> = to.map(|parent| new.attach(parent, cx)).collect();
        if self.bound.is_none() && new.bound.is_none() {
            // Inherited columns that it goes on inheriting, from another, never become its own.
            to.append(&mut away);
            return (Vec::new(), to);
        }
        // What the parent gives meanwhile, it gives before.
        if let (Some(away), Some(to)) = (away.first_mut(), to.first())
            && self.parents == new.parents
        {
            away.needs.extend(to.needs.iter().cloned());
        }
        (away, to)
    }

    fn replica_identity(&self) -> Option<Step> {
        let to = match self.replica_identity {
            ReplicaIdentity::Default => "DEFAULT",
            ReplicaIdentity::Full => "FULL",
            ReplicaIdentity::Nothing => "NOTHING",
            ReplicaIdentity::Index => return None,
        };
        Some(Step::alter_table(self.id(), &self.name, format!("REPLICA IDENTITY {to}")))
    }

    /// What is only for tables that are logged, or that are not: foreign keys to or from it, and publications of it.
    fn watchers(&self, catalog: &Catalog) -> BTreeSet<ObjectId> {
        let id = self.id();
        let users = catalog.edges.users(&id);
        let watches = |user: &&ObjectId| match catalog.get(user) {
            Some(Object::Constraint(key)) => key.references.is_some(),
            Some(Object::Publication(_)) => true,
            _another_or_none => false,
        };
        users.filter(watches).cloned().collect()
    }

    /// Changes of what rows are stored in, and how.
    fn change_storage(&self, new: &Self, cx: &Context<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        let rewritten = |action: String| {
            let step = Step::statement(self.id(), format!("ALTER TABLE {} {action}", self.name))
                .locks(LockMode::AccessExclusive, &self.name)
                .hazard(HazardKind::Rewrite, "the whole table is written anew");
            row_type::between(step, &self.name, cx)
        };
        if self.unlogged != new.unlogged {
            // Not an action beside others: PostgreSQL looks at foreign keys before it drops any.
            steps.push(rewritten(format!("SET {}", if new.unlogged { "UNLOGGED" } else { "LOGGED" })));
        }
        if self.access_method != new.access_method {
            let heap = Ident::from("heap");
            let method = new.access_method.as_ref().unwrap_or(&heap);
            steps.push(rewritten(format!("SET ACCESS METHOD {method}")));
        }
        if self.tablespace != new.tablespace {
            let own = Ident::from("pg_default");
            let tablespace = new.tablespace.as_ref().unwrap_or(&own);
            steps.push(rewritten(format!("SET TABLESPACE {tablespace}")));
        }
        for change in changes(&self.parameters, &new.parameters) {
            let mode = if change.contains("user_catalog_table") {
                LockMode::AccessExclusive
            } else {
                LockMode::ShareUpdateExclusive
            };
            steps.push(Step::alter_table(self.id(), &self.name, change).relocked(mode, &self.name));
        }
        steps
    }

    /// Foreign keys to or from other tables that change too: a logged table must not reference an unlogged one, not
    /// even for a moment.
    fn foreign_keys_among_changing(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let id = self.id();
        let changes = |table: &QName| {
            let id = ObjectId::Table(table.clone());
            match (cx.old.get(&id), cx.new.get(&id)) {
                (Some(Object::Table(old)), Some(Object::Table(new))) => old.unlogged != new.unlogged,
                _not_in_both => false,
            }
        };
        let users = cx.old.edges.users(&id);
        users
            .filter(|user| match cx.old.get(user) {
                Some(Object::Constraint(key)) => key
                    .references
                    .as_ref()
                    .is_some_and(|target| *target != key.table && changes(target) && changes(&key.table)),
                _other_kind => false,
            })
            .cloned()
            .collect()
    }
}

impl Rules for Table {
    fn id(&self) -> ObjectId {
        ObjectId::Table(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let kind = if self.unlogged { "UNLOGGED TABLE" } else { "TABLE" };
        let mut steps = self.create_frame(kind, |partition| self.tail(cx.new, partition), cx);
        if self.replica_identity != ReplicaIdentity::Default {
            steps.extend(self.replica_identity());
        }
        let flags = (self.row_security, self.force_row_security);
        steps.extend(row_security(&self.name, (false, false), flags));
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let mut step = self.drop_frame("TABLE");
        // A partitioned table has rows only in its partitions.
        if self.partitioned_by.is_none() || !descendants(cx.old, &self.name).is_empty() {
            step = step.hazard(HazardKind::DataLoss, format!("all rows of {} are gone", self.name.short()));
        }
        vec![step]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Table(new) = new else { return Alteration::Recreate };
        let Self {
            name,
            unlogged,
            row_security: secured,
            force_row_security: forced,
            partitioned_by,
            parents: _,
            bound: _,
            of_type,
            parameters: _,
            access_method: _,
            tablespace: _,
            replica_identity,
            clustered_on,
            children: _,
            attached: _,
        } = self;
        if *partitioned_by != new.partitioned_by {
            return Alteration::Recreate;
        }
        let (mut steps, to) = self.move_to(new, cx);
        if *of_type != new.of_type {
            steps.push(change_of_type(self.id(), name, new.of_type.as_deref(), cx));
        }
        steps.extend(self.change_storage(new, cx));
        if *replica_identity != new.replica_identity {
            steps.extend(new.replica_identity());
        }
        if let (Some(index), None) = (clustered_on, &new.clustered_on)
            && cx.new.get(&index_of(cx.new, name, &name.sibling(index))).is_some()
        {
            let action = "SET WITHOUT CLUSTER".to_owned();
            steps.push(
                Step::alter_table(self.id(), name, action).relocked(LockMode::ShareUpdateExclusive, name),
            );
        }
        let flags = (new.row_security, new.force_row_security);
        steps.extend(row_security(name, (*secured, *forced), flags));
        steps.extend(to);
        let bereft = bereft(cx, name);
        if steps.is_empty() && bereft.is_empty() {
            return Alteration::Same;
        }
        let mut rebuild =
            if *unlogged == new.unlogged { Vec::new() } else { self.foreign_keys_among_changing(cx) };
        // Nobody waits for the frame: its columns are there as they were, whatever becomes of it. Foreign keys do, where
        // they look at both tables, and publications.
        let keys_change = !rebuild.is_empty() || self.watchers(cx.old) != self.watchers(cx.new);
        let waits = *unlogged != new.unlogged && keys_change;
        steps.iter_mut().for_each(|step| step.afterthought = !waits);
        rebuild.extend(rivals(cx, name).into_iter().chain(bereft));
        Alteration::InPlace { steps, rebuild, touches: Vec::new() }
    }

    fn beyond(&self, new: &Object) -> Option<&'static str> {
        let Object::Table(new) = new else { return None };
        // The last one that it comes to inherit from is the last.
        let mut parents: Vec<&QName> =
            self.parents.iter().filter(|parent| new.parents.contains(parent)).collect();
        parents.extend(new.parents.iter().filter(|parent| !self.parents.contains(parent)));
        let another_order = parents.into_iter().ne(&new.parents);
        another_order.then_some("keeps the order of what it inherits from; only a new table has another")
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Table(to) = new else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        let mut at = self.name.clone();
        if at.schema != to.schema {
            steps.push(Step::alter_table(new.clone(), &at, format!("SET SCHEMA {}", to.schema)));
            at.schema = to.schema.clone();
        }
        if at.name != to.name {
            steps.push(Step::alter_table(new.clone(), &at, format!("RENAME TO {}", to.name)));
        }
        let why = format!("programs that know the table as {} stop working", self.name.short());
        steps.into_iter().map(|step| step.hazard(HazardKind::BreaksRunningCode, why.clone())).collect()
    }

    /// Half of the columns, or more, have the same names and types.
    fn resembles(&self, new: &Object, cx: &Context<'_>) -> bool {
        let Object::Table(new) = new else { return false };
        let (before, after) = (columns(cx.old, &self.name), columns(cx.new, &new.name));
        let common = before.iter().filter(|column| after.contains(column)).count();
        common > 0 && common * 2 >= before.len().min(after.len())
    }
}

/// Names and types.
fn columns<'a>(catalog: &'a Catalog, table: &QName) -> Vec<(&'a str, &'a str)> {
    let column = |part| match part {
        Part::Column(column) => Some((column.name.as_str(), column.data_type.as_str())),
        Part::Constraint(_) => None,
    };
    parts(catalog, table).filter_map(column).collect()
}
