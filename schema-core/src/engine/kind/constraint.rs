//! Constraints: primary key, unique, foreign key, check, exclusion. NOT NULL belongs to the column.

mod foreign_key;
mod online;

use super::any_index::AnyIndex;
use super::inherit::{
    By, above_lasts, arrives, arrives_attached, before_it, brings, descendants, index_of, lasting, leaves,
    leaving, made_again, stays_attached, table,
};
use super::online::{validate, validate_now};
use super::parameter::with;
use super::part::constraints;
use super::table::Table;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::{Printed, find};
use crate::engine::step::{LockMode, Step};
pub(super) use foreign_key::{is_referenced, referencing};
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

/// A constraint of a table. The index inside a primary key, unique or exclusion constraint is part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// Which of the five it is.
    pub form: Form,
    /// `pg_get_constraintdef` with an empty search_path: `CHECK ((amount > 0))`.
    pub definition: Printed,
    /// The columns of the table that it names, in its order.
    pub columns: ThinVec<Ident>,
    /// The table that a foreign key references.
    pub references: Option<QName>,
    /// `convalidated`.
    pub validated: bool,
    /// Whether the table has it on its own account (`conislocal`).
    pub local: bool,
    /// Whether it comes from a parent (`coninhcount`).
    pub inherited: bool,
    /// The name of the constraint that it comes from, where PostgreSQL knows it.
    pub parent: Option<Ident>,
    /// The index that the index inside is attached to.
    pub attached_to: Option<Box<QName>>,
    /// Whether the index inside, if it is attached, has the name that PostgreSQL gives it.
    pub usual: bool,
    /// Storage parameters of the index inside. Their order is no difference.
    pub parameters: ThinVec<String>,
    /// The tablespace of the index inside, where it is not the database's own.
    pub tablespace: Option<Ident>,
    /// Whether `CLUSTER` goes by the index inside.
    pub clustered: bool,
    /// Whether the index inside is the replica identity.
    pub replica_identity: bool,
    /// Whether all partitions have their own for the index inside. They say so themselves: no part of the definition.
    pub complete: bool,
}

/// The forms of constraints, in the order in which people write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `FOREIGN KEY`.
    ForeignKey,
    /// `CHECK`.
    Check,
    /// `EXCLUDE`.
    Exclude,
}

const BROKEN: &str = "rows that break it stand in the way";

impl Constraint {
    /// Whether there is an index inside.
    pub(super) fn has_index(&self) -> bool {
        match self.form {
            Form::PrimaryKey | Form::Unique | Form::Exclude => true,
            Form::ForeignKey | Form::Check => false,
        }
    }

    /// Whether rows that are equal in its columns stand in its way.
    pub(super) fn is_key(&self) -> bool {
        self.has_index() && self.form != Form::Exclude
    }

    /// The name of the index inside, which takes a name that relations share.
    pub(super) fn index_name(&self, name: &Ident) -> Option<ObjectId> {
        self.has_index().then(|| ObjectId::RelationName(self.table.sibling(name)))
    }

    /// Whether another table's Steps bring it, unless the table is attached later.
    pub(super) fn is_brought(&self) -> bool {
        self.inherited && !self.local && !self.has_index()
    }

    /// The place that only one constraint of a table can have.
    fn place(&self) -> Option<ObjectId> {
        (self.form == Form::PrimaryKey).then(|| ObjectId::PrimaryKey(self.table.clone()))
    }

    /// Whether its table must be there before the parent's Step brings it: a table that is created under a parent gets a
    /// check of it as a valid one; and two partitioned tables can reference each other, with all their partitions.
    pub(super) fn comes_late(&self, cx: &Context<'_>) -> bool {
        let Some(table) = table(cx.new, &self.table) else { return false };
        let is_late = match self.form {
            Form::Check => !self.validated,
            Form::ForeignKey => table.comes_whole(cx) && self.goes_round(cx.new),
            Form::PrimaryKey | Form::Unique | Form::Exclude => false,
        };
        let is_new =
            |table: &QName| cx.old.get(&ObjectId::Table(table.clone())).is_none() || made_again(cx, table);
        let comes = |above: &Self| is_new(&above.table) || cx.old.get(&above.id()).is_none();
        let mut above = self.above(cx.new).peekable();
        is_late && self.is_brought() && is_new(&self.table) && above.peek().is_some() && above.all(comes)
    }

