//! The kinds of objects: one file each, a struct and its rules. This file is the only list of them.

pub mod access_method;
pub mod cast;
pub mod column;
pub mod comment;
pub mod constraint;
pub mod conversion;
pub mod default_privileges;
pub mod enumeration;
pub mod event_trigger;
pub mod extension;
pub mod grant;
pub mod index;
pub mod language;
pub mod operator;
pub mod operator_class;
pub mod owner;
pub mod privilege;
pub mod role;
pub mod routine;
mod rules;
pub mod schema;
pub mod sequence;
pub mod table;
mod target;
pub mod trigger;
mod types;

pub use default_privileges::settle;
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
    /// A procedural language.
    Language(language::Language),
    /// An access method.
    AccessMethod(access_method::AccessMethod),
    /// A conversion between encodings.
    Conversion(conversion::Conversion),
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
    /// A function, procedure or aggregate.
    Routine(routine::Routine),
    /// An operator.
    Operator(operator::Operator),
    /// An operator family.
    OperatorFamily(operator_class::OperatorFamily),
    /// An operator class.
    OperatorClass(operator_class::OperatorClass),
    /// A cast.
    Cast(cast::Cast),
    /// A trigger.
    Trigger(trigger::Trigger),
    /// An event trigger.
    EventTrigger(event_trigger::EventTrigger),
    /// A comment.
    Comment(comment::Comment),
    /// A role.
    Role(role::Role),
    /// Default privileges.
    DefaultPrivileges(default_privileges::DefaultPrivileges),
    /// Who owns an object.
    Owner(owner::Owner),
    /// What an object allows a role.
    Grant(grant::Grant),
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
            Self::Language(o) => o,
            Self::AccessMethod(o) => o,
            Self::Conversion(o) => o,
            Self::Enum(o) => o,
            Self::Sequence(o) => o,
            Self::Table(o) => o,
            Self::Column(o) => o,
            Self::Constraint(o) => o,
            Self::Index(o) => o,
            Self::Routine(o) => o,
            Self::Operator(o) => o,
            Self::OperatorFamily(o) => o,
            Self::OperatorClass(o) => o,
            Self::Cast(o) => o,
            Self::Trigger(o) => o,
            Self::EventTrigger(o) => o,
            Self::Comment(o) => o,
            Self::Role(o) => o,
            Self::DefaultPrivileges(o) => o,
            Self::Owner(o) => o,
            Self::Grant(o) => o,
        }
    }
}
