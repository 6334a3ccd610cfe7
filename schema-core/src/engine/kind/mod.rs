//! The kinds of objects: one file each, a struct and its rules. This file is the only list of them.

pub mod access_method;
mod any_index;
pub mod base_type;
mod bound;
pub mod cast;
pub mod collation;
pub mod column;
pub mod comment;
pub mod composite;
pub mod constraint;
pub mod conversion;
pub mod default_privileges;
mod detach;
pub mod domain;
pub mod domain_constraint;
pub mod enumeration;
pub mod event_trigger;
pub mod extension;
mod facet;
pub mod foreign;
pub mod foreign_data_wrapper;
pub mod foreign_table;
pub mod grant;
pub mod index;
mod inherit;
pub mod language;
pub mod materialized_view;
mod online;
pub mod operator;
pub mod operator_class;
pub mod owner;
mod parameter;
mod part;
pub mod policy;
pub mod privilege;
pub mod publication;
pub mod range;
pub mod role;
pub mod routine;
mod row_type;
pub mod rule;
mod rules;
pub mod schema;
pub mod sequence;
pub mod server;
pub mod statistics;
pub mod subscription;
pub mod table;
mod target;
pub mod text_search;
pub mod text_search_configuration;
pub mod text_search_dictionary;
pub mod transform;
pub mod trigger;
pub(in crate::engine) mod types;
pub mod view;

pub use default_privileges::settle;
pub use rules::{Alteration, Context, Detachment, Rules};
pub(crate) use target::target;

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
    /// A foreign data wrapper.
    ForeignDataWrapper(foreign_data_wrapper::ForeignDataWrapper),
    /// A foreign server.
    Server(server::Server),
    /// A user mapping.
    UserMapping(server::UserMapping),
    /// A collation.
    Collation(Box<collation::Collation>),
    /// An enum type.
    Enum(enumeration::Enum),
    /// A domain.
    Domain(Box<domain::Domain>),
    /// A constraint of a domain.
    DomainConstraint(domain_constraint::DomainConstraint),
    /// A composite type.
    Composite(composite::Composite),
    /// A range type.
    Range(Box<range::Range>),
    /// A base type.
    BaseType(base_type::BaseType),
    /// A text search parser.
    TextSearchParser(text_search::TextSearchParser),
    /// A text search template.
    TextSearchTemplate(text_search::TextSearchTemplate),
    /// A text search dictionary.
    TextSearchDictionary(text_search_dictionary::TextSearchDictionary),
    /// A text search configuration.
    TextSearchConfiguration(text_search_configuration::TextSearchConfiguration),
    /// A sequence.
    Sequence(Box<sequence::Sequence>),
    /// A table.
    Table(Box<table::Table>),
    /// A foreign table.
    ForeignTable(Box<foreign_table::ForeignTable>),
    /// A column.
    Column(column::Column),
    /// A constraint.
    Constraint(constraint::Constraint),
    /// An index.
    Index(index::Index),
    /// A view.
    View(Box<view::View>),
    /// A materialized view.
    MaterializedView(Box<materialized_view::MaterializedView>),
    /// A rule.
    Rule(rule::Rule),
    /// A policy.
    Policy(Box<policy::Policy>),
    /// A publication.
    Publication(publication::Publication),
    /// A subscription.
    Subscription(Box<subscription::Subscription>),
    /// A function, procedure or aggregate.
    Routine(Box<routine::Routine>),
    /// An operator.
    Operator(operator::Operator),
    /// An operator family.
    OperatorFamily(operator_class::OperatorFamily),
    /// An operator class.
    OperatorClass(operator_class::OperatorClass),
    /// A cast.
    Cast(cast::Cast),
    /// A transform.
    Transform(transform::Transform),
    /// A trigger.
    Trigger(trigger::Trigger),
    /// An event trigger.
    EventTrigger(event_trigger::EventTrigger),
    /// A statistics object.
    Statistics(statistics::Statistics),
    /// A comment.
    Comment(comment::Comment),
    /// A role.
    Role(Box<role::Role>),
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
            Self::ForeignDataWrapper(o) => o,
            Self::Server(o) => o,
            Self::UserMapping(o) => o,
            Self::Collation(o) => o.as_ref(),
            Self::Enum(o) => o,
            Self::Domain(o) => o.as_ref(),
            Self::DomainConstraint(o) => o,
            Self::Composite(o) => o,
            Self::Range(o) => o.as_ref(),
            Self::BaseType(o) => o,
            Self::TextSearchParser(o) => o,
            Self::TextSearchTemplate(o) => o,
            Self::TextSearchDictionary(o) => o,
            Self::TextSearchConfiguration(o) => o,
            Self::Sequence(o) => o.as_ref(),
            Self::Table(o) => &**o,
            Self::ForeignTable(o) => &**o,
            Self::Column(o) => o,
            Self::Constraint(o) => o,
            Self::Index(o) => o,
            Self::View(o) => o.as_ref(),
            Self::MaterializedView(o) => o.as_ref(),
            Self::Rule(o) => o,
            Self::Policy(o) => o.as_ref(),
            Self::Publication(o) => o,
            Self::Subscription(o) => o.as_ref(),
            Self::Routine(o) => o.as_ref(),
            Self::Operator(o) => o,
            Self::OperatorFamily(o) => o,
            Self::OperatorClass(o) => o,
            Self::Cast(o) => o,
            Self::Transform(o) => o,
            Self::Trigger(o) => o,
            Self::EventTrigger(o) => o,
            Self::Statistics(o) => o,
            Self::Comment(o) => o,
            Self::Role(o) => o.as_ref(),
            Self::DefaultPrivileges(o) => o,
            Self::Owner(o) => o,
            Self::Grant(o) => o,
        }
    }
}
