//! What ALTER TABLE does, action by action.

use super::action::{Column, Constraint, Name};
use crate::engine::name::Ident;

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// `ADD COLUMN`.
    AddColumn {
        /// The column.
        column: Column,
        /// The constraints that stand with it.
        constraints: Vec<Constraint>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// The column.
        column: Ident,
        /// `CASCADE`.
        cascade: bool,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `RENAME COLUMN`.
    RenameColumn {
        /// The column.
        column: Ident,
        /// Its new name.
        to: Ident,
    },
    /// `RENAME TO`.
    RenameTable {
        /// Its new name.
        to: Ident,
    },
    /// `SET SCHEMA`.
    SetSchema {
        /// The PostgreSQL schema.
        schema: Ident,
    },
    /// `ALTER COLUMN ... TYPE`.
    SetType {
        /// The column.
        column: Ident,
        /// The type, as `format_type` would print it.
        to: String,
        /// `USING`.
        using: Option<String>,
    },
    /// `SET NOT NULL`.
    SetNotNull(Ident),
    /// `DROP NOT NULL`.
    DropNotNull(Ident),
    /// `SET DEFAULT`.
    SetDefault {
        /// The column.
        column: Ident,
        /// The expression.
        value: String,
    },
    /// `DROP DEFAULT`.
    DropDefault(Ident),
    /// `ADD GENERATED ... AS IDENTITY`.
    AddIdentity(Ident),
    /// `RESTART` of an identity.
    RestartIdentity(Ident),
    /// `DROP EXPRESSION` or `SET EXPRESSION`.
    Expression {
        /// The column.
        column: Ident,
        /// `SET`, which computes every row anew; else `DROP`.
        set: bool,
    },
    /// `ADD CONSTRAINT`.
    AddConstraint(Constraint),
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// The constraint.
        name: Ident,
        /// `CASCADE`.
        cascade: bool,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `VALIDATE CONSTRAINT`.
    Validate(Ident),
    /// `RENAME CONSTRAINT`.
    RenameConstraint {
        /// The constraint.
        name: Ident,
        /// Its new name.
        to: Ident,
    },
    /// `ATTACH PARTITION`.
    Attach {
        /// The table that becomes a partition.
        partition: Name,
        /// `DEFAULT`.
        default: bool,
    },
    /// `DETACH PARTITION`.
    Detach {
        /// The partition.
        partition: Name,
        /// `CONCURRENTLY` or `FINALIZE`.
        concurrently: bool,
    },
    /// `SET LOGGED` or `SET UNLOGGED`.
    SetLogged(bool),
    /// `SET TABLESPACE`.
    SetTablespace(Ident),
    /// `SET ACCESS METHOD`.
    SetAccessMethod,
    /// `ENABLE` or `DISABLE TRIGGER`.
    ToggleTrigger,
    /// `ENABLE ROW LEVEL SECURITY`; false is `DISABLE`.
    RowSecurity(bool),
    /// `FORCE ROW LEVEL SECURITY`; false is `NO FORCE`.
    ForceRowSecurity(bool),
    /// `INHERIT` or `NO INHERIT`.
    Inherit,
    /// An action under SHARE UPDATE EXCLUSIVE: `SET (...)`, `SET STATISTICS`, `CLUSTER ON`, `VALIDATE`'s like.
    Light,
    /// Any other, under ACCESS EXCLUSIVE and for a moment only.
    Brief,
}
