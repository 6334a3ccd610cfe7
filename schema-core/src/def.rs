//! Const definitions: what a derive knows about a table, an enum or raw SQL. Plain data, no behaviour; the
//! words are PostgreSQL's (`CREATE TABLE`, `CREATE INDEX`, `CREATE TYPE`).

/// Where a definition stands in the user's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The file as `file!()` gives it.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: u32,
    /// What stands there, for messages: `Transaction`, `Transaction.status`.
    pub path: &'static str,
}

/// The name of a table, a view or a type. `schema` is `None` where the code does not say one (then it is `public`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// The PostgreSQL schema, unquoted.
    pub schema: Option<&'static str>,
    /// The name, unquoted.
    pub name: &'static str,
}

/// The SQL type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    /// What one element is.
    pub base: Base,
    /// 0 for a plain value, 1 for `T[]`.
    pub dimensions: u8,
    /// Whether NULL is allowed (`Option`).
    pub nullable: bool,
}

/// The type of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// SQL text as `CREATE TABLE` takes it: `bigint`, `numeric(12,2)`.
    Sql(&'static str),
    /// An enum that is declared in Rust.
    Enum(Name),
    /// A composite type that is declared in Rust.
    Composite(Name),
    /// A domain that is declared in Rust.
    Domain(Name),
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct TableDef {
    /// The struct.
    pub origin: Origin,
    /// The table's name.
    pub name: Name,
    /// `COMMENT ON TABLE`.
    pub comment: Option<&'static str>,
    /// The table's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<&'static str>,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// In the order of the fields.
    pub columns: &'static [ColumnDef],
    /// Those of the table first, then those of its fields.
    pub constraints: &'static [ConstraintDef],
    /// Those of the table first, then those of its fields.
    pub indexes: &'static [IndexDef],
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<&'static str>,
    /// `REPLICA IDENTITY`.
    pub replica_identity: ReplicaIdentity,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
    /// The policies of row security.
    pub policies: &'static [PolicyDef],
    /// How the table is partitioned.
    pub partition_by: Option<PartitionBy>,
    /// Its partitions.
    pub partitions: &'static [PartitionDef],
    /// Rules of lint that do not count for it.
    pub allow: &'static [AllowDef],
}

/// A rule of `schema lint` that does not count for what says so.
#[derive(Debug, Clone, Copy)]
pub struct AllowDef {
    /// The attribute.
    pub origin: Origin,
    /// The rule's name.
    pub rule: &'static str,
    /// Why.
    pub reason: &'static str,
    /// The last day on which it holds: `2027-01-31`.
    pub until: Option<&'static str>,
}

/// How a table tells its rows apart in logical replication (`REPLICA IDENTITY`).
#[derive(Debug, Clone, Copy)]
pub enum ReplicaIdentity {
    /// By its primary key.
    Default,
    /// By the whole row.
    Full,
    /// Not at all.
    Nothing,
    /// By this unique index, by its name.
    Index(&'static str),
}

/// A policy of row security.
#[derive(Debug, Clone, Copy)]
pub struct PolicyDef {
    /// The attribute.
    pub origin: Origin,
    /// The policy's name.
    pub name: &'static str,
    /// `AS RESTRICTIVE`.
    pub restrictive: bool,
    /// `FOR`.
    pub command: PolicyCommand,
    /// `TO`: the roles, unquoted; all of them where it is empty.
    pub to: &'static [&'static str],
    /// `USING`, as SQL text.
    pub using: Option<&'static str>,
    /// `WITH CHECK`, as SQL text.
    pub with_check: Option<&'static str>,
}

/// How a table is partitioned.
#[derive(Debug, Clone, Copy)]
pub struct PartitionBy {
    /// By what sort of bounds.
    pub strategy: PartitionStrategy,
    /// The key: columns or expressions.
    pub keys: &'static [IndexKey],
}

/// A partition, with a name of its own and the columns, constraints and indexes of its table.
#[derive(Debug, Clone, Copy)]
pub struct PartitionDef {
    /// The attribute.
    pub origin: Origin,
    /// The partition's name.
    pub name: Name,
    /// Which rows it takes.
    pub bound: PartitionBound,
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<&'static str>,
    /// How it is partitioned in turn.
    pub partition_by: Option<PartitionBy>,
    /// Its own partitions.
    pub partitions: &'static [PartitionDef],
}

/// Which rows a partition takes, as SQL text.
#[derive(Debug, Clone, Copy)]
pub enum PartitionBound {
    /// `FROM (from) TO (to)`.
    Range {
        /// The first row that it takes.
        from: &'static str,
        /// The first row that it doesn't take.
        to: &'static str,
    },
    /// `IN (values)`.
    In(&'static str),
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

/// What a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyCommand {
    /// `ALL`, the default.
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

/// By what sort of bounds a table is partitioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionStrategy {
    /// `RANGE`.
    Range,
    /// `LIST`.
    List,
    /// `HASH`.
    Hash,
}

/// A view.
#[derive(Debug, Clone, Copy)]
pub struct ViewDef {
    /// The struct.
    pub origin: Origin,
    /// The view's name.
    pub name: Name,
    /// `COMMENT ON VIEW`.
    pub comment: Option<&'static str>,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `WITH (...)`: options or storage parameters as SQL text.
    pub with: Option<&'static str>,
    /// `WITH NO DATA`, of a materialized view.
    pub with_no_data: bool,
    /// The query.
    pub sql: &'static str,
    /// The file that the query was read from, if it was.
    pub file: Option<&'static str>,
    /// Views that come before it though its query doesn't name them.
    pub after: &'static [Name],
    /// The columns that the query must have, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// Those of the struct first, then those of its fields; of a materialized view.
    pub indexes: &'static [IndexDef],
    /// Rules of lint that do not count for it.
    pub allow: &'static [AllowDef],
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    /// The field.
    pub origin: Origin,
    /// The column's name, unquoted.
    pub name: &'static str,
    /// Its type and nullability.
    pub ty: Type,
    /// `DEFAULT`, as SQL text.
    pub default: Option<&'static str>,
    /// `GENERATED ... AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (...)`: the expression, as SQL text.
    pub generated: Option<&'static str>,
    /// `VIRTUAL` instead of `STORED` (PostgreSQL 18).
    pub is_virtual: bool,
    /// `SET STORAGE`.
    pub storage: Option<&'static str>,
    /// `COMPRESSION`.
    pub compression: Option<&'static str>,
    /// `SET STATISTICS`.
    pub statistics: Option<u32>,
    /// `COLLATE`: the collation as SQL text (quoted where it must be).
    pub collation: Option<&'static str>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<&'static str>,
    /// The column's former name.
    pub renamed_from: Option<&'static str>,
    /// Rules of lint that do not count for it.
    pub allow: &'static [AllowDef],
}

/// The two forms of an identity column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// `GENERATED ALWAYS AS IDENTITY`.
    Always,
    /// `GENERATED BY DEFAULT AS IDENTITY`.
    ByDefault,
}

/// A constraint of a table.
#[derive(Debug, Clone, Copy)]
pub struct ConstraintDef {
    /// The attribute's field or struct.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<&'static str>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deferrable {
    /// `NOT DEFERRABLE`, the default.
    No,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    Immediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    Deferred,
}

/// The kinds of constraints. Columns are SQL names, unquoted.
#[derive(Debug, Clone, Copy)]
pub enum ConstraintKind {
    /// `PRIMARY KEY (columns) INCLUDE (include)`.
    PrimaryKey {
        /// The key, in order.
        columns: &'static [&'static str],
        /// `INCLUDE`.
        include: &'static [&'static str],
    },
    /// `UNIQUE (columns) INCLUDE (include)`.
    Unique {
        /// The key, in order.
        columns: &'static [&'static str],
        /// `INCLUDE`.
        include: &'static [&'static str],
        /// `NULLS NOT DISTINCT` (PostgreSQL 15).
        nulls_not_distinct: bool,
    },
    /// `CHECK (expression)`.
    Check {
        /// SQL text without the outer parentheses.
        expression: &'static str,
        /// `NO INHERIT`.
        no_inherit: bool,
        /// The column it was written on, which PostgreSQL puts into the default name.
        column: Option<&'static str>,
    },
    /// `FOREIGN KEY (columns) REFERENCES target (target_columns)`.
    ForeignKey {
        /// The referencing columns.
        columns: &'static [&'static str],
        /// The referenced table.
        target: Name,
        /// The referenced columns.
        target_columns: &'static [&'static str],
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
        method: &'static str,
        /// SQL text: `room WITH =, during WITH &&`.
        elements: &'static str,
        /// SQL text.
        predicate: Option<&'static str>,
    },
}

