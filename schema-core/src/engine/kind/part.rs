//! What is inside of a table: its columns and constraints.

use super::column::Column;
use super::constraint::Constraint;
use super::{Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;

/// A column or a constraint of a table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// A column.
    Column(&'a Column),
    /// A constraint.
    Constraint(&'a Constraint),
}

impl Part<'_> {
    pub(super) fn id(self) -> ObjectId {
        match self {
            Self::Column(column) => column.id(),
            Self::Constraint(constraint) => constraint.id(),
        }
    }

    /// That of a parent which it comes from, if the parent has it.
    pub(super) fn of_parent(self, parent: &QName, catalog: &Catalog) -> Option<ObjectId> {
        match self {
            Self::Column(column) if column.inherited => {
                let above = ObjectId::Column(parent.clone(), column.name.clone());
                catalog.get(&above).is_some().then_some(above)
            }
            Self::Constraint(key) if key.inherited => key.of_parent(parent, catalog),
            Self::Column(_) | Self::Constraint(_) => None,
        }
    }
}

/// The columns and constraints of a table.
pub(super) fn parts<'a>(catalog: &'a Catalog, table: &QName) -> impl Iterator<Item = Part<'a>> {
    let of = table.clone();
    let columns = catalog.objects.range(ObjectId::Column(table.clone(), "".into())..);
    let columns = columns.map_while(move |(_, object)| {
        let Object::Column(column) = object else { return None };
        (column.table == of).then_some(Part::Column(column))
    });
    columns.chain(constraints(catalog, table).map(Part::Constraint))
}

/// The constraints of a table.
pub(super) fn constraints<'a>(
    catalog: &'a Catalog,
    table: &QName,
) -> impl Iterator<Item = &'a Constraint> + use<'a> {
    let of = table.clone();
    let constraints = catalog.objects.range(ObjectId::Constraint(table.clone(), "".into())..);
    constraints.map_while(move |(_, object)| {
        let Object::Constraint(constraint) = object else { return None };
        (constraint.table == of).then_some(constraint)
    })
}
