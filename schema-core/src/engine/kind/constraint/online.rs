//! How constraints come to tables in use: checked later, or on an index that is built before.

use super::{Constraint, Form};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::kind::foreign_table::is_foreign;
use crate::engine::kind::inherit::{lasting, table};
use crate::engine::kind::online::{by_partition, has_same_partitions, passing_index, validate, was_there};
use crate::engine::kind::parameter::with;
use crate::engine::kind::table::Table;
use crate::engine::kind::{Context, Object, Rules};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::find;
use crate::engine::step::{LockMode, Sql, Step, Transaction};
use thin_vec::{ThinVec, thin_vec};

impl Constraint {
    /// What can take the place of `step`, which adds it; `brought` are the partitions' indexes that come with it.
    pub(super) fn add_online(
        &self,
        step: &Step,
        brought: Option<&[(&Table, QName, ObjectId)]>,
        cx: &Context<'_>,
    ) -> Vec<Step> {
        let partitioned = table(cx.new, &self.table).is_some_and(|table| table.partitioned_by.is_some());
        match self.form {
            _new if !was_there(&self.table, cx) => Vec::new(),
            Form::ForeignKey | Form::Check if !self.validated || !self.enforced() => Vec::new(),
            Form::ForeignKey if partitioned => self.add_by_partition(step, cx),
            Form::ForeignKey => {
                self.add_and_validate(step, &[], "rows that point to nothing stand in the way")
            }
            Form::Check if is_foreign(&self.table, cx.new) => Vec::new(),
            Form::Check => {
                let heirs = lasting(cx, &self.table).into_iter().filter(|of| self.heir(cx.new, of).is_some());
                let heirs: Vec<&QName> = heirs.map(|table| &table.name).collect();
                self.add_and_validate(step, &heirs, "rows that break it stand in the way")
            }
            Form::PrimaryKey | Form::Unique if self.index_definition().is_none() => Vec::new(),
            // What is made again around something else stays in its transaction.
            Form::PrimaryKey | Form::Unique if self.comes_back(cx.old) => Vec::new(),
            Form::PrimaryKey | Form::Unique if partitioned => match brought {
                Some(brought) if cx.old.get(&self.id()).is_none() && has_same_partitions(cx, &self.table) => {
                    by_partition(self.frame(), brought, step, cx)
                }
                Some(_) | None => Vec::new(),
            },
            Form::PrimaryKey | Form::Unique => {
                let index = self.table.sibling(&self.name);
                let taken = self.is_taken(cx);
                let index = if taken { index.sibling(&passing_index(&self.name, "new", cx)) } else { index };
                self.on_built_index(&index)
            }
            Form::Exclude => Vec::new(),
        }
    }

    /// Whether the Catalog has the same one.
    pub(in crate::engine::kind) fn comes_back(&self, catalog: &crate::engine::catalog::Catalog) -> bool {
        matches!(catalog.get(&self.id()), Some(Object::Constraint(other))
            if self.form == other.form && self.definition == other.definition)
    }

    /// Whether something else has its index's name until then.
    fn is_taken(&self, cx: &Context<'_>) -> bool {
        let index = ObjectId::Index(self.table.sibling(&self.name));
        matches!(cx.old.get(&self.id()), Some(Object::Constraint(old)) if old.has_index())
            || cx.old.get(&index).is_some()
    }

    fn add_and_validate(&self, step: &Step, heirs: &[&QName], why: &'static str) -> Vec<Step> {
        let action = format!("ADD CONSTRAINT {} {} NOT VALID", self.name, self.full_definition());
        let add = Sql::AlterTable { table: self.table.clone(), action };
        let add = Step { hazards: ThinVec::new(), hosts: ThinVec::new(), ..step.clone().with_sql(add) };
        let validate = validate(self.id(), &self.table, &self.name, heirs.iter().copied(), why);
        vec![add, Step { position: step.position, ..validate }]
    }

