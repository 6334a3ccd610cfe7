//! Rules about migrations as files and as a history.

pub(super) mod down;
pub(super) mod ledger;
pub(super) mod names;
pub(super) mod order;
pub(super) mod proof;
pub(super) mod repeatable;
pub(super) mod robust;
pub(super) mod transaction;
