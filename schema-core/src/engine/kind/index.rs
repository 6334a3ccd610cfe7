//! Indexes that stand on their own.

use crate::engine::name::{Ident, QName};
use serde::{Deserialize, Serialize};

/// An index that is not the inside of a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name; an index lives in the schema of its table.
    pub name: QName,
    /// The table.
    pub table: QName,
    /// `UNIQUE`.
    pub unique: bool,
    /// What follows the name in `pg_get_indexdef`: `public.users USING btree (email) WHERE ...`.
    pub on: String,
    /// The table's columns that its key names, in its order; expressions are left out.
    pub columns: Vec<Ident>,
}
