//! Rules about programs that run while the schema changes.

pub(super) mod cached_plan;
pub(super) mod constraint_dropped;
pub(super) mod default;
pub(super) mod enumeration;
pub(super) mod index_dropped;
pub(super) mod nullability;
pub(super) mod rename;
pub(super) mod required_column;
pub(super) mod routine;
pub(super) mod tighten;
pub(super) mod view_column;
