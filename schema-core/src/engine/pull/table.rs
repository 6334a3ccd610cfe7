//! Tables and views, and what is inside them, without what the derives have no words for. A new field of one of these kinds is a
//! decision here: the structs are taken apart to the last field.

use crate::engine::default_name::object_name;
use crate::engine::kind::column::{Column, Identity};
use crate::engine::kind::constraint::Constraint;
use crate::engine::kind::index::Index;
use crate::engine::kind::materialized_view::MaterializedView;
use crate::engine::kind::sequence::SequenceOptions;
use crate::engine::kind::table::{ReplicaIdentity, Table};
use crate::engine::kind::view::View;
use crate::engine::name::Ident;
use thin_vec::ThinVec;

/// The table as its struct makes it; `None` where it cannot be one.
pub(super) fn plain(table: &Table) -> Option<Table> {
    let Table {
        name,
        unlogged,
        row_security,
        force_row_security,
        partitioned_by,
        parents,
        bound,
        of_type,
        parameters,
        access_method,
        tablespace,
        replica_identity: _,
        clustered_on: _,
        children,
        attached,
    } = table;
    let plain = partitioned_by.is_none() && parents.is_empty() && bound.is_none() && of_type.is_none();
    (plain && access_method.is_none() && tablespace.is_none()).then(|| Table {
        name: name.clone(),
        unlogged: *unlogged,
        row_security: *row_security,
        force_row_security: *force_row_security,
        partitioned_by: None,
        parents: Vec::new(),
        bound: None,
        of_type: None,
        parameters: parameters.clone(),
        access_method: None,
        tablespace: None,
        replica_identity: ReplicaIdentity::Default,
        clustered_on: None,
        children: children.clone(),
        attached: attached.clone(),
    })
}

/// The column as its field makes it; `None` where it cannot be one.
pub(super) fn plain_column(column: &Column) -> Option<Column> {
    let Column {
        table,
        name,
        position,
        data_type,
        not_null,
        default,
        generated,
        identity,
        collation,
        local,
        inherited,
        storage,
        compression,
        statistics,
        parameters: _,
        not_null_constraint: _,
    } = column;
    let identity = identity.as_ref().map(|identity| Identity {
        always: identity.always,
        sequence: table.sibling(&Ident::new(object_name(table.name.as_str(), Some(name.as_str()), "seq"))),
        options: SequenceOptions::usual(data_type),
    });
    (*local && !inherited).then(|| Column {
        table: table.clone(),
        name: name.clone(),
        position: *position,
        data_type: data_type.clone(),
        not_null: *not_null,
        default: default.clone(),
        generated: *generated,
        identity: identity.map(Box::new),
        collation: collation.clone(),
        local: true,
        inherited: false,
        storage: *storage,
        compression: *compression,
        statistics: *statistics,
        parameters: ThinVec::new(),
        not_null_constraint: None,
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

/// The constraint as an attribute makes it; its definition may still not be understood.
pub(super) fn plain_constraint(constraint: &Constraint) -> Option<Constraint> {
    let Constraint {
        table,
        name,
        form,
        definition,
        columns,
        references,
        validated,
        local,
        inherited,
        parent,
        attached_to,
        usual,
        parameters: _,
        tablespace,
        clustered: _,
        replica_identity: _,
        complete: _,
    } = constraint;
    let own = *local && !inherited && parent.is_none() && attached_to.is_none();
    (own && *validated && tablespace.is_none()).then(|| Constraint {
        table: table.clone(),
        name: name.clone(),
        form: *form,
        definition: definition.clone(),
        columns: columns.clone(),
        references: references.clone(),
        validated: true,
        local: true,
        inherited: false,
        parent: None,
        attached_to: None,
        usual: *usual,
        parameters: ThinVec::new(),
        tablespace: None,
        clustered: false,
        replica_identity: false,
        complete: true,
    })
}

/// The same for an index.
pub(super) fn plain_index(index: &Index) -> Option<Index> {
    let Index {
        name,
        table,
        unique,
        on,
        columns,
        parameters,
        tablespace,
        valid,
        clustered: _,
        replica_identity: _,
        partitioned,
        attached_to,
        usual,
        statistics: _,
    } = index;
    let own = *valid && !partitioned && attached_to.is_none();
    (own && tablespace.is_none()).then(|| Index {
        name: name.clone(),
        table: table.clone(),
        unique: *unique,
        on: on.clone(),
        columns: columns.clone(),
        parameters: parameters.clone(),
        tablespace: None,
        valid: true,
        clustered: false,
        replica_identity: false,
        partitioned: false,
        attached_to: None,
        usual: *usual,
        statistics: ThinVec::new(),
    })
}
