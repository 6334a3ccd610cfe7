//! What no schema can hold, seen in the records: said with the places in the code before PostgreSQL could say it
//! without.

use super::names::twice;
use super::table::{in_primary_key, is_primary, same_key};
use super::{clause, location, partition, qname, types, view};
use crate::engine::default_name::MAX_BYTES;
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::{
    Base, Column, ConstraintKind, Deferrable, Index, KeyPart, Origin, Records, Table, Type,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(records: &Records) -> Result<(), Error> {
    let types = type_names(records)?;
    let tables: BTreeMap<QName, &Table> = records.tables.iter().map(|t| (qname(&t.name), t)).collect();
    for table in tables.values() {
        columns(&qname(&table.name), &table.columns, &types)?;
        table_columns(table)?;
        constraints(table, &tables)?;
        indexes(&qname(&table.name), &table.columns, &table.indexes)?;
        partition_keys(table)?;
        for policy in &table.policies {
            short_enough(Some(&policy.name), &policy.origin)?;
        }
    }
    for view in &records.views {
        let name = qname(&view.name);
        columns(&name, &view.columns, &types)?;
        indexes(&name, &view.columns, &view.indexes)?;
        for other in &view.after {
            let id = types.get(&qname(other));
            if !matches!(id, Some(ObjectId::View(_) | ObjectId::MaterializedView(_))) {
                let what = format!(
                    "`{}` comes after the view {}, which no record declares",
                    view.origin.path,
                    qname(other).short()
                );
                return Err(at(Error::usage(what), &view.origin).next(NOT_DECLARED));
            }
        }
    }
    for composite in &records.composites {
        columns(&qname(&composite.name), &composite.columns, &types)?;
    }
    for domain in &records.domains {
        known_type(&domain.ty, &domain.origin.path, &domain.origin, &types)?;
        for check in &domain.checks {
            short_enough(check.name.as_deref(), &check.origin)?;
        }
    }
    for enumeration in &records.enums {
        let mut labels = BTreeSet::new();
        for label in &enumeration.labels {
            short_enough(Some(&label.name), &enumeration.origin)?;
            if !labels.insert(&label.name) {
                let what = format!("`{}` has the value `{}` twice", enumeration.origin.path, label.name);
                return Err(at(Error::usage(what), &enumeration.origin));
            }
        }
    }
    Ok(())
}

/// A table and its partitions are partitioned by columns that there are.
fn partition_keys(table: &Table) -> Result<(), Error> {
    let of_table = table.partition_by.iter().map(|by| (by, &table.origin));
    let partitions = partition::all(&table.partitions).into_iter();
    let of_partitions = partitions.filter_map(|p| p.partition_by.as_ref().map(|by| (by, &p.origin)));
    for (by, origin) in of_table.chain(of_partitions) {
        let keys: Vec<String> = by.keys.iter().filter_map(|key| key_column(&key.on)).collect();
        known_columns(&qname(&table.name), &table.columns, keys.iter(), origin)?;
    }
    Ok(())
}

fn indexes(on: &QName, columns: &[Column], indexes: &[Index]) -> Result<(), Error> {
    for index in indexes {
        short_enough(index.name.as_deref(), &index.origin)?;
        let keys: Vec<String> = index.keys.iter().filter_map(|key| key_column(&key.on)).collect();
        known_columns(on, columns, keys.iter().chain(&index.include), &index.origin)?;
    }
    Ok(())
}

/// Relations and types share one name space in each schema: a relation's rows have a type of its name.
fn type_names(records: &Records) -> Result<BTreeMap<QName, ObjectId>, Error> {
    let tables = records.tables.iter().map(|t| (qname(&t.name), ObjectId::Table(qname(&t.name)), &t.origin));
    let enums = records.enums.iter().map(|e| (qname(&e.name), ObjectId::Enum(qname(&e.name)), &e.origin));
    let views = records.views.iter().map(|v| (qname(&v.name), view::id(v), &v.origin));
    let partitions = records.tables.iter().flat_map(|table| partition::all(&table.partitions));
    let partitions = partitions.map(|p| (qname(&p.name), ObjectId::Table(qname(&p.name)), &p.origin));
    let composites = records.composites.iter();
    let composites = composites.map(|c| (qname(&c.name), ObjectId::Composite(qname(&c.name)), &c.origin));
    let domains = records.domains.iter();
    let domains = domains.map(|d| (qname(&d.name), ObjectId::Domain(qname(&d.name)), &d.origin));
    let types = enums.chain(composites).chain(domains);
    let mut all: Vec<_> = tables.chain(types).chain(views).chain(partitions).collect();
    all.sort_by_key(|(name, id, origin)| (name.clone(), id.clone(), location(origin)));
    let mut types: BTreeMap<QName, (ObjectId, &Origin)> = BTreeMap::new();
    for (name, id, origin) in all {
        short_enough(Some(name.name.as_str()), origin)?;
        short_enough(Some(name.schema.as_str()), origin)?;
        if let Some((other, place)) = types.insert(name, (id.clone(), origin)) {
            return Err(twice(&id, &other, &location(origin), &location(place)));
        }
    }
    Ok(types.into_iter().map(|(name, (id, _))| (name, id)).collect())
}

/// The columns of a table or a view.
fn columns(on: &QName, columns: &[Column], types: &BTreeMap<QName, ObjectId>) -> Result<(), Error> {
    let mut seen: BTreeMap<&str, &Origin> = BTreeMap::new();
    for column in columns {
        short_enough(Some(&column.name), &column.origin)?;
        if let Some(first) = seen.insert(&column.name, &column.origin) {
            let id = ObjectId::Column(on.clone(), Ident::from(column.name.as_str()));
            return Err(twice(&id, &id, &location(&column.origin), &location(first)));
        }
        let path = &column.origin.path;
        known_type(&column.ty, path, &column.origin, types)?;
    }
    Ok(())
}

/// A type that is declared in Rust is declared here.
fn known_type(
    ty: &Type,
    path: &str,
    origin: &Origin,
    types: &BTreeMap<QName, ObjectId>,
) -> Result<(), Error> {
    if let Base::Sql(sql) = &ty.base {
        clause::fragment(sql, origin)?;
    }
    let declared = ty.base.declared().and_then(|name| types.get(&qname(name)));
    match types::id(&ty.base) {
        Some(id) if declared != Some(&id) => {
            let what = format!("`{path}` has the type of the {id}, which no record declares");
            Err(at(Error::usage(what), origin).next(NOT_DECLARED))
        }
        Some(_) | None => Ok(()),
    }
}

fn table_columns(table: &Table) -> Result<(), Error> {
    for column in &table.columns {
        let path = &column.origin.path;
        if column.ty.nullable && in_primary_key(table, column) {
            let error = Error::usage(format!("`{path}` is part of the primary key and can't be an Option"));
            return Err(at(error, &column.origin));
        }
        if column.ty.nullable && column.identity.is_some() {
            let error = Error::usage(format!("`{path}` is an identity column and can't be an Option"));
            return Err(at(error, &column.origin));
        }
        let values = [column.default.is_some(), column.identity.is_some(), column.generated.is_some()];
        if values.iter().filter(|value| **value).count() > 1 {
            let what = format!("`{path}` has more than one of default, identity and generated");
            return Err(at(Error::usage(what), &column.origin));
        }
    }
    Ok(())
}

const NOT_DECLARED: &str = "derive it in a crate of this workspace, or name its package with --package";

fn constraints(table: &Table, tables: &BTreeMap<QName, &Table>) -> Result<(), Error> {
    let on = qname(&table.name);
    for (position, constraint) in table.constraints.iter().enumerate() {
        let origin = &constraint.origin;
        short_enough(constraint.name.as_deref(), origin)?;
        let earlier = &table.constraints[..position];
        if is_primary(constraint)
            && let Some(first) = earlier.iter().find(|other| is_primary(other))
        {
            let what = format!("table {} has two primary keys", qname(&table.name).short());
            return Err(at(at(Error::usage(what), &first.origin), origin));
        }
        if constraint.name.is_none()
            && !is_primary(constraint)
            && let Some(first) = table.constraints.iter().enumerate().find(|(other_position, other)| {
                same_key(constraint, other)
                    && *other_position != position
                    && (is_primary(other) || (*other_position < position && other.name.is_none()))
            })
        {
            let what = format!("the unique constraint on `{}` says what another says already", origin.path);
            let error = at(at(Error::usage(what), &first.1.origin), origin);
            return Err(error.next("remove it, or give it a name if there must be two"));
        }
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, include }
            | ConstraintKind::Unique { columns, include, .. } => {
                known_columns(&on, &table.columns, columns.iter().chain(include), origin)?;
            }
            ConstraintKind::ForeignKey { columns, target, target_columns, .. } => {
                known_columns(&on, &table.columns, columns.iter(), origin)?;
                let Some(other) = tables.get(&qname(target)) else {
                    let what = format!(
                        "`{}` references the table {}, which no record declares",
                        origin.path,
                        qname(target).short()
                    );
                    return Err(at(Error::usage(what), origin).next(NOT_DECLARED));
                };
                known_columns(&qname(target), &other.columns, target_columns.iter(), origin)?;
                if columns.len() != target_columns.len() || !is_key(other, target_columns) {
                    return Err(no_key(other, target_columns, origin));
                }
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {}
        }
    }
    Ok(())
}

