//! The kinds of objects: one file each, a struct and its rules. This file is the only list of them.

pub mod column;
pub mod comment;
pub mod constraint;
pub mod enumeration;
pub mod extension;
pub mod index;
mod rules;
pub mod schema;
pub mod sequence;
pub mod table;
mod target;
pub(in crate::engine) mod types;

pub use rules::{Alteration, Context, Detachment, Rules};

use super::id::ObjectId;
use serde::{Deserialize, Serialize};

/// Any object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    /// A PostgreSQL schema.
    Schema(schema::Schema),
    /// An extension.
    Extension(extension::Extension),
    /// An enum type.
    Enum(enumeration::Enum),
    /// A sequence.
    Sequence(sequence::Sequence),
    /// A table.
    Table(table::Table),
    /// A column.
    Column(column::Column),
    /// A constraint.
    Constraint(constraint::Constraint),
    /// An index.
    Index(index::Index),
    /// A comment.
    Comment(comment::Comment),
}

impl Object {
    /// The object's address.
    pub fn id(&self) -> ObjectId {
        self.rules().id()
    }

    /// The rules of its kind.
    pub fn rules(&self) -> &dyn Rules {
        match self {
            Self::Schema(o) => o,
            Self::Extension(o) => o,
            Self::Enum(o) => o,
            Self::Sequence(o) => o,
            Self::Table(o) => o,
            Self::Column(o) => o,
            Self::Constraint(o) => o,
            Self::Index(o) => o,
            Self::Comment(o) => o,
        }
    }
}
