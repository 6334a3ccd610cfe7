//! Former names (`renamed_from`), as addresses. Whether a rename is still to be done is for `diff` to see.

use super::{location, qname};
use crate::engine::error::Location;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::{Enum, Table};

/// A former name that the code gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeclaredRename {
    /// A table, an enum, a column. Tables and enums are renamed before their columns and labels: a column's old
    /// address has its table's new name.
    Object {
        /// The former address.
        old: ObjectId,
        /// The address now.
        new: ObjectId,
        /// Where the code says so.
        at: Location,
    },
    /// A value of an enum.
    Label {
        /// The enum, under its new name.
        on: QName,
        /// The former value.
        old: String,
        /// The value now.
        new: String,
        /// Where the code says so.
        at: Location,
    },
}

pub(super) fn renames(tables: &[&Table], enums: &[&Enum]) -> Vec<DeclaredRename> {
    let mut renames = Vec::new();
    for table in tables {
        let new = qname(&table.name);
        if let Some(old) = &table.renamed_from {
            renames.push(DeclaredRename::Object {
                old: ObjectId::Table(former(old, &new)),
                new: ObjectId::Table(new.clone()),
                at: location(&table.origin),
            });
        }
        for column in &table.columns {
            if let Some(old) = &column.renamed_from {
                renames.push(DeclaredRename::Object {
                    old: ObjectId::Column(new.clone(), Ident::from(old.as_str())),
                    new: ObjectId::Column(new.clone(), Ident::from(column.name.as_str())),
                    at: location(&column.origin),
                });
            }
        }
    }
    for enumeration in enums {
        let new = qname(&enumeration.name);
        if let Some(old) = &enumeration.renamed_from {
            renames.push(DeclaredRename::Object {
                old: ObjectId::Enum(former(old, &new)),
                new: ObjectId::Enum(new.clone()),
                at: location(&enumeration.origin),
            });
        }
        for label in &enumeration.labels {
            if let Some(old) = &label.renamed_from {
                renames.push(DeclaredRename::Label {
                    on: new.clone(),
                    old: old.clone(),
                    new: label.name.clone(),
                    at: location(&enumeration.origin),
                });
            }
        }
    }
    renames.sort();
    renames
}

/// `name` in the same schema, or `schema.name`.
fn former(text: &str, new: &QName) -> QName {
    match text.split_once('.') {
        Some((schema, name)) => QName::new(schema, name),
        None => new.sibling(&Ident::from(text)),
    }
}
