//! Records: the definitions that were read out of the user's build, owned. One for one the structs of [`crate::def`].

pub use crate::def::{Action, Deferrable, Identity, Place};

/// Everything that one build declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Records {
    /// In the order they were found.
    pub tables: Vec<Table>,
    /// In the order they were found.
    pub enums: Vec<Enum>,
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
    /// `GENERATED ALWAYS AS (...) STORED`: the expression, as SQL text.
    pub generated: Option<String>,
    /// `COLLATE`: the collation as SQL text (quoted where it must be).
    pub collation: Option<String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
    /// The column's former name.
    pub renamed_from: Option<String>,
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
