//! Identity: which object is meant, and what it belongs to. No definition of any object.

use super::name::{Ident, QName};
use arcstr::ArcStr;
use std::fmt;

/// The address of an object. Two Catalogs speak of the same object if the ids are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "engine", derive(serde::Serialize, serde::Deserialize))]
pub enum ObjectId {
    /// A PostgreSQL schema.
    Schema(Ident),
    /// A role.
    Role(Ident),
    /// An extension.
    Extension(Ident),
    /// A procedural language.
    Language(Ident),
    /// An access method.
    AccessMethod(Ident),
    /// A foreign data wrapper.
    ForeignDataWrapper(Ident),
    /// A foreign server.
    Server(Ident),
    /// A user mapping: server and user.
    UserMapping(Ident, Ident),
    /// A collation.
    Collation(QName),
    /// A conversion between encodings.
    Conversion(QName),
    /// An enum type.
    Enum(QName),
    /// A composite type that stands on its own.
    Composite(QName),
    /// A domain.
    Domain(QName),
    /// A constraint of a domain.
    DomainConstraint(QName, Ident),
    /// A range type.
    Range(QName),
    /// A base type, or the shell of one.
    BaseType(QName),
    /// A text search parser.
    TextSearchParser(QName),
    /// A text search template.
    TextSearchTemplate(QName),
    /// A text search dictionary.
    TextSearchDictionary(QName),
    /// A text search configuration.
    TextSearchConfiguration(QName),
    /// A sequence that is not the inside of an identity column.
    Sequence(QName),
    /// A table, be it plain, partitioned, a partition or foreign.
    Table(QName),
    /// A column of a relation.
    Column(QName, Ident),
    /// A constraint of a table.
    Constraint(QName, Ident),
    /// An index that is not the inside of a constraint.
    Index(QName),
    /// A statistics object.
    Statistics(QName),
    /// A function, procedure or aggregate, with the types of its arguments as `pg_get_function_identity_arguments` has
    /// them without names: they share one name space.
    Routine(QName, ArcStr),
    /// An operator, with the types of its operands: `integer, integer`.
    Operator(QName, ArcStr),
    /// An operator family of an access method.
    OperatorFamily(QName, Ident),
    /// An operator class of an access method.
    OperatorClass(QName, Ident),
    /// A cast: source and target type.
    Cast(ArcStr, ArcStr),
    /// A transform: of which type, for which language.
    Transform(ArcStr, Ident),
    /// A view.
    View(QName),
    /// A materialized view.
    MaterializedView(QName),
    /// A rule of a relation.
    Rule(QName, Ident),
    /// A policy of a table.
    Policy(QName, Ident),
    /// A trigger of a relation.
    Trigger(QName, Ident),
    /// A publication.
    Publication(Ident),
    /// A subscription.
    Subscription(Ident),
    /// An event trigger.
    EventTrigger(Ident),
    /// Privileges that new objects get: of which role, in which schema, on what (`TABLES`).
    DefaultPrivileges(Ident, Option<Ident>, ArcStr),
    /// Who owns an object.
    Owner(Box<ObjectId>),
    /// What an object allows a role.
    Grant(Box<ObjectId>, Ident),
    /// The comment on an object.
    Comment(Box<ObjectId>),
    /// Not an object but a name that relations share (`pg_class`): a table, an index, a sequence.
    RelationName(QName),
    /// Not an object but a name that types share (`pg_type`): an enum, the row type of a table.
    TypeName(QName),
    /// Not an object but what the partitions of a table share: their bounds must not meet.
    Bounds(QName),
    /// Not an object but that a table is a partition.
    Attached(QName),
    /// Not an object but a name of a constraint: PostgreSQL chooses one that no other in the schema has.
    ConstraintName(QName),
    /// Not an object but that a column is NOT NULL: others that name the column need not wait for it.
    NotNull(QName, Ident),
    /// Not an object but the place of a table's primary key, which only one can have.
    PrimaryKey(QName),
}

