//! Columns: type, nullability, default, identity, generation.

use super::sequence::SequenceOptions;
use crate::engine::name::{Ident, QName};
use serde::{Deserialize, Serialize};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// `attnum`: the order in the table. Not part of the definition: a new column always comes last.
    pub position: i16,
    /// `format_type` with an empty search_path: `bigint`, `numeric(12,2)`, `public.status[]`.
    pub data_type: String,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `DEFAULT` or the generation expression, as `pg_get_expr` prints it.
    pub default: Option<String>,
    /// `GENERATED ALWAYS AS (default) STORED` or `VIRTUAL`; then `default` is the expression.
    pub generated: Option<Generated>,
    /// `GENERATED ... AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `COLLATE`, where it differs from the type's own.
    pub collation: Option<QName>,
}

/// When a generated column is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Generated {
    /// When the row is written.
    Stored,
    /// When it is read (PostgreSQL 18).
    Virtual,
}

/// The identity of a column, and the sequence inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `ALWAYS`, else `BY DEFAULT`.
    pub always: bool,
    /// The name of the sequence inside.
    pub sequence: QName,
    /// Its numbers.
    pub options: SequenceOptions,
}
