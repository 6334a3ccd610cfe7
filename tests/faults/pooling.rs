//! A pooler in transaction mode between the program and the server.

use super::proxy::{Pool, pooler};
use super::*;

#[test]
fn a_pooler_in_transaction_mode_is_refused_before_anything_happens() {
    let Some(url) = database() else { return skipped("PgBouncer in transaction mode", "no PostgreSQL") };
    let mut tried = 0;
    for pool in [Pool::InTurn, Pool::LastUsed] {
        let through = pooler(&url, pool);
        let answer = connect(&through).simple_query("select 1").unwrap();
        assert_eq!(answer.len(), 3, "the pooler itself works");
        for _ in 0..tries(4) {
            let error = ends(&hard(&through), "migrate", 4);
            assert!(error.contains("a pooler in transaction mode (PgBouncer"), "{error}");
            assert!(error.contains("give the migration run a direct connection"), "{error}");
            tried += 1;
        }
    }
    assert_eq!(count(&url, RUN_LOCKS), 0, "no lock stays");
    assert_eq!(count(&url, "select count(*) from pg_class where relname in ('log', 'ledger_version')"), 0);
    // The same database directly.
    succeeds(&hard(&url), "migrate");
    is_whole(&url);
    told(
        "PgBouncer in transaction mode (two proxies of our own)",
        tried,
        "refused before the first statement, no lock left in the pool; exit 4",
        "none",
    );
}

#[test]
fn a_program_behind_a_busy_pooler_is_refused_too() {
    let Some(url) = database() else { return };
    let mut client = connect(&pooler(&url, Pool::InTurn));
    let error = schema_core::migrate::run(&mut client, &[]).unwrap_err().to_string();
    assert!(error.contains("a pooler in transaction mode"), "{error}");
}
