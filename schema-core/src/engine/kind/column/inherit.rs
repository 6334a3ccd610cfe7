//! Columns that come from a parent, and those that tables below get from this one.

use super::Column;
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::inherit::{By, arrives, lasting, leaves, leaving, once_detached, table};
use crate::engine::kind::table::Table;
use crate::engine::kind::{Alteration, Context, Object, Rules};
use crate::engine::name::{Ident, QName};
use crate::engine::step::{Sql, Step};
use thin_vec::ThinVec;

/// The first major where partitions share the identity of their table.
const IDENTITY_OF_PARTITIONS: u32 = 170_000;

/// The column of a table.
pub(super) fn column<'a>(catalog: &'a Catalog, table: &QName, name: &Ident) -> Option<&'a Column> {
    match catalog.get(&ObjectId::Column(table.clone(), name.clone())) {
        Some(Object::Column(column)) => Some(column),
        _none_or_other => None,
    }
}

impl Column {
    /// The same column of descendants, where it comes from this one.
    pub(super) fn heirs<'a>(&self, cx: &Context<'a>) -> Vec<&'a Self> {
        let column = |table: &&Table| column(cx.old, &table.name, &self.name);
        lasting(cx, &self.table).iter().filter_map(column).filter(|column| column.inherited).collect()
    }

    /// Whether a table that inherits it keeps it as its own when this one goes.
    pub(super) fn is_kept_below(&self, cx: &Context<'_>) -> bool {
        table(cx.old, &self.table)
            .is_some_and(|table| table.bound.is_none() && table.partitioned_by.is_none())
            && self.heirs(cx).into_iter().any(|heir| {
                !heir.local && column(cx.new, &heir.table, &heir.name).is_some_and(|column| !column.inherited)
            })
    }

    /// What is done to the column is done to those of descendants.
    pub(super) fn reach(&self, mut step: Step, cx: &Context<'_>) -> Step {
        let online = std::mem::take(&mut step.online);
        step.online = online.into_iter().map(|step| self.reach(step, cx)).collect();
        let only = matches!(&step.sql, Sql::Statement(sql) if sql.starts_with("ALTER TABLE ONLY"));
        let Some(mode) = step.lock_on(&self.table).filter(|_| !only) else { return step };
        let mut step =
            lasting(cx, &self.table).iter().fold(step, |step, table| step.locks(mode, &table.name));
        step.needs.extend(leaving(cx, &self.table));
        step.needs.extend(once_detached(cx, &self.table));
        step
    }

    /// What it is after the Steps of the parent that it comes from, in both Catalogs. `None`: it is on its own.
    pub(super) fn after_parent(&self, new: &Self, cx: &Context<'_>) -> Option<(QName, Self)> {
        if !self.inherited || !new.inherited {
            return None;
        }
        let By::Parent(parent) =
            leaves(cx, &self.table, |parent| column(cx.old, parent, &self.name).is_some())
        else {
            return None;
        };
        let (before, after) = (column(cx.old, &parent, &self.name)?, column(cx.new, &parent, &self.name)?);
        let mut base = self.clone();
        if before.data_type != after.data_type {
            base.storage = None;
            base.compression = None;
        }
        base.data_type.clone_from(&after.data_type);
        base.collation.clone_from(&after.collation);
        if before.default != after.default || before.generated != after.generated {
            base.default.clone_from(&after.default);
            base.generated = after.generated;
        }
        if before.not_null != after.not_null {
            base.not_null = after.not_null;
        }
        Some((parent, base))
    }

    /// What a parent or the table's type brings.
    pub(super) fn brought(&self, by: &By, cx: &Context<'_>) -> Self {
        let plain = Self {
            default: None,
            not_null: false,
            not_null_constraint: self.not_null_constraint.clone().filter(|constraint| constraint.inherited),
            storage: None,
            compression: None,
            statistics: None,
            parameters: ThinVec::new(),
            // Of all tables that get columns from others only partitions get identities.
            identity: self.identity.clone().filter(|_| {
                let is_partition = table(cx.new, &self.table).is_some_and(|table| table.bound.is_some());
                is_partition && cx.new.server_version >= IDENTITY_OF_PARTITIONS
            }),
            ..self.clone()
        };
        let parents = table(cx.new, &self.table).map(|table| table.parents.as_slice()).unwrap_or_default();
        let parents = parents.iter().filter(|parent| !matches!(by, By::Parent(by) if by != *parent));
        let above: Vec<&Self> = parents.filter_map(|parent| column(cx.new, parent, &self.name)).collect();
        let Some(first) = above.first() else { return plain };
        Self {
            default: above.iter().find_map(|column| column.default.clone()),
            generated: first.generated,
            not_null: above.iter().any(|column| column.not_null),
            storage: first.storage.filter(|_| *by == By::Table),
            compression: first.compression,
            ..plain
        }
    }

    /// Who brings it: a column that the table has on its own account too comes by itself.
    pub(super) fn arrives(&self, cx: &Context<'_>) -> By {
        let typed = table(cx.new, &self.table).is_some_and(|table| table.of_type.is_some());
        if typed && table(cx.old, &self.table).is_none() {
            return By::Table;
        }
        if !self.inherited || self.local {
            return By::Itself;
        }
        arrives(cx, &self.table, |parent| column(cx.new, parent, &self.name).is_some())
    }

    /// What differs from what a parent or the table's type brings.
    pub(super) fn adjust(&self, by: &By, cx: &Context<'_>) -> Vec<Step> {
        let brought = self.brought(by, cx);
        let mut steps = match brought.in_place(self, cx, Vec::new()) {
            Alteration::InPlace { steps, .. } => steps,
            Alteration::Same | Alteration::Recreate => Vec::new(),
        };
        if let Some(first) = steps.first_mut() {
            first.needs.insert(ObjectId::Table(self.table.clone()));
            let parents =
                table(cx.new, &self.table).map(|table| table.parents.as_slice()).unwrap_or_default();
            let above = parents.iter().filter_map(|parent| column(cx.new, parent, &self.name));
            first.needs.extend(above.map(Rules::id));
        }
        steps
    }
}

impl Alteration {
    /// Once the parent's column has its new form.
    pub(super) fn after(mut self, parent: &QName, column: &Ident) -> Self {
        if let Self::InPlace { steps, .. } = &mut self
            && let Some(first) = steps.first_mut()
        {
            first.needs.insert(ObjectId::Column(parent.clone(), column.clone()));
        }
        self
    }
}
