//! Indexes and the indexes inside of keys, taken apart; foreign keys with the order of their columns.

use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::column::Column;
use crate::engine::kind::constraint::{Constraint, Form};
use crate::engine::kind::{Object, constraint, index};
use crate::engine::lint::read::words::Words;
use crate::engine::name::{Ident, QName};

/// An index, alone or inside of a key.
pub(super) struct Key<'a> {
    pub(super) id: &'a ObjectId,
    pub(super) table: &'a QName,
    pub(super) name: &'a Ident,
    /// Alone, so that it can be dropped as an index.
    pub(super) alone: bool,
    pub(super) unique: bool,
    /// `btree`, `gin`.
    pub(super) method: String,
    /// What is indexed: columns and expressions, with what follows them.
    pub(super) keys: Vec<String>,
    /// What follows the keys: INCLUDE, NULLS NOT DISTINCT, WHERE.
    pub(super) tail: String,
}

/// Every index of a Catalog.
pub(super) fn keys(catalog: &Catalog) -> Vec<Key<'_>> {
    catalog
        .objects
        .iter()
        .filter_map(|(id, object)| {
            if let Object::Index(index) = object {
                of_index(id, index)
            } else if let Object::Constraint(constraint) = object {
                of_constraint(id, constraint)
            } else {
                None
            }
        })
        .collect()
}

fn of_index<'a>(id: &'a ObjectId, index: &'a index::Index) -> Option<Key<'a>> {
    let mut words = Words::of(&index.on);
    words.take("only");
    words.name()?;
    let method = if words.take("using") { words.ident()?.as_str().to_owned() } else { "btree".to_owned() };
    let keys = parts(words.group()?);
    Some(Key {
        id,
        table: &index.table,
        name: &index.name.name,
        alone: true,
        unique: index.unique,
        method,
        keys,
        tail: words.plain(),
    })
}

fn of_constraint<'a>(id: &'a ObjectId, key: &'a constraint::Constraint) -> Option<Key<'a>> {
    if !matches!(key.form, Form::PrimaryKey | Form::Unique) {
        return None;
    }
    let mut words = Words::of(&key.definition);
    words.until(&["("]);
    let keys = parts(words.group()?);
    Some(Key {
        id,
        table: &key.table,
        name: &key.name,
        alone: false,
        unique: true,
        method: "btree".to_owned(),
        keys,
        tail: words.plain(),
    })
}

fn parts(inside: &str) -> Vec<String> {
    Words::of(inside).pieces().into_iter().map(|(_, part)| Words::of(part).plain()).collect()
}

/// A foreign key with its columns in the order of the key.
pub(super) struct Reference<'a> {
    pub(super) id: &'a ObjectId,
    pub(super) key: &'a Constraint,
    pub(super) columns: Vec<Ident>,
    pub(super) other: &'a QName,
    pub(super) others: Vec<Ident>,
}

/// Every foreign key of a Catalog; those of partitions are their parents'.
pub(super) fn references(catalog: &Catalog) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for (id, object) in &catalog.objects {
        let Object::Constraint(key) = object else { continue };
        let Some(other) = key.references.as_ref().filter(|_| key.form == Form::ForeignKey && !key.inherited)
        else {
            continue;
        };
        let mut words = Words::of(&key.definition);
        words.take("foreign key");
        let columns = idents(words.group().unwrap_or_default());
        words.take("references");
        words.name();
        let others = idents(words.group().unwrap_or_default());
        found.push(Reference { id, key, columns, other, others });
    }
    found
}

fn idents(inside: &str) -> Vec<Ident> {
    Words::of(inside).pieces().into_iter().filter_map(|(_, part)| Words::of(part).ident()).collect()
}

/// A column of a Catalog.
pub(super) fn column<'a>(catalog: &'a Catalog, table: &QName, name: &Ident) -> Option<&'a Column> {
    match catalog.get(&ObjectId::Column(table.clone(), name.clone()))? {
        Object::Column(column) => Some(column),
        _other => None,
    }
}

/// All columns of tables, with their ids; those that come from a parent are the parent's.
pub(super) fn columns(catalog: &Catalog) -> impl Iterator<Item = (&ObjectId, &Column)> {
    catalog.objects.iter().filter_map(|(id, object)| {
        if let Object::Column(column) = object { Some((id, column)).filter(|(_, c)| c.local) } else { None }
    })
}
