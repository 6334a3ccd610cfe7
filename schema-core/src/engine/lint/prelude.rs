//! What almost every rule needs.

pub(super) use super::action::{Action, Change, Constraint, Form, Kind, Name, Verb};
pub(super) use super::config::Levels;
pub(super) use super::rule::{
    CatalogSite, Check, Found, Group, HistorySite, Rule, Site, UnitSite, UsageSite, Walked,
};
pub(super) use super::unit::Part;