    /// The constraint of a parent that it comes from.
    pub(super) fn of_parent(&self, parent: &QName, catalog: &Catalog) -> Option<ObjectId> {
        let id = match &self.attached_to {
            Some(index) => index_of(catalog, parent, index),
            None => ObjectId::Constraint(parent.clone(), self.parent.as_ref().unwrap_or(&self.name).clone()),
        };
        catalog.get(&id).is_some().then_some(id)
    }

    /// The constraints of its table's parents that it comes from.
    fn above<'a>(&self, catalog: &'a Catalog) -> impl Iterator<Item = &'a Self> {
        let parents = table(catalog, &self.table).map(|table| table.parents.as_slice()).unwrap_or_default();
        parents.iter().filter_map(|parent| {
            let above = catalog.get(&self.of_parent(parent, catalog)?)?;
            if let Object::Constraint(above) = above { Some(above) } else { None }
        })
    }

    /// Whether the parent's that it comes from stays, be it under another name.
    fn above_lasts(&self, new: &Self, cx: &Context<'_>) -> bool {
        let above = |parent: &QName| self.of_parent(parent, cx.old).zip(new.of_parent(parent, cx.new));
        above_lasts(cx, &self.table, above)
    }

    /// The same constraint of a descendant, if it comes from this one.
    fn heir<'a>(&self, catalog: &'a Catalog, table: &Table) -> Option<&'a Self> {
        constraints(catalog, &table.name).find(|part| {
            part.is_brought()
                && part.form == self.form
                && part.parent.as_ref().unwrap_or(&part.name) == &self.name
        })
    }

    /// The definition with what `pg_get_constraintdef` leaves out about the index inside.
    fn full_definition(&self) -> String {
        let mut facets = with(&self.parameters);
        if let Some(tablespace) = &self.tablespace {
            facets.push_str(&format!(" USING INDEX TABLESPACE {tablespace}"));
        }
        let end = [" WHERE (", " DEFERRABLE"].iter().filter_map(|after| find(&self.definition, after)).min();
        let (before, after) = self.definition.split_at(end.unwrap_or(self.definition.len()));
        format!("{before}{facets}{after}")
    }

    /// Takes the index of its name that is there, if it is what the constraint needs.
    fn take_index(&self, cx: &Context<'_>) -> Option<Step> {
        let id = ObjectId::Index(self.table.sibling(&self.name));
        let Some(Object::Index(index)) = cx.old.get(&id) else { return None };
        if !index.becomes(cx) {
            return None;
        }
        let mut step = self.on_index(&self.name).destroys(id).builds(self.id());
        step.builds.extend(self.place());
        step.needs.extend(self.proven());
        Some(step)
    }

    /// The keys of a primary key or unique constraint as an index has them: `(a, b)`.
    pub(super) fn keys(&self) -> Option<&str> {
        let end = find(&self.definition, " DEFERRABLE").unwrap_or(self.definition.len());
        let definition = &self.definition[..end];
        definition.strip_prefix("PRIMARY KEY ").or_else(|| definition.strip_prefix("UNIQUE "))
    }

    /// The index inside, where there is one.
    pub(super) fn as_any(&self) -> AnyIndex<'_> {
        AnyIndex {
            table: &self.table,
            name: &self.name,
            inside: true,
            columns: &self.columns,
            parameters: &self.parameters,
            tablespace: self.tablespace.as_ref(),
            clustered: self.clustered,
            replica_identity: self.replica_identity,
            attached_to: self.attached_to.as_deref(),
            usual: self.usual,
            complete: self.complete,
        }
    }

    /// What comes after it is there.
    fn marks(&self) -> Vec<Step> {
        self.as_any().marks(None)
    }

    /// Whether it is enforced at all (PostgreSQL 18).
    fn enforced(&self) -> bool {
        find(&self.definition, " NOT ENFORCED").is_none()
    }

    /// A foreign key comes to a partition under the name of the parent's.
    fn renamed_heir(&self, by: &By, cx: &Context<'_>) -> Option<Step> {
        let came_as =
            self.parent.as_ref().filter(|parent| **parent != self.name && self.form == Form::ForeignKey)?;
        let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {came_as} TO {}", self.table, self.name);
        let mut step = Step::statement(self.id(), sql)
            .locks(LockMode::AccessExclusive, &self.table)
            .needs(ObjectId::Table(self.table.clone()));
        step.needs.extend(self.brought_by(by, cx));
        Some(step)
    }

    /// The constraint of a parent whose Step brings it.
    fn brought_by(&self, by: &By, cx: &Context<'_>) -> Option<ObjectId> {
        match by {
            By::Parent(parent) => self.of_parent(parent, cx.new),
            By::Table if self.comes_late(cx) => self.above(cx.new).next().map(Rules::id),
            By::Table | By::Itself => None,
        }
    }

    /// Whether it is known to hold, and the parent's is not.
    fn is_ahead(&self, cx: &Context<'_>) -> bool {
        self.validated && self.above(cx.new).any(|above| !above.validated)
    }

    /// What comes to a table below before its parent's is known to hold is checked there.
    fn validate_heir(&self, by: &By, cx: &Context<'_>) -> Option<Step> {
        let parent = self.brought_by(by, cx)?;
        let Some(Object::Constraint(above)) = cx.new.get(&parent) else { return None };
        (self.validated && !above.validated).then(|| {
            let later = validate(self.id(), &self.table, &self.name, [], BROKEN);
            validate_now(later).needs(parent)
        })
    }

    /// Who brings it.
    fn arrives(&self, cx: &Context<'_>) -> By {
        match &self.attached_to {
            Some(to) => arrives_attached(cx, &self.table, &self.table.sibling(&self.name), to),
            None if self.is_brought() => {
                arrives(cx, &self.table, |parent| self.of_parent(parent, cx.new).is_some())
            }
            None => By::Itself,
        }
    }

    /// Locks on the tables that it reaches, and what it brings them.
    fn reach(&self, mut step: Step, mode: LockMode, cx: &Context<'_>) -> Step {
        step.needs.extend(leaving(cx, &self.table));
        if self.has_index() {
            let brought = brings(cx, &self.table, &self.table.sibling(&self.name));
            for (partition, name, id) in brought.into_iter().flatten() {
                step = step.builds(id).builds(ObjectId::RelationName(name)).locks(mode, &partition.name);
            }
            return step;
        }
        for table in lasting(cx, &self.table) {
            if let Some(heir) = self.heir(cx.new, table) {
                step = step.builds(heir.id()).locks(mode, &table.name);
            }
        }
        for table in descendants(cx.new, &self.table) {
            if let Some(heir) = self.heir(cx.new, table).filter(|heir| heir.comes_late(cx)) {
                step = step.needs(ObjectId::Table(table.name.clone())).builds(heir.id());
            }
        }
        step
    }

    /// The lock on what a foreign key references, all the way down.
    fn lock_target(&self, step: &mut Step, mode: LockMode, cx: &Context<'_>) {
        let Some(target) = &self.references else { return };
        step.lock(mode, target);
        for table in lasting(cx, target) {
            step.lock(mode, &table.name);
        }
    }

    /// The definition up to what `ALTER CONSTRAINT` can change, and that.
    fn deferral(&self) -> (&str, &str) {
        let ends =
            [" DEFERRABLE", " NOT ENFORCED"].iter().filter_map(|end| find(&self.definition, end)).min();
        self.definition.split_at(ends.unwrap_or(self.definition.len()))
    }

    /// Only when it is checked differs, and its form can change that in place.
    fn change_deferral(&self, new: &Self) -> Option<Step> {
        let ((same, old), (same_new, new)) = (self.deferral(), new.deferral());
        let enforced = |tail: &str| !tail.contains("NOT ENFORCED");
        if self.form != Form::ForeignKey || same != same_new || enforced(old) != enforced(new) {
            return None;
        }
        let to = if new.is_empty() { " NOT DEFERRABLE" } else { new };
        let action = format!("ALTER CONSTRAINT {}{to}", self.name);
        Some(Step::alter_table(self.id(), &self.table, action))
    }

    /// Whether an earlier key of the table is the same but for its name: of two in one statement PostgreSQL makes one
    /// (`transformIndexConstraints`).
    fn has_twin(&self, cx: &Context<'_>) -> bool {
        let keys = |constraint: &Self| match constraint.form {
            Form::PrimaryKey => constraint.definition.strip_prefix("PRIMARY KEY ").map(str::to_owned),
            Form::Unique => constraint.definition.strip_prefix("UNIQUE ").map(str::to_owned),
            Form::ForeignKey | Form::Check | Form::Exclude => None,
        };
        let Some(own) = keys(self) else { return false };
        let before = |other: &Self| other.name < self.name || other.form == Form::PrimaryKey;
        constraints(cx.new, &self.table)
            .any(|other| other.name != self.name && before(other) && keys(other).as_ref() == Some(&own))
    }
}

