//! Records: the definitions that were read out of the user's build, owned. One for one the structs of [`crate::def`].

pub use crate::def::{Action, Deferrable, Identity, PartitionStrategy, Place, PolicyCommand};

/// Everything that one build declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Records {
    /// In the order they were found.
    pub tables: Vec<Table>,
    /// In the order they were found.
    pub enums: Vec<Enum>,
    /// In the order they were found.
    pub composites: Vec<Composite>,
    /// In the order they were found.
    pub domains: Vec<Domain>,
    /// In the order they were found.
    pub views: Vec<View>,
    /// In the order they were found.
    pub sql: Vec<RawSql>,
}

/// Where a definition stands in the user's source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file as `file!()` gives it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// What stands there, for messages: `Transaction`, `Transaction.status`.
    pub path: String,
}

/// The name of a table, a view or a type. `schema` is `None` where the code does not say one (then it is `public`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The PostgreSQL schema, unquoted.
    pub schema: Option<String>,
    /// The name, unquoted.
    pub name: String,
}

/// The SQL type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Type {
    /// What one element is.
    pub base: Base,
    /// 0 for a plain value, 1 for `T[]`.
    pub dimensions: u8,
    /// Whether NULL is allowed (`Option`).
    pub nullable: bool,
}

/// The type of one element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    /// SQL text as `CREATE TABLE` takes it: `bigint`, `numeric(12,2)`.
    Sql(String),
    /// An enum that is declared in Rust.
    Enum(Name),
    /// A composite type that is declared in Rust.
    Composite(Name),
    /// A domain that is declared in Rust.
    Domain(Name),
}

impl Base {
    /// The name of a type that is declared in Rust.
    pub fn declared(&self) -> Option<&Name> {
        match self {
            Self::Sql(_) => None,
            Self::Enum(name) | Self::Composite(name) | Self::Domain(name) => Some(name),
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    /// The struct.
    pub origin: Origin,
    /// The table's name.
    pub name: Name,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
    /// The table's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<String>,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// In the order of the fields.
    pub columns: Vec<Column>,
    /// Those of the table first, then those of its fields.
    pub constraints: Vec<Constraint>,
    /// Those of the table first, then those of its fields.
    pub indexes: Vec<Index>,
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<String>,
    /// `REPLICA IDENTITY`.
    pub replica_identity: ReplicaIdentity,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
    /// The policies of row security.
    pub policies: Vec<Policy>,
    /// How the table is partitioned.
    pub partition_by: Option<PartitionBy>,
    /// Its partitions.
    pub partitions: Vec<Partition>,
    /// Rules of lint that do not count for it.
    pub allow: Vec<Allow>,
}

/// A rule of `schema lint` that does not count for what says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Allow {
    /// The attribute.
    pub origin: Origin,
    /// The rule's name.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds: `2027-01-31`.
    pub until: Option<String>,
}

/// How a table tells its rows apart in logical replication (`REPLICA IDENTITY`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum ReplicaIdentity {
    /// By its primary key.
    #[default]
    Default,
    /// By the whole row.
    Full,
    /// Not at all.
    Nothing,
    /// By this unique index, by its name.
    Index(String),
}

/// A policy of row security.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Policy {
    /// The attribute.
    pub origin: Origin,
    /// The policy's name.
    pub name: String,
    /// `AS RESTRICTIVE`.
    pub restrictive: bool,
    /// `FOR`.
    pub command: PolicyCommand,
    /// `TO`: the roles, unquoted; all of them where it is empty.
    pub to: Vec<String>,
    /// `USING`, as SQL text.
    pub using: Option<String>,
    /// `WITH CHECK`, as SQL text.
    pub with_check: Option<String>,
}

/// How a table is partitioned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PartitionBy {
    /// By what sort of bounds.
    pub strategy: PartitionStrategy,
    /// The key: columns or expressions.
    pub keys: Vec<IndexKey>,
}

/// A partition, with a name of its own and the columns, constraints and indexes of its table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partition {
    /// The attribute.
    pub origin: Origin,
    /// The partition's name.
    pub name: Name,
    /// Which rows it takes.
    pub bound: PartitionBound,
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<String>,
    /// How it is partitioned in turn.
    pub partition_by: Option<PartitionBy>,
    /// Its own partitions.
    pub partitions: Vec<Partition>,
}

