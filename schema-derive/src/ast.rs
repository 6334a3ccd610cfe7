//! What the attributes say, as plain data; columns are still Rust fields. The words are those of `schema_core::def`.

use proc_macro2::{Ident, Span};
use syn::{LitStr, Member, Path, Type};

/// A struct with columns: with `#[derive(Table)]`, `#[derive(Composite)]`, or inside of a [`View`].
pub(crate) struct Table {
    pub(crate) ident: Ident,
    pub(crate) attrs: TableAttrs,
    pub(crate) columns: Vec<Column>,
    /// Fields with `skip`.
    pub(crate) skipped: Vec<Ident>,
}

/// A struct with `#[derive(View)]`.
pub(crate) struct View {
    /// Its name, columns and indexes, which a view has as a table does.
    pub(crate) relation: Table,
    pub(crate) attrs: ViewAttrs,
}

/// What `#[view(...)]` says of a view alone.
#[derive(Default)]
pub(crate) struct ViewAttrs {
    pub(crate) sql: Option<LitStr>,
    pub(crate) sql_file: Option<LitStr>,
    pub(crate) materialized: Option<Ident>,
    pub(crate) with_no_data: Option<Ident>,
    pub(crate) with: Option<String>,
    pub(crate) after: Vec<Path>,
}

/// A newtype with `#[derive(Domain)]`.
pub(crate) struct Domain {
    pub(crate) ident: Ident,
    /// What it wraps.
    pub(crate) member: Member,
    pub(crate) ty: Type,
    pub(crate) attrs: DomainAttrs,
}

/// What `#[domain(...)]` says.
#[derive(Default)]
pub(crate) struct DomainAttrs {
    pub(crate) krate: Option<Path>,
    pub(crate) name: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) sql_type: Option<LitStr>,
    pub(crate) checks: Vec<Constraint>,
    pub(crate) not_null: Option<Ident>,
    pub(crate) default: Option<Spanned<String>>,
    pub(crate) collation: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
}

/// What `#[table(...)]` says.
#[derive(Default)]
pub(crate) struct TableAttrs {
    pub(crate) krate: Option<Path>,
    pub(crate) name: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) unlogged: Option<Ident>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) allow: Vec<Allow>,
    /// None of it, for most tables.
    pub(crate) extra: Option<Box<TableExtra>>,
}

/// What `#[table(...)]` says beyond columns, constraints and indexes.
#[derive(Default)]
pub(crate) struct TableExtra {
    pub(crate) with: Option<Spanned<String>>,
    pub(crate) replica_identity: Option<ReplicaIdentity>,
    pub(crate) row_security: Option<Ident>,
    pub(crate) force_row_security: Option<Ident>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) partition_by: Option<PartitionBy>,
    pub(crate) partitions: Vec<Partition>,
}

pub(crate) enum ReplicaIdentity {
    Full,
    Nothing,
    Index(LitStr),
}

/// A policy of row security.
pub(crate) struct Policy {
    /// The word that says it.
    pub(crate) word: Ident,
    pub(crate) name: LitStr,
    pub(crate) restrictive: bool,
    pub(crate) command: Spanned<PolicyCommand>,
    pub(crate) to: Vec<LitStr>,
    pub(crate) using: Option<LitStr>,
    pub(crate) with_check: Option<LitStr>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyCommand {
    All,
    Select,
    Insert,
    Update,
    Delete,
}

/// How a table is partitioned.
pub(crate) struct PartitionBy {
    /// The word that says it.
    pub(crate) word: Ident,
    pub(crate) strategy: Strategy,
    pub(crate) keys: Vec<IndexKey>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strategy {
    Range,
    List,
    Hash,
}

/// A partition, which may be partitioned in turn.
pub(crate) struct Partition {
    /// The word that says it.
    pub(crate) word: Ident,
    pub(crate) name: LitStr,
    pub(crate) schema: Option<LitStr>,
    pub(crate) bound: Bound,
    pub(crate) with: Option<String>,
    pub(crate) partition_by: Option<PartitionBy>,
    pub(crate) partitions: Vec<Partition>,
}

/// Which rows a partition takes; SQL.
pub(crate) enum Bound {
    Range { from: String, to: String },
    In(String),
    Hash { modulus: u32, remainder: u32 },
    Default,
}

/// A field that is a column.
pub(crate) struct Column {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) attrs: ColumnAttrs,
}

/// What `#[column(...)]` says.
#[derive(Default)]
pub(crate) struct ColumnAttrs {
    pub(crate) name: Option<LitStr>,
    pub(crate) sql_type: Option<LitStr>,
    pub(crate) default: Option<Spanned<String>>,
    pub(crate) identity: Option<Spanned<Identity>>,
    pub(crate) generated: Option<LitStr>,
    pub(crate) is_virtual: bool,
    pub(crate) storage: Option<String>,
    pub(crate) compression: Option<String>,
    pub(crate) statistics: Option<u32>,
    pub(crate) collation: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
    pub(crate) skip: Option<Ident>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) allow: Vec<Allow>,
}