/// Whether a foreign key may reference these columns.
fn is_key(table: &Table, columns: &[String]) -> bool {
    let index = |index: &Index| {
        let key: Option<Vec<String>> = index.keys.iter().map(|key| key_column(&key.on)).collect();
        index.unique && index.predicate.is_none() && key.is_some_and(|key| same_columns(&key, columns))
    };
    is_constraint_key(table, columns) || table.indexes.iter().any(index)
}

/// Whether CREATE TABLE itself makes these columns a key, without an index that comes after it.
pub(super) fn is_constraint_key(table: &Table, columns: &[String]) -> bool {
    table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: key, .. } | ConstraintKind::Unique { columns: key, .. } => {
            constraint.deferrable == Deferrable::No && same_columns(key, columns)
        }
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey { .. } | ConstraintKind::Exclude { .. } => {
            false
        }
    })
}

fn same_columns(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().collect::<BTreeSet<_>>() == other.iter().collect()
}

fn key_column(part: &KeyPart) -> Option<String> {
    match part {
        KeyPart::Column(name) => Some(name.clone()),
        KeyPart::Expression(_) => None,
    }
}

fn no_key(table: &Table, columns: &[String], origin: &Origin) -> Error {
    let error = Error::usage(format!(
        "`{}` references {} ({}), but no primary key or unique constraint covers exactly these columns",
        origin.path,
        qname(&table.name).short(),
        columns.join(", "),
    ));
    at(at(error, origin), &table.origin).next("make them unique there, or reference the primary key")
}

fn known_columns<'a>(
    on: &QName,
    columns: &[Column],
    named: impl Iterator<Item = &'a String>,
    origin: &Origin,
) -> Result<(), Error> {
    let known: BTreeSet<&String> = columns.iter().map(|column| &column.name).collect();
    for column in named {
        if !known.contains(column) {
            let on = on.short();
            let what = format!("`{}` names the column `{column}`, which {on} has not", origin.path);
            return Err(at(Error::usage(what), origin));
        }
    }
    Ok(())
}

/// PostgreSQL cuts longer names, and what is declared would not be what is there.
fn short_enough(name: Option<&str>, origin: &Origin) -> Result<(), Error> {
    match name {
        Some("") => Err(at(Error::usage(format!("`{}` has an empty name", origin.path)), origin)),
        Some(name) if name.len() > MAX_BYTES => {
            let what = format!("`{name}` has {} bytes; PostgreSQL takes names of up to 63", name.len());
            Err(at(Error::usage(what), origin).next("give it a shorter name"))
        }
        Some(_) | None => Ok(()),
    }
}

fn at(error: Error, origin: &Origin) -> Error {
    error.at(origin.file.clone(), origin.line)
}
