//! Rules about locks that are held long, and about tables that are written anew.

pub(super) mod add_column;
pub(super) mod alter_type;
pub(super) mod backfill;
pub(super) mod check_not_valid;
pub(super) mod concurrently;
pub(super) mod exclusion;
pub(super) mod fk_not_valid;
pub(super) mod index;
pub(super) mod index_replace_gap;
pub(super) mod key_blocking;
pub(super) mod long_running;
pub(super) mod multiple_alter;
pub(super) mod observed;
pub(super) mod partition;
pub(super) mod rebuild;
pub(super) mod refresh;
pub(super) mod reindex;
pub(super) mod row_security;
pub(super) mod set_not_null;
pub(super) mod storage;
mod timeout;
pub(super) mod timeouts;
pub(super) mod trigger;
pub(super) mod validate;
pub(super) mod window;