/// Which rows a partition takes, as SQL text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PartitionBound {
    /// `FROM (from) TO (to)`.
    Range {
        /// The first row that it takes.
        from: String,
        /// The first row that it doesn't take.
        to: String,
    },
    /// `IN (values)`.
    In(String),
    /// `WITH (MODULUS modulus, REMAINDER remainder)`.
    Hash {
        /// How many there are of this size.
        modulus: u32,
        /// Which one this is.
        remainder: u32,
    },
    /// `DEFAULT`.
    Default,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct View {
    /// The struct.
    pub origin: Origin,
    /// The view's name.
    pub name: Name,
    /// `COMMENT ON VIEW`.
    pub comment: Option<String>,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `WITH (...)`: options or storage parameters as SQL text.
    pub with: Option<String>,
    /// `WITH NO DATA`, of a materialized view.
    pub with_no_data: bool,
    /// The query.
    pub sql: String,
    /// The file that the query was read from, if it was.
    pub file: Option<String>,
    /// Views that come before it though its query doesn't name them.
    pub after: Vec<Name>,
    /// The columns that the query must have, in the order of the fields.
    pub columns: Vec<Column>,
    /// Those of the struct first, then those of its fields; of a materialized view.
    pub indexes: Vec<Index>,
    /// Rules of lint that do not count for it.
    pub allow: Vec<Allow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// The field.
    pub origin: Origin,
    /// The column's name, unquoted.
    pub name: String,
    /// Its type and nullability.
    pub ty: Type,
    /// `DEFAULT`, as SQL text.
    pub default: Option<String>,
    /// `GENERATED ... AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (...)`: the expression, as SQL text.
    pub generated: Option<String>,
    /// `VIRTUAL` instead of `STORED` (PostgreSQL 18).
    pub is_virtual: bool,
    /// `SET STORAGE`.
    pub storage: Option<String>,
    /// `COMPRESSION`.
    pub compression: Option<String>,
    /// `SET STATISTICS`.
    pub statistics: Option<u32>,
    /// `COLLATE`: the collation as SQL text (quoted where it must be).
    pub collation: Option<String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
    /// The column's former name.
    pub renamed_from: Option<String>,
    /// Rules of lint that do not count for it.
    pub allow: Vec<Allow>,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// The attribute's field or struct.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// The kinds of constraints. Columns are SQL names, unquoted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ConstraintKind {
    /// `PRIMARY KEY (columns) INCLUDE (include)`.
    PrimaryKey {
        /// The key, in order.
        columns: Vec<String>,
        /// `INCLUDE`.
        include: Vec<String>,
    },
    /// `UNIQUE (columns) INCLUDE (include)`.
    Unique {
        /// The key, in order.
        columns: Vec<String>,
        /// `INCLUDE`.
        include: Vec<String>,
        /// `NULLS NOT DISTINCT` (PostgreSQL 15).
        nulls_not_distinct: bool,
    },
    /// `CHECK (expression)`.
    Check {
        /// SQL text without the outer parentheses.
        expression: String,
        /// `NO INHERIT`.
        no_inherit: bool,
        /// The column it was written on, which PostgreSQL puts into the default name.
        column: Option<String>,
    },
    /// `FOREIGN KEY (columns) REFERENCES target (target_columns)`.
    ForeignKey {
        /// The referencing columns.
        columns: Vec<String>,
        /// The referenced table.
        target: Name,
        /// The referenced columns.
        target_columns: Vec<String>,
        /// `MATCH FULL`.
        match_full: bool,
        /// `ON DELETE`.
        on_delete: Action,
        /// `ON UPDATE`.
        on_update: Action,
    },
    /// `EXCLUDE USING method (elements) WHERE (predicate)`.
    Exclude {
        /// The index method; PostgreSQL's default is `btree`, the usual one is `gist`.
        method: String,
        /// SQL text: `room WITH =, during WITH &&`.
        elements: String,
        /// SQL text.
        predicate: Option<String>,
    },
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Index {
    /// The attribute's field or struct.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<String>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `USING`; `btree` where it is `None`.
    pub method: Option<String>,
    /// The key, in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE`: column names, unquoted.
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// `WHERE`, as SQL text.
    pub predicate: Option<String>,
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<String>,
}

/// One part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexKey {
    /// A column or an expression.
    pub on: KeyPart,
    /// `COLLATE`, as SQL text.
    pub collation: Option<String>,
    /// The operator class with its parameters, as SQL text: `text_pattern_ops`.
    pub opclass: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// `Some(true)` for `NULLS FIRST`, `Some(false)` for `NULLS LAST`.
    pub nulls_first: Option<bool>,
}

/// What a part of an index's key is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyPart {
    /// A column name, unquoted.
    Column(String),
    /// SQL text without outer parentheses.
    Expression(String),
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Enum {
    /// The Rust enum.
    pub origin: Origin,
    /// The type's name.
    pub name: Name,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
    /// The type's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<String>,
    /// In the order of the variants.
    pub labels: Vec<Label>,
}

/// One value of an enum type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The value.
    pub name: String,
    /// The value's former name.
    pub renamed_from: Option<String>,
}

/// A composite type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Composite {
    /// The struct.
    pub origin: Origin,
    /// The type's name.
    pub name: Name,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
    /// The type's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<String>,
    /// Its attributes, in the order of the fields: name, type, collation and comment of columns.
    pub columns: Vec<Column>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Domain {
    /// The newtype.
    pub origin: Origin,
    /// The domain's name.
    pub name: Name,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<String>,
    /// The domain's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<String>,
    /// The type below.
    pub ty: Type,
    /// `COLLATE`: the collation as SQL text (quoted where it must be).
    pub collation: Option<String>,
    /// `DEFAULT`, as SQL text.
    pub default: Option<String>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// Its conditions.
    pub checks: Vec<DomainCheck>,
}

/// A condition of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DomainCheck {
    /// The attribute.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<String>,
    /// SQL text without the outer parentheses.
    pub expression: String,
}

/// Raw SQL that is part of the declared schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RawSql {
    /// The macro call.
    pub origin: Origin,
    /// Whether it runs before or after the tables.
    pub place: Place,
    /// One or more statements.
    pub sql: String,
    /// The file that the text was read from, if it was.
    pub file: Option<String>,
}
