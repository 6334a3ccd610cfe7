//! Tables and views, and what is inside them, without what the derives have no words for. A new field of one of these kinds is a
//! decision here: the structs are taken apart to the last field.

use crate::engine::default_name::object_name;
use crate::engine::kind::column::{Column, Generated, Identity};
use crate::engine::kind::constraint::Constraint;
use crate::engine::kind::index::Index;
use crate::engine::kind::materialized_view::MaterializedView;
use crate::engine::kind::sequence::SequenceOptions;
use crate::engine::kind::table::Table;
use crate::engine::kind::view::View;
use crate::engine::name::Ident;

/// The table as its struct makes it; `None` where it cannot be one.
pub(super) fn plain(table: &Table) -> Option<Table> {
    let Table { name, unlogged, row_security: _, force_row_security: _ } = table;
    Some(Table { name: name.clone(), unlogged: *unlogged, row_security: false, force_row_security: false })
}

/// The column as its field makes it; `None` where it cannot be one.
pub(super) fn plain_column(column: &Column) -> Option<Column> {
    let Column { table, name, position, data_type, not_null, default, generated, identity, collation } =
        column;
    if *generated == Some(Generated::Virtual) {
        return None;
    }
    let identity = identity.as_ref().map(|identity| Identity {
        always: identity.always,
        sequence: table.sibling(&Ident::new(object_name(table.name.as_str(), Some(name.as_str()), "seq"))),
        options: SequenceOptions::usual(data_type),
    });
    Some(Column {
        table: table.clone(),
        name: name.clone(),
        position: *position,
        data_type: data_type.clone(),
        not_null: *not_null,
        default: default.clone(),
        generated: *generated,
        identity,
        collation: collation.clone(),
    })
}

/// The view as its struct makes it; `None` where it cannot be one.
pub(super) fn plain_view(view: &View) -> Option<View> {
    let View { name, columns, definition, options, defaults: _ } = view;
    (!columns.is_empty()).then(|| View {
        name: name.clone(),
        columns: columns.clone(),
        definition: definition.clone(),
        options: options.clone(),
        defaults: Vec::new(),
    })
}

/// The same for a materialized view.
pub(super) fn plain_materialized_view(view: &MaterializedView) -> Option<MaterializedView> {
    let MaterializedView {
        name,
        columns,
        definition,
        options,
        access_method,
        tablespace,
        settings: _,
        populated,
    } = view;
    let usual = access_method.is_none() && tablespace.is_none() && !columns.is_empty();
    usual.then(|| MaterializedView {
        name: name.clone(),
        columns: columns.clone(),
        definition: definition.clone(),
        options: options.clone(),
        access_method: None,
        tablespace: None,
        settings: Vec::new(),
        populated: *populated,
    })
}

/// The definition of a constraint that an attribute can be; the definition itself may still not be understood.
pub(super) fn plain_constraint(constraint: &Constraint) -> Option<&str> {
    let Constraint { table: _, name: _, form: _, definition, columns: _, references: _, validated } =
        constraint;
    validated.then_some(definition.as_str())
}

/// The same for an index.
pub(super) fn plain_index(index: &Index) -> Option<&str> {
    let Index { name: _, table: _, unique: _, on, columns: _ } = index;
    Some(on.as_str())
}
