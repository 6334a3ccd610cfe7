//! Rules about rows and values that are lost.

pub(super) mod drop_cascade;
pub(super) mod drop_column;
pub(super) mod drop_enum_value;
pub(super) mod drop_extension;
pub(super) mod drop_schema;
pub(super) mod drop_table;
pub(super) mod recreate_loses_data;
pub(super) mod restart;
pub(super) mod truncate;
pub(super) mod type_change;
pub(super) mod without_where;