/// What happens to referencing rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// `NO ACTION`, the default.
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// An index.
#[derive(Debug, Clone, Copy)]
pub struct IndexDef {
    /// The attribute's field or struct.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<&'static str>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `USING`; `btree` where it is `None`.
    pub method: Option<&'static str>,
    /// The key, in order.
    pub keys: &'static [IndexKey],
    /// `INCLUDE`: column names, unquoted.
    pub include: &'static [&'static str],
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// `WHERE`, as SQL text.
    pub predicate: Option<&'static str>,
    /// `WITH (...)`: storage parameters as SQL text.
    pub with: Option<&'static str>,
}

/// One part of an index's key.
#[derive(Debug, Clone, Copy)]
pub struct IndexKey {
    /// A column or an expression.
    pub on: KeyPart,
    /// `COLLATE`, as SQL text.
    pub collation: Option<&'static str>,
    /// The operator class with its parameters, as SQL text: `text_pattern_ops`.
    pub opclass: Option<&'static str>,
    /// `DESC`.
    pub descending: bool,
    /// `Some(true)` for `NULLS FIRST`, `Some(false)` for `NULLS LAST`.
    pub nulls_first: Option<bool>,
}

/// What a part of an index's key is made of.
#[derive(Debug, Clone, Copy)]
pub enum KeyPart {
    /// A column name, unquoted.
    Column(&'static str),
    /// SQL text without outer parentheses.
    Expression(&'static str),
}

/// An enum type.
#[derive(Debug, Clone, Copy)]
pub struct EnumDef {
    /// The Rust enum.
    pub origin: Origin,
    /// The type's name.
    pub name: Name,
    /// `COMMENT ON TYPE`.
    pub comment: Option<&'static str>,
    /// The type's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<&'static str>,
    /// In the order of the variants.
    pub labels: &'static [LabelDef],
}

/// One value of an enum type.
#[derive(Debug, Clone, Copy)]
pub struct LabelDef {
    /// The value.
    pub name: &'static str,
    /// The value's former name.
    pub renamed_from: Option<&'static str>,
}

/// A composite type.
#[derive(Debug, Clone, Copy)]
pub struct CompositeDef {
    /// The struct.
    pub origin: Origin,
    /// The type's name.
    pub name: Name,
    /// `COMMENT ON TYPE`.
    pub comment: Option<&'static str>,
    /// The type's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<&'static str>,
    /// Its attributes, in the order of the fields: name, type, collation and comment of columns.
    pub columns: &'static [ColumnDef],
}

/// A domain.
#[derive(Debug, Clone, Copy)]
pub struct DomainDef {
    /// The newtype.
    pub origin: Origin,
    /// The domain's name.
    pub name: Name,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<&'static str>,
    /// The domain's former name, in the same schema unless it is written `schema.name`.
    pub renamed_from: Option<&'static str>,
    /// The type below.
    pub ty: Type,
    /// `COLLATE`: the collation as SQL text (quoted where it must be).
    pub collation: Option<&'static str>,
    /// `DEFAULT`, as SQL text.
    pub default: Option<&'static str>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// Its conditions.
    pub checks: &'static [DomainCheckDef],
}

/// A condition of a domain.
#[derive(Debug, Clone, Copy)]
pub struct DomainCheckDef {
    /// The attribute.
    pub origin: Origin,
    /// The name; PostgreSQL's own default where it is `None`.
    pub name: Option<&'static str>,
    /// SQL text without the outer parentheses.
    pub expression: &'static str,
}

/// Raw SQL that is part of the declared schema.
#[derive(Debug, Clone, Copy)]
pub struct SqlDef {
    /// The macro call.
    pub origin: Origin,
    /// Whether it runs before or after the tables.
    pub place: Place,
    /// One or more statements.
    pub sql: &'static str,
    /// The file that the text was read from, if it was.
    pub file: Option<&'static str>,
}

/// Where raw SQL runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Before the tables: extensions, functions that defaults call.
    BeforeTables,
    /// After the tables: views, triggers.
    AfterTables,
}
