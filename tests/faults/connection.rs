//! The connection cut: by an administrator, and by a wire that breaks at each message.

use super::proxy::{Break, wire};
use super::*;
use std::sync::atomic::Ordering;

#[test]
fn a_wire_that_breaks_at_any_message() {
    let Some(url) = database() else { return skipped("the network breaks", "no PostgreSQL") };
    // How many messages a whole run takes.
    let (through, messages) = wire(&url, Break::AfterMessages(usize::MAX));
    succeeds(&hard(&through), "migrate");
    let all = messages.load(Ordering::SeqCst);
    assert!(all > 60, "{all}");
    let tried = tries(10);
    let mut failed = 0;
    for number in 0..tried {
        let url = database().unwrap();
        let last = 3 + number * (all - 3) / tried;
        let output = hard(&wire(&url, Break::AfterMessages(last)).0).run("migrate");
        failed += usize::from(output.status.code() == Some(4));
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", text(&output));
        succeeds(&hard(&url), "migrate");
        is_whole(&url);
    }
    assert!(failed * 3 > tried, "{failed} of {tried}");
    told(
        "the network breaks after any of the messages of a run",
        tried,
        &format!(
            "{failed} runs stopped with exit 4 and said so; the next run finished each, equal to a run without a fault"
        ),
        "none",
    );
}

#[test]
fn a_wire_that_breaks_around_a_commit() {
    let mut tried = 0;
    for (at, applied) in [(Break::Before("COMMIT\0"), 0), (Break::After("COMMIT\0"), 1)] {
        let Some(url) = database() else {
            return skipped("the network breaks around a COMMIT", "no PostgreSQL");
        };
        // The ledger is made in a transaction of its own: beforehand.
        succeeds(&story(&url, &[("20250101000000_none", "select 1;")]), "migrate");
        let all: Vec<(&str, &str)> = [("20250101000000_none", "select 1;")].into_iter().chain(HARD).collect();
        let error = ends(&story(&wire(&url, at).0, &all), "migrate", 4);
        assert!(error.contains("20260101000000_log stopped in section 1 of 1"), "{error}");
        assert!(error.contains("where a section was through after all, the ledger knows it"), "{error}");
        let recorded =
            "select count(*) from schema_history.ledger_migration where id like '2026%' and done = sections";
        wait_for("the server notices", || {
            count(
                &url,
                "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'schema'",
            ) == 0
        });
        assert_eq!(count(&url, recorded), applied, "{at:?}");
        succeeds(&story(&url, &all), "migrate");
        is_whole_but_for_the_ledger(&url);
        tried += 1;
    }
    told(
        "the network breaks before a COMMIT arrives, and after it but before its answer",
        tried,
        "exit 4, \"the ledger knows it\"; the next run ran the section again, or knew that it was through",
        "none",
    );
}

fn is_whole_but_for_the_ledger(url: &str) {
    assert_eq!(state(url).0, expected().unwrap().0);
}

#[test]
fn a_session_that_an_administrator_ends() {
    let tried = tries(3);
    for number in 0..tried {
        let Some(url) = database() else { return skipped("pg_terminate_backend", "no PostgreSQL") };
        let slow = [
            HARD[0],
            (
                "20260102000000_slow",
                "insert into log values (2);\n-- schema:section\ninsert into log values (3);\nselect pg_sleep(60);\n",
            ),
        ];
        let story = story(&url, &slow);
        let running = start(&story, "migrate");
        let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() \
                   and query like 'select pg_sleep%' and pid <> pg_backend_pid()";
        wait_for("the section runs", || count(&url, end) == 1);
        let output = running.wait_with_output().unwrap();
        let error = text(&output);
        assert_eq!(output.status.code(), Some(4), "{error}");
        assert!(
            error.contains("20260102000000_slow stopped in section 2 of 2; section 1 is applied"),
            "{error}"
        );
        assert!(error.contains("up.sql:4") && error.contains("connect and run again"), "{error}");
        assert_eq!(count(&url, "select count(*) from log"), 2);
        story.write(
            "migrations/20260102000000_slow/up.sql",
            "insert into log values (2);\n-- schema:section\ninsert into log values (3);\n",
        );
        succeeds(&story, "migrate");
        assert_eq!(count(&url, "select count(*) from log"), 3, "try {number}");
    }
    told(
        "pg_terminate_backend in the middle of a section",
        tried,
        "exit 4 with file:line, the section rolled back; the next run went on with it",
        "none",
    );
}
