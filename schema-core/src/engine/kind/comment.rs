//! Comments on objects.

use crate::engine::id::ObjectId;
use serde::{Deserialize, Serialize};

/// The comment on an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// What it is on.
    pub on: ObjectId,
    /// The text.
    pub text: String,
}
