//! Facets of columns: how values are stored, what statistics are kept, the NOT NULL constraint as one with a name.

use super::column::{Column, Compression, NotNull, Storage};
use super::domain::base_type;
use super::inherit::table;
use super::online::{validate, validate_now};
use super::{Context, Rules, parameter};
use crate::engine::catalog::Catalog;
use crate::engine::default_name::object_name;
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::{LockMode, Step};
use std::borrow::Cow;

/// The first major that knows `SET STORAGE DEFAULT`.
const STORAGE_DEFAULT: u32 = 160_000;
/// The first major where NOT NULL is a constraint with a name.
const NOT_NULL_CONSTRAINTS: u32 = 180_000;

/// The Steps from the facets of `old` to those of `new`. They don't reach the tables that inherit: each has its own.
pub(super) fn changes(old: &Column, new: &Column, cx: &Context<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    if old.storage != new.storage {
        let storage = new.storage.map_or_else(|| default_storage(new, cx), Storage::as_str);
        steps.push(one(new, &format!("SET STORAGE {storage}"), cx));
    }
    if old.compression != new.compression {
        let method = new.compression.map_or("default", Compression::as_str);
        steps.push(one(new, &format!("SET COMPRESSION {method}"), cx));
    }
    let mode = LockMode::ShareUpdateExclusive;
    if old.statistics != new.statistics {
        let action = format!("SET STATISTICS {}", new.statistics.unwrap_or(-1));
        steps.push(one(new, &action, cx).relocked(mode, &new.table));
    }
    for change in parameter::changes(&old.parameters, &new.parameters) {
        steps.push(one(new, &change, cx).relocked(mode, &new.table));
    }
    steps
}

/// One action on this table only.
fn one(column: &Column, action: &str, cx: &Context<'_>) -> Step {
    let has_children = table(cx.new, &column.table).is_some_and(|table| !table.children.is_empty());
    if has_children {
        let sql = format!("ALTER TABLE ONLY {} ALTER COLUMN {} {action}", column.table, column.name);
        Step::statement(column.id(), sql).locks(LockMode::AccessExclusive, &column.table)
    } else {
        column.alter_column(action)
    }
}

fn default_storage(column: &Column, cx: &Context<'_>) -> &'static str {
    if cx.new.server_version >= STORAGE_DEFAULT {
        return "DEFAULT";
    }
    // Types of a fixed length have no choice.
    let name = base_type(column, cx.new);
    let base = name.split('(').next().unwrap_or_default();
    if ["numeric", "inet", "cidr"].contains(&base) { "MAIN" } else { "EXTENDED" }
}

/// What the NOT NULL constraint of a column is called; before PostgreSQL 18 there are none.
pub(super) fn not_null_name(column: &Column, catalog: &Catalog) -> Option<ObjectId> {
    let has_one = column.not_null && catalog.server_version >= NOT_NULL_CONSTRAINTS;
    let name = || column.not_null_constraint.as_deref().cloned().unwrap_or_else(|| usual(column)).name;
    has_one.then(|| ObjectId::ConstraintName(column.table.sibling(&name())))
}

/// The same where PostgreSQL chooses the name.
pub(super) fn chosen_not_null_name(column: &Column, catalog: &Catalog) -> Option<ObjectId> {
    not_null_name(column, catalog).filter(|_| column.not_null_constraint.is_none())
}

/// The column with the name of its NOT NULL constraint said, where that would not be chosen: the constraint of another
/// table still has it. Two tables may have constraints of one name.
pub(super) fn with_said_name<'a>(column: &'a Column, cx: &Context<'_>) -> Cow<'a, Column> {
    let is_taken = |name: ObjectId| matches!(&name, ObjectId::ConstraintName(name) if cx.is_given_elsewhere(name, &column.table));
    if chosen_not_null_name(column, cx.new).is_some_and(is_taken) {
        let not_null_constraint = Some(Box::new(usual(column)));
        Cow::Owned(Column { not_null_constraint, ..column.clone() })
    } else {
        Cow::Borrowed(column)
    }
}

fn usual(column: &Column) -> NotNull {
    let name = object_name(column.table.name.as_str(), Some(column.name.as_str()), "not_null");
    NotNull { name: Ident::from(name.as_str()), validated: true, no_inherit: false, inherited: false }
}

/// The Steps between two NOT NULL constraints, where both columns have one (PostgreSQL 18).
pub(super) fn change_not_null(old: &Column, new: &Column, cx: &Context<'_>) -> Vec<Step> {
    let before = old.not_null_constraint.as_deref().cloned().unwrap_or_else(|| usual(new));
    let after = new.not_null_constraint.as_deref().cloned().unwrap_or_else(|| usual(new));
    let mut steps = Vec::new();
    if after.inherited {
        return steps;
    }
    if before.name != after.name {
        let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", new.table, before.name, after.name);
        let mut step = Step::statement(new.id(), sql).locks(LockMode::AccessExclusive, &new.table);
        step.destroys.extend(not_null_name(old, cx.old));
        step.builds.extend(not_null_name(new, cx.new));
        steps.push(step);
    }
    let name = &after.name;
    if before.no_inherit != after.no_inherit {
        let inherit = if after.no_inherit { "NO INHERIT" } else { "INHERIT" };
        steps.push(Step::alter_table(new.id(), &new.table, format!("ALTER CONSTRAINT {name} {inherit}")));
    }
    match (before.validated, after.validated) {
        (true, true) | (false, false) => {}
        (false, true) => {
            let later = validate(new.id(), &new.table, name, [], "rows with NULL stand in the way");
            steps.push(validate_now(later));
        }
        (true, false) => {
            steps.push(Step::alter_table(new.id(), &new.table, format!("DROP CONSTRAINT {name}")));
            let sql =
                format!("ALTER TABLE {} ADD CONSTRAINT {name} NOT NULL {} NOT VALID", new.table, new.name);
            steps.push(Step::statement(new.id(), sql).locks(LockMode::AccessExclusive, &new.table));
        }
    }
    steps
}

impl NotNull {
    /// `CONSTRAINT name NOT NULL`, as it stands in a column's definition.
    pub(super) fn inline(&self) -> String {
        format!("CONSTRAINT {} NOT NULL{}", self.name, if self.no_inherit { " NO INHERIT" } else { "" })
    }

    /// `ADD CONSTRAINT`, as `ALTER TABLE` takes it.
    pub(super) fn add(&self, column: &Ident) -> String {
        let no_inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let not_valid = if self.validated { "" } else { " NOT VALID" };
        format!("ADD CONSTRAINT {} NOT NULL {column}{no_inherit}{not_valid}", self.name)
    }
}
