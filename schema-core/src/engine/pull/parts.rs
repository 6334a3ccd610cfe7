//! Constraints, indexes and sequences, as far as the derives have words for them.

use super::comparison::{Types, plain};
use super::definition::{self, Constraint, Index};
use super::types::written;
use crate::__private::same_sql;
use crate::engine::catalog::Catalog;
use crate::engine::default_name::object_name;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::column::Column;
use crate::engine::kind::constraint::Constraint as Live;
use crate::engine::kind::sequence::{Sequence, SequenceOptions};
use crate::engine::name::{Ident, QName, literal};
use crate::engine::record::{Action, ConstraintKind, KeyPart};
use std::collections::BTreeMap;

/// What was understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub(super) constraints: BTreeMap<ObjectId, Constraint>,
    pub(super) indexes: BTreeMap<ObjectId, Index>,
}

/// Takes all constraints and indexes apart.
pub(super) fn read(live: &Catalog) -> Parts {
    let mut parts = Parts::default();
    let types = types(live);
    let none = Types::new();
    let of = |relation: &QName| types.get(relation).unwrap_or(&none);
    for (id, object) in &live.objects {
        if let Object::Constraint(constraint) = object
            && let Some(read) = read_constraint(constraint, of(&constraint.table))
        {
            parts.constraints.insert(id.clone(), read);
        }
        if let Object::Index(index) = object
            && let Some(mut read) = definition::index(&index.on)
            && read
                .keys
                .iter()
                .all(|key| !matches!(&key.on, KeyPart::Expression(sql) if sql.trim().is_empty()))
        {
            read.with = (!index.parameters.is_empty()).then(|| with(&index.parameters));
            read.predicate = read.predicate.map(|sql| plain(&sql, of(&index.table)));
            parts.indexes.insert(id.clone(), read);
        }
    }
    parts
}

/// The types of columns, by relation.
fn types(live: &Catalog) -> BTreeMap<&QName, Types<'_>> {
    let mut types: BTreeMap<&QName, Types<'_>> = BTreeMap::new();
    for object in live.objects.values() {
        if let Object::Column(column) = object {
            types.entry(&column.table).or_default().insert(column.name.to_string(), &column.data_type);
        }
    }
    types
}

fn read_constraint(constraint: &Live, types: &Types<'_>) -> Option<Constraint> {
    let mut read = definition::constraint(&constraint.definition)?;
    match (&mut read.kind, constraint.columns.as_slice()) {
        (ConstraintKind::Check { column, expression, .. }, columns) => {
            *expression = plain(expression, types);
            if let [one] = columns {
                *column = Some(one.as_str().to_owned());
            }
        }
        (ConstraintKind::Exclude { predicate, .. }, _) => {
            *predicate = predicate.as_ref().map(|sql| plain(sql, types));
        }
        (
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::ForeignKey { .. },
            _,
        ) => {}
    }
    Some(read)
}

/// Options as SQL takes them in parentheses, from `name=value`.
pub(super) fn with(options: &[String]) -> String {
    let option = |option: &String| match option.split_once('=') {
        Some((name, value)) if !value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) => {
            format!("{name}={}", literal(value))
        }
        Some(_) | None => option.clone(),
    };
    options.iter().map(option).collect::<Vec<_>>().join(", ")
}

/// Whether a foreign key can be a path: both sides are said, and rustc finds the types equal.
pub(super) fn reference_is_sayable(
    said: &BTreeMap<ObjectId, Object>,
    table: &QName,
    target: &QName,
    kind: &ConstraintKind,
) -> bool {
    let ConstraintKind::ForeignKey { columns, target_columns, on_delete, on_update, .. } = kind else {
        return true;
    };
    let column = |table: &QName, name: &String| match said
        .get(&ObjectId::Column(table.clone(), Ident::from(name.as_str())))
    {
        Some(Object::Column(column)) => Some(column),
        _not_said => None,
    };
    let actions = [on_delete, on_update];
    said.contains_key(&ObjectId::Table(target.clone()))
        && columns.len() == target_columns.len()
        && columns.iter().zip(target_columns).all(|(own, other)| {
            let (Some(own), Some(other)) = (column(table, own), column(target, other)) else {
                return false;
            };
            // The derive refuses what could only fail.
            let null = !own.not_null || !actions.contains(&&Action::SetNull);
            let default = own.default.is_some() || !own.not_null || !actions.contains(&&Action::SetDefault);
            null && default && same_type(&own.data_type, &other.data_type)
        })
}

/// As rustc compares them in the derive's output.
fn same_type(one: &str, other: &str) -> bool {
    let element = |data_type: &str| match data_type.strip_suffix("[]") {
        Some(element) => (written(element), true),
        None => (written(data_type), false),
    };
    let ((one, one_array), (other, other_array)) = (element(one), element(other));
    one_array == other_array && same_sql(one.as_bytes(), other.as_bytes())
}

/// The sequence as `serial` makes it for this column, if it does. `unlogged`: since PostgreSQL 15 it is, if the table is.
pub(super) fn serial(column: &Column, sequence: &Sequence, unlogged: bool) -> Option<Sequence> {
    serial_type(&column.data_type)?;
    let name = object_name(column.table.name.as_str(), Some(column.name.as_str()), "seq");
    let usual = column.table.sibling(&Ident::new(name));
    let default = format!("nextval({}::regclass)", literal(&usual.to_string()));
    let fits = sequence.name == usual && column.not_null && column.default.as_deref() == Some(&*default);
    fits.then(|| Sequence {
        options: SequenceOptions::usual(&column.data_type),
        unlogged,
        ..sequence.clone()
    })
}

/// `bigserial` of `bigint`.
pub(super) fn serial_type(data_type: &str) -> Option<&'static str> {
    match data_type {
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}
