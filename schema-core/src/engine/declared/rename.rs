//! Former names (`renamed_from`), as addresses. Whether a rename is still to be done is for `diff` to see.

use super::{location, qname};
use crate::engine::error::Location;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::Records;

/// That something has a new name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rename {
    /// A table, an enum, a column. A column's old address has its table's new name.
    Object {
        /// The former address.
        old: ObjectId,
        /// The address now.
        new: ObjectId,
        /// Where the code says so; `None` for a flag.
        at: Option<Location>,
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
        at: Option<Location>,
    },
}

pub(super) fn renames(records: &Records) -> Vec<Rename> {
    let mut renames = Vec::new();
    for table in &records.tables {
        let new = qname(&table.name);
        if let Some(old) = &table.renamed_from {
            renames.push(Rename::Object {
                old: ObjectId::Table(former(old, &new)),
                new: ObjectId::Table(new.clone()),
                at: Some(location(&table.origin)),
            });
        }
        for column in &table.columns {
            if let Some(old) = &column.renamed_from {
                renames.push(Rename::Object {
                    old: ObjectId::Column(new.clone(), Ident::from(old.as_str())),
                    new: ObjectId::Column(new.clone(), Ident::from(column.name.as_str())),
                    at: Some(location(&column.origin)),
                });
            }
        }
    }
    let composites = records.composites.iter();
    let composites =
        composites.map(|c| (&c.name, &c.renamed_from, &c.origin, ObjectId::Composite as fn(QName) -> _));
    let domains = records.domains.iter();
    let domains = domains.map(|d| (&d.name, &d.renamed_from, &d.origin, ObjectId::Domain as fn(QName) -> _));
    for (name, renamed_from, origin, id) in composites.chain(domains) {
        let new = qname(name);
        if let Some(old) = renamed_from {
            renames.push(Rename::Object {
                old: id(former(old, &new)),
                new: id(new),
                at: Some(location(origin)),
            });
        }
    }
    for enumeration in &records.enums {
        let new = qname(&enumeration.name);
        if let Some(old) = &enumeration.renamed_from {
            renames.push(Rename::Object {
                old: ObjectId::Enum(former(old, &new)),
                new: ObjectId::Enum(new.clone()),
                at: Some(location(&enumeration.origin)),
            });
        }
        for label in &enumeration.labels {
            if let Some(old) = &label.renamed_from {
                renames.push(Rename::Label {
                    on: new.clone(),
                    old: old.clone(),
                    new: label.name.clone(),
                    at: Some(location(&enumeration.origin)),
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
