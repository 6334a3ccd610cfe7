//! PostgreSQL schemas (namespaces).

use crate::engine::name::Ident;
use serde::{Deserialize, Serialize};

/// A PostgreSQL schema. `public` is one like any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Its name.
    pub name: Ident,
}