    /// A foreign key of a partitioned table: on each partition by itself. That of the whole takes these for its parts, and
    /// has nothing to check. Only from PostgreSQL 18 on it could be NOT VALID itself.
    fn add_by_partition(&self, step: &Step, cx: &Context<'_>) -> Vec<Step> {
        if !has_same_partitions(cx, &self.table) || cx.old.get(&self.id()).is_some() {
            return Vec::new();
        }
        let (mut adds, mut validates) = (Vec::new(), Vec::new());
        for partition in lasting(cx, &self.table) {
            if partition.partitioned_by.is_some() {
                continue;
            }
            let Some(heir) = self.heir(cx.new, partition) else { return Vec::new() };
            // Its own name comes afterwards, as if it had come with that of the whole.
            let part = Self { name: self.name.clone(), ..heir.clone() };
            if cx.old.get(&part.id()).is_some() {
                return Vec::new();
            }
            let mut add = Step::alter_table(self.id(), &part.table, "")
                .relocked(LockMode::ShareRowExclusive, &part.table);
            self.lock_target(&mut add, LockMode::ShareRowExclusive, cx);
            let mut pair = part.add_and_validate(&add, &[], "rows that point to nothing stand in the way");
            validates.extend(pair.pop());
            adds.append(&mut pair);
        }
        for step in &mut validates {
            step.causes = thin_vec![self.id()];
        }
        let mut whole = Step {
            hazards: ThinVec::new(),
            hosts: ThinVec::new(),
            ..step.clone().with_sql(step.sql.clone())
        };
        // It is the first that waits for what it needs.
        whole.needs.clear();
        // Those of the parts give up their triggers on the table that they point to.
        self.lock_target(&mut whole, LockMode::AccessExclusive, cx);
        [adds, validates, vec![whole]].concat()
    }

    /// The index inside, empty and not valid until those of the partitions are attached.
    pub(in crate::engine::kind) fn frame(&self) -> Step {
        let text = format!("CONSTRAINT {} {}", self.name, self.full_definition());
        let mut step = Step::statement(self.id(), format!("ALTER TABLE ONLY {} ADD {text}", self.table))
            .locks(LockMode::AccessExclusive, &self.table);
        step.builds.extend(self.index_name(&self.name));
        step.builds.extend(self.place());
        step.needs.extend(self.proven());
        step
    }

    /// The index under this name, then the constraint on it, which gives it its own name.
    pub(in crate::engine::kind) fn on_built_index(&self, index: &QName) -> Vec<Step> {
        let Some(definition) = self.index_definition() else { return Vec::new() };
        let why = if self.form == Form::PrimaryKey {
            "rows that are equal in these columns stand in the way"
        } else {
            "rows that conflict with each other stand in the way"
        };
        let create =
            format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {definition}", index.name, self.table);
        let create = Step::statement(self.id(), create)
            .builds(ObjectId::RelationName(index.clone()))
            .locks(LockMode::ShareUpdateExclusive, &self.table)
            .in_transaction(Transaction::Outside)
            .hazard(HazardKind::MayFail, why);
        let mut add = self.on_index(&index.name).builds(self.id());
        add.builds.extend(self.place());
        add.needs.extend(self.proven());
        if index.name != self.name {
            add.builds.extend(self.index_name(&self.name));
            add = add.destroys(ObjectId::RelationName(index.clone()));
        }
        vec![create, add]
    }

    /// `ADD CONSTRAINT ... USING INDEX`.
    pub(super) fn on_index(&self, index: &Ident) -> Step {
        let form = if self.form == Form::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" };
        let deferral = find(&self.definition, " DEFERRABLE").map_or("", |start| &self.definition[start..]);
        let action = format!("ADD CONSTRAINT {} {form} USING INDEX {index}{deferral}", self.name);
        Step::alter_table(self.id(), &self.table, action)
    }

    /// That the columns of a primary key are NOT NULL: then nothing is left to check.
    pub(super) fn proven(&self) -> impl Iterator<Item = ObjectId> {
        let columns = if self.form == Form::PrimaryKey { self.columns.as_slice() } else { &[] };
        columns.iter().map(|column| ObjectId::NotNull(self.table.clone(), column.clone()))
    }

    /// What follows `CREATE UNIQUE INDEX name ON table` for the index inside; `None` where it is not such a one.
    fn index_definition(&self) -> Option<String> {
        let keys = self.keys()?;
        if find(keys.trim_start_matches('('), " WITHOUT OVERLAPS").is_some() {
            return None;
        }
        let (keys, distinct) = match keys.strip_prefix("NULLS NOT DISTINCT ") {
            Some(keys) => (keys, " NULLS NOT DISTINCT"),
            None => (keys, ""),
        };
        let tablespace =
            self.tablespace.as_ref().map(|name| format!(" TABLESPACE {name}")).unwrap_or_default();
        Some(format!("{keys}{distinct}{}{tablespace}", with(&self.parameters)))
    }
}
