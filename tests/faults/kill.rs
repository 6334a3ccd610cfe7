//! The program killed with SIGKILL, at moments all over a run.

use super::*;
use std::time::{Duration, Instant};

#[test]
fn killed_at_any_moment() {
    let Some(url) = database() else { return skipped("SIGKILL at any moment", "no PostgreSQL") };
    let begun = Instant::now();
    succeeds(&hard(&url), "migrate");
    let whole = begun.elapsed();
    let tried = tries(10);
    let (mut in_the_middle, mut twice) = (0, 0);
    for number in 0..tried {
        let url = database().unwrap();
        let story = hard(&url);
        let moment = whole.mul_f64((number as f64 + 0.5) / tried as f64);
        in_the_middle += usize::from(killed_after(&story, moment));
        if number % 3 == 0 {
            // And the one that goes on as well.
            twice += usize::from(killed_after(&story, whole / 2));
        }
        succeeds(&story, "migrate");
        is_whole(&url);
        assert!(succeeds(&story, "status").contains("5 applied"));
    }
    assert!(in_the_middle > tried / 5, "only {in_the_middle} of {tried} runs were still alive");
    let scripts = HARD.map(|(id, up)| schema_core::engine::script::Script::read(id, up).unwrap());
    let sections = scripts.iter().flat_map(|script| &script.sections);
    let outside = sections.clone().filter(|section| !section.transaction).count();
    told(
        &format!(
            "SIGKILL at any moment of a run of {} sections, {outside} of them outside of a transaction",
            sections.count()
        ),
        tried,
        &format!(
            "{in_the_middle} died in the middle, {twice} of the runs after them too; the next run finished each, equal to a run without a fault"
        ),
        "none",
    );
}

/// Whether it was still running.
fn killed_after(story: &Story, moment: Duration) -> bool {
    let mut running = start(story, "migrate");
    std::thread::sleep(moment);
    let alive = running.try_wait().unwrap().is_none();
    running.kill().unwrap();
    running.wait().unwrap();
    alive
}

#[test]
fn killed_while_an_index_is_built_concurrently() {
    let Some(url) = database() else {
        return skipped("SIGKILL in CREATE INDEX CONCURRENTLY", "no PostgreSQL");
    };
    let story = hard(&url);
    succeeds(&story, "migrate --to log");
    // The build waits for this transaction, so it is killed in its middle for sure.
    let mut old = connect(&url);
    let mut held =
        old.build_transaction().isolation_level(postgres::IsolationLevel::RepeatableRead).start().unwrap();
    held.batch_execute("select count(*) from a").unwrap();
    let mut running = start(&story, "migrate");
    let invalid = "select count(*) from pg_index where not indisvalid";
    wait_for("the index is being built", || count(&url, invalid) == 1);
    running.kill().unwrap();
    running.wait().unwrap();
    let builds = "select count(*) from pg_stat_activity where query ilike '%index concurrently%' and pid <> pg_backend_pid() \
                  and datname = current_database() and state = 'active'";
    wait_for("the server notices", || count(&url, builds) == 0);
    assert_eq!(count(&url, invalid), 1, "it leaves the index INVALID");
    drop(held);
    let said = succeeds(&story, "migrate");
    assert!(said.contains("the index public.a_x_idx is INVALID after a run that was broken off"), "{said}");
    is_whole(&url);
    told(
        "SIGKILL while CREATE INDEX CONCURRENTLY waits",
        1,
        "the server ends the build within 2 s and leaves the index INVALID; the next run drops it, builds it again and goes on",
        "none",
    );
}
