//! Identity: which object is meant, and what it belongs to. No definition of any object.

use super::name::{Ident, QName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The address of an object. Two Catalogs speak of the same object if the ids are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectId {
    /// A PostgreSQL schema.
    Schema(Ident),
    /// An extension.
    Extension(Ident),
    /// An enum type.
    Enum(QName),
    /// A sequence that is not the inside of an identity column.
    Sequence(QName),
    /// A table.
    Table(QName),
    /// A column of a table.
    Column(QName, Ident),
    /// A constraint of a table.
    Constraint(QName, Ident),
    /// An index that is not the inside of a constraint.
    Index(QName),
    /// The comment on an object.
    Comment(Box<ObjectId>),
    /// Not an object but a name that relations share (`pg_class`): a table, an index, a sequence.
    RelationName(QName),
    /// Not an object but a name that types share (`pg_type`): an enum, the row type of a table.
    TypeName(QName),
}

impl ObjectId {
    /// What goes when this object's parent goes. Only by name: an index's table is an edge, not its parent.
    pub fn parent(&self) -> Option<ObjectId> {
        match self {
            Self::Schema(_) | Self::Extension(_) | Self::RelationName(_) | Self::TypeName(_) => None,
            Self::Enum(name) | Self::Sequence(name) | Self::Table(name) | Self::Index(name) => {
                Some(Self::Schema(name.schema.clone()))
            }
            Self::Column(table, _) | Self::Constraint(table, _) => Some(Self::Table(table.clone())),
            Self::Comment(on) => Some((**on).clone()),
        }
    }

    /// The kind in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Schema(_) => "schema",
            Self::Extension(_) => "extension",
            Self::Enum(_) => "enum",
            Self::Sequence(_) => "sequence",
            Self::Table(_) => "table",
            Self::Column(..) => "column",
            Self::Constraint(..) => "constraint",
            Self::Index(_) => "index",
            Self::Comment(_) => "comment",
            Self::RelationName(_) => "relation name",
            Self::TypeName(_) => "type name",
        }
    }

    /// The table that it is or belongs to, as far as the id says it.
    pub fn table(&self) -> Option<&QName> {
        match self {
            Self::Table(table) | Self::Column(table, _) | Self::Constraint(table, _) => Some(table),
            Self::Comment(on) => on.table(),
            Self::Schema(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Sequence(_)
            | Self::Index(_)
            | Self::RelationName(_)
            | Self::TypeName(_) => None,
        }
    }

    /// The table, if it is one itself.
    pub fn as_table(&self) -> Option<&QName> {
        if let Self::Table(table) = self { Some(table) } else { None }
    }

    /// Where its kind stands when people read a list: what others are made of comes first.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Schema(_) => 0,
            Self::Extension(_) => 1,
            Self::Enum(_) | Self::TypeName(_) => 2,
            Self::Sequence(_) | Self::RelationName(_) => 3,
            Self::Table(_) => 4,
            Self::Column(..) => 5,
            Self::Constraint(..) => 6,
            Self::Index(_) => 7,
            Self::Comment(on) => 8 + on.rank() / 8,
        }
    }

    /// Whether it stands on its own: not a part of a table.
    pub fn stands_alone(&self) -> bool {
        self.rank() < Self::PART_OF_TABLE
    }

    const PART_OF_TABLE: u8 = 4;

    /// For people and for flags: `users`, `billing.users`, `users.email`; no kind, `public` left out.
    pub fn short(&self) -> String {
        match self {
            Self::Schema(name) | Self::Extension(name) => name.as_str().to_owned(),
            Self::Enum(name)
            | Self::Sequence(name)
            | Self::Table(name)
            | Self::Index(name)
            | Self::RelationName(name)
            | Self::TypeName(name) => name.short(),
            Self::Column(table, name) | Self::Constraint(table, name) => {
                format!("{}.{}", table.short(), name.as_str())
            }
            Self::Comment(on) => on.short(),
        }
    }
}

/// `table users`, `column users.email`, `comment on table users`.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(on) => write!(f, "comment on {on}"),
            Self::Schema(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::Column(..)
            | Self::Constraint(..)
            | Self::Index(_)
            | Self::RelationName(_)
            | Self::TypeName(_) => write!(f, "{} {}", self.kind(), self.short()),
        }
    }
}
