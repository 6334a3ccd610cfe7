//! What statements do, as far as rules ask for it: plain data, without any parser's words. `read` makes it.

pub use super::change::Change;

use crate::engine::name::{Ident, QName};
use std::fmt;

/// A name as it is written: maybe without its PostgreSQL schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The PostgreSQL schema, where it is written.
    pub schema: Option<Ident>,
    /// The rest.
    pub name: Ident,
}

impl Name {
    /// The whole name; without a schema it is taken to be in `public`.
    pub fn full(&self) -> QName {
        let schema = self.schema.as_ref().map_or("public", Ident::as_str);
        QName::new(schema, self.name.as_str())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// An action, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The line of the file, counted from 1.
    pub line: u32,
    /// What is done.
    pub action: Action,
}

/// One thing that a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `CREATE TABLE`.
    CreateTable(CreateTable),
    /// One action of `ALTER TABLE`.
    Alter {
        /// The table.
        table: Name,
        /// What is done to it.
        change: Change,
    },
    /// `DROP`.
    Drop(Drop),
    /// `ALTER ... RENAME TO`, but of tables (see `Change`).
    Rename {
        /// What sort of object it is.
        kind: Kind,
        /// Its name.
        name: Name,
        /// The name that it gets.
        to: Ident,
    },
    /// `CREATE INDEX`.
    CreateIndex(CreateIndex),
    /// `REINDEX`.
    Reindex {
        /// `INDEX`, `TABLE`, `SCHEMA`, `DATABASE` or `SYSTEM`.
        what: String,
        /// Its name.
        name: Option<Name>,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `CLUSTER` or `VACUUM`.
    Rebuild {
        /// `CLUSTER`, `VACUUM FULL`, `VACUUM`.
        verb: &'static str,
        /// The table; none means all of them.
        table: Option<Name>,
    },
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The view.
        view: Name,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `CREATE TRIGGER`.
    CreateTrigger {
        /// The trigger.
        name: Ident,
        /// Its table.
        table: Name,
    },
    /// `CREATE POLICY` or `ALTER POLICY`.
    Policy(Policy),
    /// `CREATE VIEW`.
    CreateView(CreateView),
    /// `ALTER VIEW ... SET (...)`.
    ViewOption {
        /// The view.
        view: Name,
        /// `security_invoker`, where it is set.
        invoker: Option<bool>,
    },
    /// `CREATE FUNCTION` or `CREATE PROCEDURE`.
    Routine(Routine),
    /// `ALTER FUNCTION`, `ALTER PROCEDURE` or `ALTER ROUTINE`.
    AlterRoutine {
        /// The routine.
        name: Name,
        /// `VOLATILE`, `STABLE` or `IMMUTABLE`.
        volatility: Option<&'static str>,
        /// `SECURITY DEFINER`.
        definer: bool,
        /// `SET search_path`.
        search_path: bool,
    },
    /// `GRANT` or `REVOKE` of privileges.
    Privileges(Privileges),
    /// `ALTER ... OWNER TO` or `REASSIGN OWNED`.
    Owner {
        /// Whose, as it is written.
        of: String,
        /// The new owner.
        to: String,
    },
    /// `CREATE ROLE` or `ALTER ROLE`.
    Role {
        /// The role.
        name: Ident,
        /// `SUPERUSER`.
        superuser: bool,
        /// `BYPASSRLS`.
        bypassrls: bool,
    },
    /// `CREATE EXTENSION`.
    CreateExtension {
        /// The extension.
        name: Ident,
        /// `SCHEMA`.
        schema: Option<Ident>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `CREATE SCHEMA`.
    CreateSchema {
        /// Its name.
        name: Ident,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `CREATE TYPE ... AS ENUM`.
    CreateEnum {
        /// The type.
        name: Name,
        /// Its labels.
        labels: Vec<String>,
    },
    /// `CREATE DOMAIN`.
    CreateDomain {
        /// The domain.
        name: Name,
        /// Whether it has a NOT NULL or a CHECK.
        constrained: bool,
    },
    /// `CREATE SEQUENCE`.
    CreateSequence {
        /// The sequence.
        name: Name,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `ALTER TYPE ... ADD VALUE`.
    AddLabel {
        /// The type.
        name: Name,
        /// The label.
        label: String,
        /// `BEFORE` or `AFTER` is there.
        placed: bool,
    },
    /// `ALTER TYPE ... RENAME VALUE`.
    RenameLabel {
        /// The type.
        name: Name,
        /// The label.
        from: String,
        /// The label that it becomes.
        to: String,
    },
    /// `ALTER SEQUENCE ... RESTART`, `setval`.
    RestartSequence {
        /// The sequence, as it is written.
        name: String,
        /// Whether the number is computed from the rows.
        computed: bool,
    },
    /// `TRUNCATE`.
    Truncate {
        /// The tables.
        tables: Vec<Name>,
        /// `CASCADE`.
        cascade: bool,
        /// `RESTART IDENTITY`.
        restart: bool,
    },
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `COPY ... FROM`.
    Write {
        /// Which of them.
        verb: Verb,
        /// The table.
        table: Name,
        /// Whether a condition narrows it to some rows by a key: `LIMIT`, `IN (SELECT ...)`, `BETWEEN`.
        batched: bool,
        /// `WHERE`.
        filtered: bool,
    },
    /// `SET`, `SET LOCAL`, `set_config`.
    Set {
        /// The setting, in small letters.
        name: String,
        /// Its value, as it is written.
        value: String,
        /// `LOCAL`.
        local: bool,
    },
    /// `LOCK TABLE`.
    Lock {
        /// The tables.
        tables: Vec<Name>,
        /// The mode, in capitals.
        mode: String,
    },
    /// `DO`.
    Do {
        /// The code.
        body: String,
    },
    /// `BEGIN`, `COMMIT` and their like.
    Transaction(Transaction),
    /// A query that changes nothing, by what is known.
    Query,
    /// A statement that no rule asks about.
    Other,
}

/// How a statement stands to the transaction around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// It begins one.
    Begin,
    /// It ends one.
    End,
}

/// What writes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `MERGE`.
    Merge,
    /// `COPY`.
    Copy,
}

impl Verb {
    /// As SQL writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Merge => "MERGE",
            Self::Copy => "COPY",
        }
    }
}

