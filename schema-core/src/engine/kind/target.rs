//! Objects as statements about them address them: `COMMENT ON ...`, `ALTER ... OWNER TO`.

use super::Object;
use super::foreign_table::is_foreign;
use super::operator::Operator;
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;

/// `TABLE public.users`, `FUNCTION public.add(integer, integer)`; nothing for what cannot be addressed. The catalog is one
/// that has the object.
pub(crate) fn target(id: &ObjectId, catalog: &Catalog) -> Option<String> {
    Some(match id {
        ObjectId::Schema(name) => format!("SCHEMA {name}"),
        ObjectId::Role(name) => format!("ROLE {name}"),
        ObjectId::Extension(name) => format!("EXTENSION {name}"),
        ObjectId::Language(name) => format!("LANGUAGE {name}"),
        ObjectId::AccessMethod(name) => format!("ACCESS METHOD {name}"),
        ObjectId::ForeignDataWrapper(name) => format!("FOREIGN DATA WRAPPER {name}"),
        ObjectId::Server(name) => format!("SERVER {name}"),
        ObjectId::Collation(name) => format!("COLLATION {name}"),
        ObjectId::Conversion(name) => format!("CONVERSION {name}"),
        ObjectId::Domain(name) => format!("DOMAIN {name}"),
        ObjectId::DomainConstraint(domain, name) => format!("CONSTRAINT {name} ON DOMAIN {domain}"),
        ObjectId::Enum(name)
        | ObjectId::Composite(name)
        | ObjectId::Range(name)
        | ObjectId::BaseType(name) => format!("TYPE {name}"),
        ObjectId::TextSearchParser(name) => format!("TEXT SEARCH PARSER {name}"),
        ObjectId::TextSearchTemplate(name) => format!("TEXT SEARCH TEMPLATE {name}"),
        ObjectId::TextSearchDictionary(name) => format!("TEXT SEARCH DICTIONARY {name}"),
        ObjectId::TextSearchConfiguration(name) => format!("TEXT SEARCH CONFIGURATION {name}"),
        ObjectId::Sequence(name) => format!("SEQUENCE {name}"),
        ObjectId::Table(name) if is_foreign(name, catalog) => format!("FOREIGN TABLE {name}"),
        ObjectId::Table(name) => format!("TABLE {name}"),
        ObjectId::Column(relation, name) => format!("COLUMN {relation}.{name}"),
        ObjectId::Constraint(table, name) => format!("CONSTRAINT {name} ON {table}"),
        ObjectId::Index(name) => format!("INDEX {name}"),
        ObjectId::Statistics(name) => format!("STATISTICS {name}"),
        ObjectId::Routine(name, arguments) => match catalog.get(id) {
            Some(Object::Routine(routine)) => routine.target(),
            _unread => format!("ROUTINE {name}({arguments})"),
        },
        ObjectId::Operator(name, operands) => Operator::target(name, operands),
        ObjectId::OperatorFamily(name, method) => format!("OPERATOR FAMILY {name} USING {method}"),
        ObjectId::OperatorClass(name, method) => format!("OPERATOR CLASS {name} USING {method}"),
        ObjectId::Cast(from, to) => format!("CAST ({from} AS {to})"),
        ObjectId::Transform(of, language) => format!("TRANSFORM FOR {of} LANGUAGE {language}"),
        ObjectId::View(name) => format!("VIEW {name}"),
        ObjectId::MaterializedView(name) => format!("MATERIALIZED VIEW {name}"),
        ObjectId::Rule(relation, name) => format!("RULE {name} ON {relation}"),
        ObjectId::Policy(table, name) => format!("POLICY {name} ON {table}"),
        ObjectId::Trigger(relation, name) => format!("TRIGGER {name} ON {relation}"),
        ObjectId::Publication(name) => format!("PUBLICATION {name}"),
        ObjectId::Subscription(name) => format!("SUBSCRIPTION {name}"),
        ObjectId::EventTrigger(name) => format!("EVENT TRIGGER {name}"),
        ObjectId::UserMapping(..)
        | ObjectId::DefaultPrivileges(..)
        | ObjectId::Owner(_)
        | ObjectId::Grant(..)
        | ObjectId::Comment(_)
        | ObjectId::RelationName(_)
        | ObjectId::TypeName(_)
        | ObjectId::ConstraintName(_)
        | ObjectId::Bounds(_)
        | ObjectId::Attached(_)
        | ObjectId::NotNull(..)
        | ObjectId::PrimaryKey(_) => return None,
    })
}
