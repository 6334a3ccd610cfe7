//! Tables: the frame; columns, constraints and indexes are objects of their own.

use crate::engine::name::QName;
use serde::{Deserialize, Serialize};

/// A plain table. Partitioned, inheriting and foreign tables are not modeled yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: QName,
    /// `UNLOGGED`.
    pub unlogged: bool,
}
