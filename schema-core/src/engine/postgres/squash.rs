//! A database that has all of what a migration replaces has that migration too: recorded, not run.

use super::ledger::Ledger;
use crate::engine::history::Migration;

/// The SQL that records a migration in the place of those that it replaces.
pub(crate) fn recognize_sql(ledger: &Ledger, migration: &Migration) -> String {
    let old: Vec<&str> = migration.replaces.iter().map(|replaced| replaced.id.as_str()).collect();
    let mut sql = ledger.applied_sql(migration);
    for id in &old {
        sql += &format!("\n{}", ledger.forget_sql(id));
    }
    let detail = format!("it replaces {}, which had run here", old.join(", "));
    format!("{sql}\n{}", ledger.event_sql("squashed", &migration.id, &detail))
}