/// Sorts of objects that are dropped and renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// An index.
    Index,
    /// A sequence.
    Sequence,
    /// A PostgreSQL schema.
    Schema,
    /// A database.
    Database,
    /// A type.
    Type,
    /// A domain.
    Domain,
    /// An extension.
    Extension,
    /// A function, procedure, routine or aggregate.
    Routine,
    /// A trigger.
    Trigger,
    /// A policy.
    Policy,
    /// Anything else.
    Other,
}

/// `DROP`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// What sort of objects.
    pub kind: Kind,
    /// Their names.
    pub names: Vec<Name>,
    /// The table, for triggers and policies.
    pub on: Option<Name>,
    /// `CASCADE`.
    pub cascade: bool,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
}

/// `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTable {
    /// The table.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its constraints, those that stand with a column too.
    pub constraints: Vec<Constraint>,
    /// `TEMPORARY`.
    pub temporary: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `PARTITION OF`.
    pub partition_of: Option<Name>,
    /// `PARTITION BY`.
    pub partitioned: bool,
    /// `DEFAULT`, of a partition.
    pub default: bool,
    /// `FOREIGN`: its rows are somewhere else.
    pub foreign: bool,
}

/// A column as it is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type, as `format_type` would print it, where that is known.
    pub data_type: String,
    /// `NOT NULL`, or part of a primary key.
    pub not_null: bool,
    /// `DEFAULT`.
    pub default: Option<String>,
    /// `GENERATED ALWAYS AS (...)`: whether it is stored.
    pub generated: Option<bool>,
    /// `GENERATED ... AS IDENTITY`.
    pub identity: bool,
    /// A serial type.
    pub serial: bool,
}

/// What sort of constraint it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `FOREIGN KEY`.
    ForeignKey,
    /// `CHECK`.
    Check,
    /// `EXCLUDE`.
    Exclude,
    /// `NOT NULL` as a constraint of its own (PostgreSQL 18).
    NotNull,
}

impl Form {
    /// As SQL writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::PrimaryKey => "PRIMARY KEY",
            Self::Unique => "UNIQUE",
            Self::ForeignKey => "FOREIGN KEY",
            Self::Check => "CHECK",
            Self::Exclude => "EXCLUDE",
            Self::NotNull => "NOT NULL",
        }
    }
}

/// A constraint as it is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its name, where it is written.
    pub name: Option<Ident>,
    /// What it is.
    pub form: Form,
    /// Its columns.
    pub columns: Vec<Ident>,
    /// The table that it references.
    pub references: Option<Name>,
    /// The condition of a check.
    pub expression: Option<String>,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `NOT ENFORCED`.
    pub not_enforced: bool,
    /// `USING INDEX`.
    pub using_index: Option<Ident>,
}

impl Constraint {
    /// A constraint of which nothing more is said.
    pub fn new(name: Option<Ident>, form: Form) -> Self {
        Self {
            name,
            form,
            columns: Vec::new(),
            references: None,
            expression: None,
            not_valid: false,
            not_enforced: false,
            using_index: None,
        }
    }

    /// Whether it reads all rows when it is added.
    pub fn looks(&self) -> bool {
        !self.not_valid && !self.not_enforced
    }
}

/// `CREATE INDEX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateIndex {
    /// Its name, where it is written.
    pub name: Option<Ident>,
    /// The table.
    pub table: Name,
    /// `ONLY`.
    pub only: bool,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// What is indexed and how, for comparison: columns, method, predicate.
    pub on: String,
}

/// `CREATE POLICY` or `ALTER POLICY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: Ident,
    /// The table.
    pub table: Name,
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE` or `ALL`; none where `ALTER POLICY` does not say.
    pub command: Option<&'static str>,
    /// Not `AS RESTRICTIVE`.
    pub permissive: bool,
    /// `USING`.
    pub using: Option<String>,
    /// `WITH CHECK`.
    pub check: Option<String>,
    /// Whether it is `CREATE POLICY`.
    pub create: bool,
}

/// `CREATE VIEW`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateView {
    /// The view.
    pub name: Name,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// The names of its columns, where the text says them all.
    pub columns: Option<Vec<String>>,
    /// `security_invoker`.
    pub invoker: bool,
    /// The tables that its query names.
    pub reads: Vec<Name>,
}

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Its name.
    pub name: Name,
    /// The arguments, as they are written, without white space to speak of.
    pub arguments: String,
    /// What it returns.
    pub returns: String,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `SECURITY DEFINER`.
    pub definer: bool,
    /// `SET search_path`.
    pub search_path: bool,
    /// `VOLATILE`, `STABLE` or `IMMUTABLE`.
    pub volatility: &'static str,
    /// The code.
    pub body: String,
}

/// `GRANT` or `REVOKE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privileges {
    /// Whether it is `GRANT`.
    pub grant: bool,
    /// The privileges as they are written, in capitals.
    pub privileges: String,
    /// On what, as it is written; none where a role is granted.
    pub on: Option<String>,
    /// The roles.
    pub to: Vec<String>,
    /// `WITH GRANT OPTION` or `WITH ADMIN OPTION`.
    pub option: bool,
}