/// A rule of `schema lint` that does not count here.
pub(crate) struct Allow {
    /// The word that says it: `allow`.
    pub(crate) word: Ident,
    pub(crate) rule: LitStr,
    pub(crate) reason: LitStr,
    pub(crate) until: Option<LitStr>,
}

/// A value and the token that says it.
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) enum Identity {
    Always,
    ByDefault,
}

/// A constraint of a table or a field.
pub(crate) struct Constraint {
    /// The word that says it: `unique`.
    pub(crate) word: Ident,
    /// The field whose attribute says it; none where the table's does.
    pub(crate) field: Option<Ident>,
    pub(crate) name: Option<LitStr>,
    pub(crate) kind: ConstraintKind,
    pub(crate) deferrable: Deferrable,
}

#[derive(Clone, Copy)]
pub(crate) enum Deferrable {
    No,
    Immediate,
    Deferred,
}

pub(crate) enum ConstraintKind {
    PrimaryKey {
        columns: Vec<Ident>,
        include: Vec<Ident>,
    },
    Unique {
        columns: Vec<Ident>,
        include: Vec<Ident>,
        nulls_not_distinct: bool,
    },
    Check {
        expression: LitStr,
        no_inherit: bool,
    },
    ForeignKey {
        columns: Vec<Ident>,
        targets: Vec<Target>,
        match_full: bool,
        on_delete: Option<Spanned<Action>>,
        on_update: Option<Spanned<Action>>,
    },
    Exclude {
        method: Option<LitStr>,
        elements: LitStr,
        predicate: Option<LitStr>,
    },
}

/// A referenced column: `User::id`.
pub(crate) struct Target {
    pub(crate) table: Path,
    pub(crate) field: Ident,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "`NO ACTION` is SQL's word")]
pub(crate) enum Action {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// An index of a table or a field.
pub(crate) struct Index {
    /// The word that says it: `index`.
    pub(crate) word: Ident,
    /// The field whose attribute says it; none where the table's does.
    pub(crate) field: Option<Ident>,
    pub(crate) name: Option<LitStr>,
    pub(crate) unique: bool,
    pub(crate) method: Option<LitStr>,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) include: Vec<Ident>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) predicate: Option<LitStr>,
    pub(crate) with: Option<String>,
}

pub(crate) struct IndexKey {
    pub(crate) on: KeyPart,
    pub(crate) collation: Option<LitStr>,
    pub(crate) opclass: Option<LitStr>,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

pub(crate) enum KeyPart {
    Column(Ident),
    Expression(LitStr),
}

/// An enum with `#[derive(Enum)]`.
pub(crate) struct Enum {
    pub(crate) ident: Ident,
    pub(crate) attrs: EnumAttrs,
    pub(crate) labels: Vec<Label>,
}

/// What `#[pg_enum(...)]` says.
#[derive(Default)]
pub(crate) struct EnumAttrs {
    pub(crate) krate: Option<Path>,
    pub(crate) name: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) rename_all: Option<LitStr>,
    pub(crate) comment: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
}

/// A variant and what `#[label(...)]` says.
pub(crate) struct Label {
    pub(crate) ident: Ident,
    pub(crate) name: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
}