/// Where a name stands.
enum Place<'a> {
    /// In the database.
    Database(&'a Ident),
    /// In a PostgreSQL schema.
    Schema(&'a QName),
    /// In a PostgreSQL schema, told from others of the name by something else.
    Overloaded(&'a QName, &'a str),
    /// In a relation or a domain.
    Part(&'a QName, &'a Ident),
    /// Of another object.
    Of(&'a ObjectId),
    /// A text made of several names.
    Text(String),
}

impl ObjectId {
    /// Everything that tells the kinds apart: the kind in PostgreSQL's words, its rank, where its name stands.
    fn facts(&self) -> (&'static str, u8, Place<'_>) {
        match self {
            Self::Schema(name) => ("schema", 0, Place::Database(name)),
            Self::Role(name) => ("role", 0, Place::Database(name)),
            Self::Extension(name) => ("extension", 1, Place::Database(name)),
            Self::Language(name) => ("language", 2, Place::Database(name)),
            Self::AccessMethod(name) => ("access method", 2, Place::Database(name)),
            Self::ForeignDataWrapper(name) => ("foreign data wrapper", 2, Place::Database(name)),
            Self::Server(name) => ("server", 3, Place::Database(name)),
            Self::UserMapping(server, user) => {
                let text = format!("{} for {}", server.as_str(), user.as_str());
                ("user mapping", 3, Place::Text(text))
            }
            Self::Collation(name) => ("collation", 4, Place::Schema(name)),
            Self::Conversion(name) => ("conversion", 4, Place::Schema(name)),
            Self::Enum(name) => ("enum", 5, Place::Schema(name)),
            Self::Composite(name) => ("composite type", 5, Place::Schema(name)),
            Self::Domain(name) => ("domain", 5, Place::Schema(name)),
            Self::DomainConstraint(domain, name) => ("constraint", 5, Place::Part(domain, name)),
            Self::Range(name) => ("range type", 5, Place::Schema(name)),
            Self::BaseType(name) => ("base type", 5, Place::Schema(name)),
            Self::TextSearchParser(name) => ("text search parser", 6, Place::Schema(name)),
            Self::TextSearchTemplate(name) => ("text search template", 6, Place::Schema(name)),
            Self::TextSearchDictionary(name) => ("text search dictionary", 6, Place::Schema(name)),
            Self::TextSearchConfiguration(name) => ("text search configuration", 6, Place::Schema(name)),
            Self::Sequence(name) => ("sequence", 7, Place::Schema(name)),
            Self::Table(name) => ("table", TABLE, Place::Schema(name)),
            Self::Column(table, name) => ("column", COLUMN, Place::Part(table, name)),
            Self::Constraint(table, name) => ("constraint", 12, Place::Part(table, name)),
            Self::Index(name) => ("index", 13, Place::Schema(name)),
            Self::Statistics(name) => ("statistics", 14, Place::Schema(name)),
            Self::Routine(name, arguments) => ("function", 20, Place::Overloaded(name, arguments)),
            Self::Operator(name, operands) => ("operator", 21, Place::Overloaded(name, operands)),
            Self::OperatorFamily(name, method) => {
                ("operator family", 22, Place::Overloaded(name, method.as_str()))
            }
            Self::OperatorClass(name, method) => {
                ("operator class", 23, Place::Overloaded(name, method.as_str()))
            }
            Self::Cast(from, to) => ("cast", 24, Place::Text(format!("{from} as {to}"))),
            Self::Transform(of, language) => {
                ("transform", 24, Place::Text(format!("for {of} language {}", language.as_str())))
            }
            Self::View(name) => ("view", 25, Place::Schema(name)),
            Self::MaterializedView(name) => ("materialized view", 25, Place::Schema(name)),
            Self::Rule(relation, name) => ("rule", 27, Place::Part(relation, name)),
            Self::Policy(table, name) => ("policy", 28, Place::Part(table, name)),
            Self::Trigger(relation, name) => ("trigger", 29, Place::Part(relation, name)),
            Self::Publication(name) => ("publication", 31, Place::Database(name)),
            Self::Subscription(name) => ("subscription", 32, Place::Database(name)),
            Self::EventTrigger(name) => ("event trigger", 33, Place::Database(name)),
            Self::DefaultPrivileges(role, schema, on) => {
                let of = if role.as_str().is_empty() { "" } else { " of " };
                let schema =
                    schema.as_ref().map(|schema| format!(" in {}", schema.as_str())).unwrap_or_default();
                ("default privileges", 34, Place::Text(format!("on {on}{of}{}{schema}", role.as_str())))
            }
            Self::Owner(on) => ("owner", 40, Place::Of(on)),
            Self::Grant(on, _) => ("grant", 41, Place::Of(on)),
            Self::Comment(on) => ("comment", 42, Place::Of(on)),
            Self::RelationName(name) => ("relation name", 7, Place::Schema(name)),
            Self::TypeName(name) => ("type name", 5, Place::Schema(name)),
            Self::ConstraintName(name) => ("constraint name", 12, Place::Schema(name)),
            Self::Attached(name) => ("attached", TABLE, Place::Schema(name)),
            Self::Bounds(name) => ("bounds", TABLE, Place::Schema(name)),
            Self::PrimaryKey(table) => ("primary key", TABLE, Place::Schema(table)),
            Self::NotNull(table, name) => ("not null", COLUMN, Place::Part(table, name)),
        }
    }

    /// What goes when this object's parent goes. Only by name: an index's table is an edge, not its parent; and a part
    /// of a relation names a table, though the relation can be a view.
    pub fn parent(&self) -> Option<ObjectId> {
        match (self, self.facts().2) {
            (
                Self::RelationName(_)
                | Self::TypeName(_)
                | Self::ConstraintName(_)
                | Self::Bounds(_)
                | Self::Attached(_)
                | Self::NotNull(..)
                | Self::PrimaryKey(_),
                _,
            ) => None,
            (Self::DomainConstraint(domain, _), _) => Some(Self::Domain(domain.clone())),
            (Self::DefaultPrivileges(_, schema, _), _) => schema.clone().map(Self::Schema),
            (Self::UserMapping(server, _), _) => Some(Self::Server(server.clone())),
            (_, Place::Database(_) | Place::Text(_)) => None,
            (_, Place::Schema(name) | Place::Overloaded(name, _)) => Some(Self::Schema(name.schema.clone())),
            (_, Place::Part(relation, _)) => Some(Self::Table(relation.clone())),
            (_, Place::Of(on)) => Some(on.clone()),
        }
    }

    /// The PostgreSQL schema that it is, or stands in.
    pub fn schema(&self) -> Option<&Ident> {
        match (self, self.facts().2) {
            (Self::Schema(name) | Self::DefaultPrivileges(_, Some(name), _), _) => Some(name),
            (_, Place::Database(_) | Place::Text(_)) => None,
            (_, Place::Schema(name) | Place::Overloaded(name, _) | Place::Part(name, _)) => {
                Some(&name.schema)
            }
            (_, Place::Of(on)) => on.schema(),
        }
    }

    /// Its own name; none for what is told by what it is of.
    pub fn ident(&self) -> Option<&Ident> {
        match self.facts().2 {
            Place::Database(name) | Place::Part(_, name) => Some(name),
            Place::Schema(name) | Place::Overloaded(name, _) => Some(&name.name),
            Place::Of(_) | Place::Text(_) => None,
        }
    }

    /// Its own name, raw; none for what is told by what it is of.
    pub fn name(&self) -> Option<&str> {
        self.ident().map(Ident::as_str)
    }

    /// The kind in PostgreSQL's words.
    pub fn kind(&self) -> &'static str {
        self.facts().0
    }

    /// The relation that it is or belongs to, as far as the id says it.
    pub fn table(&self) -> Option<&QName> {
        match (self, self.facts().2) {
            (Self::DomainConstraint(..), _) => None,
            (Self::Table(name) | Self::View(name) | Self::MaterializedView(name), _) => Some(name),
            (_, Place::Part(relation, _)) => Some(relation),
            (_, Place::Of(on)) => on.table(),
            (_, Place::Database(_) | Place::Schema(_) | Place::Overloaded(..) | Place::Text(_)) => None,
        }
    }

    /// The table, if it is one itself.
    pub fn as_table(&self) -> Option<&QName> {
        if let Self::Table(table) = self { Some(table) } else { None }
    }

    /// The relation, if it is one that has columns: a table, a view, a materialized view.
    pub fn as_relation(&self) -> Option<&QName> {
        if let Self::Table(name) | Self::View(name) | Self::MaterializedView(name) = self {
            Some(name)
        } else {
            None
        }
    }

    /// Where its kind stands when people read a list: what others are made of comes first.
    pub fn rank(&self) -> u8 {
        self.facts().1
    }

    /// The rank of what it is read together with: a table and all that is inside it, an object and its comment.
    pub fn group(&self) -> u8 {
        match (self.facts(), self) {
            ((_, _, Place::Of(on)), _) => on.group(),
            (_, Self::Index(_) | Self::Statistics(_)) => TABLE,
            ((_, COLUMN..TABLE_END, _), _) => TABLE,
            ((_, rank, _), _) => rank,
        }
    }

    /// Whether it is read together with something else: a part of a table, a comment.
    pub fn is_part(&self) -> bool {
        self.group() != self.rank()
    }

    /// Whether other Steps set it off: it comes last and goes first.
    pub fn watches(&self) -> bool {
        matches!(self, Self::EventTrigger(_))
    }

    /// How much a person wants to read about it: 0 for tables, then columns, standing objects, parts, the rest.
    pub fn weight(&self) -> u8 {
        match self.rank() {
            TABLE => 0,
            COLUMN => 1,
            COLUMN..TABLE_END | 27..31 => 3,
            40.. => 4,
            _standing => 2,
        }
    }

    /// Whether it can be renamed by a person: a column, or what columns are made of.
    pub fn carries_data(&self) -> bool {
        self.rank() <= COLUMN
    }

    /// For people and for flags: `users`, `billing.users`, `users.email`, `add(integer, integer)`; no kind, `public` left
    /// out.
    pub fn short(&self) -> String {
        match self.facts().2 {
            Place::Database(name) => name.as_str().to_owned(),
            Place::Schema(name) => name.short(),
            Place::Overloaded(name, by) => format!("{}({by})", name.short()),
            Place::Part(relation, name) => format!("{}.{}", relation.short(), name.as_str()),
            Place::Of(on) => on.short(),
            Place::Text(text) => text,
        }
    }
}

const TABLE: u8 = 10;
const COLUMN: u8 = 11;
const TABLE_END: u8 = 15;

/// `table users`, `column users.email`, `comment on table users`.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.facts()) {
            (Self::Grant(on, role), _) if role.as_str().is_empty() => write!(f, "grant on {on} to its owner"),
            (Self::Grant(on, role), _) => write!(f, "grant on {on} to {}", role.as_str()),
            (_, (kind @ "owner", _, Place::Of(on))) => write!(f, "{kind} of {on}"),
            (_, (kind, _, Place::Of(on))) => write!(f, "{kind} on {on}"),
            (_, (kind, ..)) => write!(f, "{kind} {}", self.short()),
        }
    }
}