impl Rules for Constraint {
    fn id(&self) -> ObjectId {
        ObjectId::Constraint(self.table.clone(), self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let by = self.arrives(cx);
        if by != By::Itself {
            let steps = self.renamed_heir(&by, cx).into_iter().chain(self.validate_heir(&by, cx));
            return steps.chain(self.as_any().own_storage(cx)).chain(self.marks()).collect();
        }
        if let Some(step) = self.take_index(cx) {
            return std::iter::once(step).chain(self.marks()).collect();
        }
        let text = format!("CONSTRAINT {} {}", self.name, self.full_definition());
        let not_valid = if self.validated || !self.enforced() { "" } else { " NOT VALID" };
        let brought = brings(cx, &self.table, &self.table.sibling(&self.name)).filter(|_| self.has_index());
        let brings = !self.has_index() || brought.is_some();
        let twin = self.has_twin(cx);
        let mut step = if brings && twin {
            Step::statement(self.id(), format!("ALTER TABLE {} ADD {text}{not_valid}", self.table))
                .locks(LockMode::AccessExclusive, &self.table)
        } else if brings {
            Step::alter_table(self.id(), &self.table, format!("ADD {text}{not_valid}"))
        } else {
            Step::statement(self.id(), format!("ALTER TABLE ONLY {} ADD {text}", self.table))
                .locks(LockMode::AccessExclusive, &self.table)
        };
        step = step.builds(self.id());
        step.builds.extend(self.index_name(&self.name));
        step.builds.extend(self.place());
        step.needs.extend(self.proven());
        step = match self.form {
            // Those of the partitions are attached one by one.
            Form::PrimaryKey | Form::Unique if !brings => step,
            Form::PrimaryKey => step
                .hazard(HazardKind::LongLock, "the table is locked until the index is built")
                .hazard(HazardKind::MayFail, "rows that are equal or null in these columns stand in the way"),
            Form::Unique | Form::Exclude => step
                .hazard(HazardKind::LongLock, "the table is locked until the index is built")
                .hazard(HazardKind::MayFail, "rows that conflict with each other stand in the way"),
            Form::ForeignKey => {
                let mut step = step.relocked(LockMode::ShareRowExclusive, &self.table);
                step.builds.extend(self.keys_that_go(cx));
                step.builds.extend(self.partitions_that_go(cx));
                self.lock_target(&mut step, LockMode::ShareRowExclusive, cx);
                if self.validated {
                    step.hazard(HazardKind::LongLock, "writes wait until every row is checked")
                        .hazard(HazardKind::MayFail, "rows that point to nothing stand in the way")
                } else {
                    step
                }
            }
            Form::Check if self.validated => step
                .hazard(HazardKind::LongLock, "the table is locked until every row is checked")
                .hazard(HazardKind::MayFail, "rows that break it stand in the way"),
            Form::Check => step,
        };
        let mode = if self.form == Form::ForeignKey {
            LockMode::ShareRowExclusive
        } else {
            LockMode::AccessExclusive
        };
        if brings {
            step = self.reach(step, mode, cx);
        }
        if self.has_index() {
            step.needs.extend(self.as_any().gives_way(cx));
        }
        if !brings {
            step.needs.extend(before_it(cx, &self.table, &self.table.sibling(&self.name)));
        }
        step.position = self.form as i16;
        let online = self.add_online(&step, brought.as_deref(), cx);
        step = step.online(online);
        if (self.validated || !self.enforced()) && brings && !twin {
            step = step.line_of(ObjectId::Table(self.table.clone()), &text);
        }
        let mut steps = vec![step];
        steps.extend(self.as_any().attach(cx));
        steps.extend(self.marks());
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let leaves = leaves(cx, &self.table, |parent| self.of_parent(parent, cx.old).is_some());
        if self.is_brought() && leaves != By::Itself {
            return Vec::new();
        }
        let mut step = Step::alter_table(self.id(), &self.table, format!("DROP CONSTRAINT {}", self.name))
            .destroys(self.id())
            .hosted_by(ObjectId::Table(self.table.clone()));
        step.destroys.extend(self.index_name(&self.name));
        step.destroys.extend(self.place());
        if let Some(target) = &self.references {
            step = step.locks(LockMode::AccessExclusive, target);
            for table in descendants(cx.old, target) {
                step = step.locks(LockMode::AccessExclusive, &table.name);
            }
        }
        for below in lasting(cx, &self.table) {
            if let Some(heir) = self.heir(cx.old, below) {
                step = step.destroys(heir.id()).locks(LockMode::AccessExclusive, &below.name);
            }
            // Partitions without an index of their own for it too, if they are still there.
            if self.has_index() && table(cx.new, &below.name).is_some() {
                step = step.locks(LockMode::AccessExclusive, &below.name);
            }
        }
        if self.inherited || self.attached_to.is_some() {
            match leaves {
                By::Parent(parent) => step.hosts.extend(self.of_parent(&parent, cx.old)),
                // Once the table is detached, which waits for nothing.
                By::Table | By::Itself => {}
            }
        }
        for column in &self.columns {
            step = step.hosted_by(ObjectId::Column(self.table.clone(), column.clone()));
        }
        vec![step]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Constraint(new) = new else {
            return Alteration::Recreate;
        };
        let Self {
            table: _,
            name: _,
            form,
            definition,
            columns: _,
            references: _,
            validated,
            local: _,
            inherited: _,
            parent: _,
            attached_to,
            usual: _,
            parameters: _,
            tablespace: _,
            clustered: _,
            replica_identity: _,
            complete: _,
        } = self;
        if *form == Form::ForeignKey {
            let other_above = self.inherited && new.inherited && stays_attached(cx, &self.table);
            if !self.keeps_its_key(cx) || other_above && !self.above_lasts(new, cx) {
                return Alteration::Recreate;
            }
        }
        let mut steps = Vec::new();
        if *form != new.form || *definition != new.definition {
            match self.change_deferral(new) {
                Some(_) if self.is_brought() && new.is_brought() => {}
                Some(step) => steps.push(step),
                None => return Alteration::Recreate,
            }
        }
        let moved = (*attached_to != new.attached_to || self.inherited != new.inherited)
            && !self.above_lasts(new, cx);
        if moved && stays_attached(cx, &self.table) && self.has_index() {
            match attached_to {
                None => steps.extend(new.as_any().attach(cx)),
                Some(_) => return Alteration::Recreate,
            }
        }
        match (*validated, new.validated) {
            (true, true) | (false, false) => {}
            (false, true) if self.is_brought() && new.is_brought() && !new.is_ahead(cx) => {}
            (false, true) => {
                let below = lasting(cx, &self.table);
                let below = below.iter().map(|table| &table.name);
                let later = validate(self.id(), &self.table, &self.name, below, BROKEN);
                steps.push(validate_now(later));
            }
            (true, false) => return Alteration::Recreate,
        }
        let (index, after) = (self.as_any(), new.as_any());
        steps.extend(index.change_storage(&after));
        steps.extend(after.marks(Some(&index)));
        if moved && steps.is_empty() {
            // It comes or goes with its table: it stays, whatever becomes of the parent's.
            return Alteration::InPlace { steps, rebuild: Vec::new(), touches: Vec::new() };
        }
        Alteration::in_place(steps)
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Constraint(new) if self.table == new.table
            && self.form == new.form && self.definition == new.definition && self.validated == new.validated
            && self.attached_to == new.attached_to && self.inherited == new.inherited && self.local == new.local
            && (&self.parameters, &self.tablespace) == (&new.parameters, &new.tablespace)
            && (self.clustered, self.replica_identity) == (new.clustered, new.replica_identity))
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Constraint(_, to) = new else {
            return Vec::new();
        };
        if self.is_brought() && self.form == Form::Check {
            // With that of the parent.
            return Vec::new();
        }
        let action = format!("RENAME CONSTRAINT {} TO {to}", self.name);
        let sql = format!("ALTER TABLE {} {action}", self.table);
        let mut step = Step::statement(new.clone(), sql)
            .locks(LockMode::AccessExclusive, &self.table)
            .destroys(self.id())
            .builds(new.clone());
        step.destroys.extend(self.index_name(&self.name));
        step.builds.extend(self.index_name(to));
        vec![step]
    }
}
