//! Sequences, standing alone or owned by a column (`serial`). Those inside identity columns belong to the column.

use crate::engine::name::{Ident, QName};
use serde::{Deserialize, Serialize};

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name.
    pub name: QName,
    /// Its numbers.
    pub options: SequenceOptions,
    /// `OWNED BY`: table and column.
    pub owned_by: Option<(QName, Ident)>,
    /// `UNLOGGED` (PostgreSQL 15).
    pub unlogged: bool,
}

/// `pg_sequence`, also used by identity columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `AS`: `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
}
