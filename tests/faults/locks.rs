//! Locks that others hold.

use super::*;

/// Holds a lock on table `a` as `name`, as a program that forgot to commit.
fn holder(url: &str, name: &str) -> Client {
    let mut client = connect(&format!("{url} application_name={name}"));
    client.batch_execute("begin; update a set x = 5 where id = 1").unwrap();
    client
}

#[test]
fn a_long_transaction_in_the_way() {
    let Some(url) = database() else { return skipped("lock_timeout", "no PostgreSQL") };
    let story = hard(&url);
    succeeds(&story, "migrate --to log");
    story.write(
        "migrations/20260102000000_index/up.sql",
        "insert into log values (2);\n\nalter table a add column z int;\n",
    );
    let held = holder(&url, "reports");
    let error = ends(&story, "migrate --to index --lock-timeout 100ms --lock-retries 2", 4);
    for part in [
        "20260102000000_index stopped in section 1 of 1",
        "could not get a lock in 3 tries of 100 ms",
        "SQLSTATE 55P03",
        "application reports, user postgres, idle in transaction, in a transaction for ",
        " s, holds RowExclusiveLock on a, last statement: begin; update a set x = 5",
        "up.sql:3",
        "trying again in 1000 ms",
        "trying again in 2000 ms",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert_eq!(count(&url, "select count(*) from log"), 1, "given up cleanly");
    assert_eq!(count(&url, RUN_LOCKS), 0);
    // And where the other one ends in time.
    let running = start(&story, "migrate --to index --lock-timeout 100ms");
    std::thread::sleep(std::time::Duration::from_millis(1300));
    drop(held);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert_eq!(count(&url, "select count(*) from log"), 2);
    told(
        "lock_timeout because of a long transaction",
        2,
        "says who blocks (pid, application, user, state, age, lock, statement), tries again after 1 s, 2 s, 4 s ...; gives up with exit 4 and nothing of the section, or goes on when the other is done",
        "none",
    );
}

#[test]
fn a_forgotten_prepared_transaction_in_the_way() {
    let Some(url) = database() else { return skipped("a prepared transaction", "no PostgreSQL") };
    succeeds(&hard(&url), "migrate --to log");
    connect(&url)
        .batch_execute("begin; update a set x = 5 where id = 1; prepare transaction 'for''gotten'")
        .unwrap();
    let story = hard(&url);
    story.write("migrations/20260102000000_index/up.sql", "alter table a add column z int;\n");
    let error = ends(&story, "migrate --to index --lock-timeout 50ms --lock-retries 0", 4);
    assert!(
        error.contains(
            "in the way: the prepared transaction 'for''gotten', user postgres, in a transaction for "
        ),
        "{error}"
    );
    assert!(error.contains(" s, holds RowExclusiveLock on a"), "{error}");
    connect(&url).batch_execute("rollback prepared 'for''gotten'").unwrap();
    succeeds(&story, "migrate --to index");
    told(
        "lock_timeout because of a forgotten prepared transaction",
        1,
        "names it; exit 4; goes on after ROLLBACK PREPARED",
        "none",
    );
}

#[test]
fn an_index_that_waits_says_for_whom() {
    let Some(url) = database() else { return skipped("CREATE INDEX CONCURRENTLY waits", "no PostgreSQL") };
    let story = hard(&url);
    succeeds(&story, "migrate --to log");
    let mut old = connect(&format!("{url} application_name=backup"));
    old.batch_execute("begin isolation level repeatable read; select count(*) from a").unwrap();
    let mut running = start(&story, "migrate");
    // It waits without a limit, and does not keep silent about it.
    std::thread::sleep(std::time::Duration::from_millis(8000));
    assert_eq!(running.try_wait().unwrap(), None);
    old.batch_execute("commit").unwrap();
    let output = running.wait_with_output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("waits for pid ")
            && said.contains("application backup, user postgres, idle in transaction"),
        "{said}"
    );
    is_whole(&url);
    told(
        "CREATE INDEX CONCURRENTLY waits for an old transaction",
        1,
        "waits without blocking others, and says after 5 s for whom; goes on",
        "none",
    );
}
