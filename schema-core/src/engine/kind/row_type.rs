//! Row types in columns of other tables: PostgreSQL writes no table anew that has one (`find_composite_type_dependencies`).

use super::column::Column;
use super::{Context, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;

/// A Step that can write the table anew, once columns of its row type are gone and before such columns come.
pub(super) fn between(mut step: Step, table: &QName, cx: &Context<'_>) -> Step {
    let id = ObjectId::Table(table.clone());
    let has_others = |catalog: &Catalog, other: &Catalog| {
        let is_one = |user: &ObjectId| matches!(user, ObjectId::Column(of, _) if of != table);
        catalog.edges.users(&id).any(|user| is_one(user) && other.get(user).is_none())
    };
    if cx.old.get(&id).is_some() {
        if has_others(cx.old, cx.new) {
            step.destroys.insert(id.clone());
        }
        if has_others(cx.new, cx.old) {
            step.builds.insert(ObjectId::TypeName(table.clone()));
        }
    }
    step
}

/// What a new column of a row type that is there waits for.
pub(super) fn of_column(column: &Column, cx: &Context<'_>) -> Vec<ObjectId> {
    // Types without a schema are PostgreSQL's own: nearly all.
    if !column.data_type.contains('.') {
        return Vec::new();
    }
    let id = column.id();
    let rows = cx.new.needs(&id).filter_map(ObjectId::as_table).filter(|table| **table != column.table);
    let there = rows.filter(|table| cx.old.get(&ObjectId::Table((*table).clone())).is_some());
    there.map(|table| ObjectId::TypeName(table.clone())).collect()
}
