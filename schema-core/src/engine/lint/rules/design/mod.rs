//! Rules about the schema itself, as the code declares it.

pub(super) mod column_type;
pub(super) mod default_type;
pub(super) mod feature;
pub(super) mod foreign_key;
pub(super) mod index;
pub(super) mod naming;
pub(super) mod null_unique;
pub(super) mod primary_key;
pub(super) mod row;
pub(super) mod usage;
