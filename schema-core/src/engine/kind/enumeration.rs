//! Enum types: labels added, renamed, removed.

use crate::engine::name::QName;
use serde::{Deserialize, Serialize};

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its name.
    pub name: QName,
    /// The values, in sort order.
    pub labels: Vec<String>,
}
