//! Extensions. What belongs to them is never read.

use crate::engine::name::Ident;
use serde::{Deserialize, Serialize};

/// An extension. `plpgsql`, which every database has, is left out by the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Its name.
    pub name: Ident,
    /// The schema that its objects live in.
    pub schema: Ident,
    /// The installed version.
    pub version: String,
}
