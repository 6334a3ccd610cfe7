//! Indexes and the indexes inside of keys, taken apart; foreign keys with the order of their columns. Once for all rules.

use super::read::words::Words;
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::column::Column;
use crate::engine::kind::constraint::{Constraint, Form};
use crate::engine::kind::{Object, index};
use crate::engine::name::{Ident, QName};
use std::collections::BTreeMap;

/// What a Catalog has of them.
#[derive(Debug)]
pub struct Keys<'a> {
    /// Every index, by its table.
    pub indexes: BTreeMap<&'a QName, Vec<Key<'a>>>,
    /// Every foreign key; those of partitions are their parents'.
    pub references: Vec<Reference<'a>>,
}

/// An index, alone or inside of a key.
#[derive(Debug)]
pub struct Key<'a> {
    /// The index or the constraint.
    pub id: &'a ObjectId,
    /// Its table.
    pub table: &'a QName,
    /// Its name.
    pub name: &'a Ident,
    /// Alone, so that it can be dropped as an index.
    pub alone: bool,
    /// `UNIQUE`, or a key.
    pub unique: bool,
    /// `btree`, `gin`.
    pub method: String,
    /// What is indexed: columns and expressions, with what follows them.
    pub keys: Vec<String>,
    /// What follows the keys: INCLUDE, NULLS NOT DISTINCT, WHERE.
    pub tail: String,
}

impl<'a> Keys<'a> {
    /// Takes them apart.
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut keys = Self { indexes: BTreeMap::new(), references: Vec::new() };
        for (id, object) in &catalog.objects {
            let index = if let Object::Index(index) = object {
                of_index(id, index)
            } else if let Object::Constraint(constraint) = object {
                keys.references.extend(reference(id, constraint));
                of_constraint(id, constraint)
            } else {
                None
            };
            if let Some(index) = index {
                keys.indexes.entry(index.table).or_default().push(index);
            }
        }
        keys
    }

    /// Every index.
    pub fn all(&self) -> impl Iterator<Item = &Key<'a>> {
        self.indexes.values().flatten()
    }
}

impl Key<'_> {
    /// The columns and expressions, without their direction and operator class.
    pub fn plain(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.split(' ').next().unwrap_or(key))
    }
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

fn of_constraint<'a>(id: &'a ObjectId, key: &'a Constraint) -> Option<Key<'a>> {
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
#[derive(Debug)]
pub struct Reference<'a> {
    /// The constraint.
    pub id: &'a ObjectId,
    /// The same.
    pub key: &'a Constraint,
    /// Its columns.
    pub columns: Vec<Ident>,
    /// The table that it references.
    pub other: &'a QName,
    /// The columns there.
    pub others: Vec<Ident>,
}

fn reference<'a>(id: &'a ObjectId, key: &'a Constraint) -> Option<Reference<'a>> {
    let other = key.references.as_ref().filter(|_| key.form == Form::ForeignKey && !key.inherited)?;
    let mut words = Words::of(&key.definition);
    words.take("foreign key");
    let columns = idents(words.group().unwrap_or_default());
    words.take("references");
    words.name();
    let others = idents(words.group().unwrap_or_default());
    Some(Reference { id, key, columns, other, others })
}

fn idents(inside: &str) -> Vec<Ident> {
    Words::of(inside).pieces().into_iter().filter_map(|(_, part)| Words::of(part).ident()).collect()
}

/// A column of a Catalog.
pub fn column<'a>(catalog: &'a Catalog, table: &QName, name: &Ident) -> Option<&'a Column> {
    let object = catalog.get(&ObjectId::Column(table.clone(), name.clone()))?;
    if let Object::Column(column) = object { Some(column) } else { None }
}

/// All columns of tables, with their ids; those that come from a parent are the parent's.
pub fn columns(catalog: &Catalog) -> impl Iterator<Item = (&ObjectId, &Column)> {
    catalog.objects.iter().filter_map(|(id, object)| {
        if let Object::Column(column) = object { Some((id, column)).filter(|(_, c)| c.local) } else { None }
    })
}
