//! Rules about who may do what.

pub(super) mod definer;
pub(super) mod dynamic_sql;
pub(super) mod extension;
pub(super) mod grant;
pub(super) mod owner;
pub(super) mod policy;
pub(super) mod role;
pub(super) mod row_security;
pub(super) mod secret;
pub(super) mod view;
