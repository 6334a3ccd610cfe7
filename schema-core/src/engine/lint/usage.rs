//! What a server's statistics say of the use of a database. Plain data; `postgres::usage` reads it.

use crate::engine::name::QName;

/// The use of a database since its statistics began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// For how many days they have been counted.
    pub days: u32,
    /// Indexes that are no key's and no parent's.
    pub indexes: Vec<IndexUse>,
    /// Tables with rows of their own that ANALYZE has seen.
    pub tables: Vec<TableUse>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexUse {
    /// The index.
    pub index: QName,
    /// Its table.
    pub table: QName,
    /// How often it was used.
    pub scans: u64,
    /// How often its table was read, with an index or without.
    pub reads: u64,
    /// What it takes on disk.
    pub bytes: u64,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableUse {
    /// The table.
    pub table: QName,
    /// What it takes on disk, without indexes and what is moved out of rows.
    pub bytes: u64,
    /// What its rows take, by their number and the mean width of their values.
    pub rows: u64,
}

/// `12 MB`.
pub(super) fn size(bytes: u64) -> String {
    format!("{} MB", bytes >> 20)
}
