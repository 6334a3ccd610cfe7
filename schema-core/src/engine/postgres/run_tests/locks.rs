//! Several runs, held locks, lost connections, killed processes.

use super::*;

const KILL: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
    where datname = current_database() and pid <> pg_backend_pid() and application_name = 'schema test' and query like ";

#[test]
fn a_lost_connection_resumes() {
    let database = database();
    let slow = [
        A,
        (
            "2_b",
            "create table b (x int);\n-- schema:section\ninsert into b values (1);\nselect pg_sleep(30);",
        ),
    ];
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut killer = database.connect();
            while count(&mut killer, &format!("{KILL} 'select pg_sleep%'")) == 0 {
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        run(&mut database.connect(), &slow).expect_err("killed").to_string()
    });
    let expected = "2_b stopped in section 2 of 2; section 1 is applied
REASON
  in: select pg_sleep(30)
applied in this run: 1_a
  at migrations/2_b/up.sql:4
  next: connect and run again: where a section was through after all, the ledger knows it
  then: the next run goes on with section 2";
    // The server's last words may arrive, or the end of the connection before them.
    let reasons = [
        "terminating connection due to administrator command (SQLSTATE 57P01)",
        "the connection to the server is lost",
    ];
    assert!(reasons.iter().any(|reason| error == expected.replace("REASON", reason)), "{error}");
    let mut client = database.connect();
    assert_eq!(states(&mut client, &slow), [State::Applied, State::HalfApplied]);
    let quick = [A, ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);")];
    assert_eq!(ids(&run(&mut client, &quick).expect("resumed")), ["2_b"]);
    assert_eq!(count(&mut client, "select count(*) from b"), 1);
}

#[test]
fn a_connection_lost_between_sections_resumes() {
    let database = database();
    let mut killer = database.connect();
    let error = migrate(&mut database.connect(), &history(&[A, B]), &options(), &mut |event| {
        if matches!(event, Event::Started { id: "2_b", section: 2, .. }) {
            assert_eq!(count(&mut killer, &format!("{KILL} '%'")), 1);
        }
    });
    let error = error.expect_err("killed").to_string();
    assert!(
        error.contains("2_b stopped in section 2 of 2") && error.contains("connect and run again"),
        "{error}"
    );
    let report = run(&mut database.connect(), &[A, B]).expect("resumed");
    assert_eq!((ids(&report), report.applied[0].sections), (vec!["2_b"], 1));
    assert_eq!(count(&mut database.connect(), "select count(*) from a"), 2);
}

#[test]
fn two_runs_at_once() {
    let database = database();
    let migrations = [("1_a", "select pg_sleep(0.5); create table a ();")];
    let one = || {
        let mut waited = String::new();
        let report = migrate(&mut database.connect(), &history(&migrations), &options(), &mut |event| {
            if let Event::Waiting { holder, .. } = event {
                waited = (*holder).to_owned();
            }
        });
        (ids(&report.expect("both succeed")).len(), waited)
    };
    let mut results = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    results.sort();
    assert_eq!((results[0].0, results[1].0), (0, 1));
    assert!(results[0].1.contains("application schema test, user postgres"), "{:?}", results[0]);
    assert_eq!(results[1].1, "");
}

#[test]
fn who_waits_too_long_is_told_who_holds_the_lock() {
    let database = database();
    let (mut holder, mut client) = (database.connect(), database.connect());
    let mut held = None;
    let impatient = RunOptions { wait_for_lock: Duration::from_millis(300), ..options() };
    migrate(&mut holder, &history(&[A]), &options(), &mut |event| {
        if matches!(event, Event::Started { .. }) {
            held = Some(migrate(&mut client, &history(&[A]), &impatient, &mut |_| {}));
        }
    })
    .expect("applied");
    let error = held.expect("tried").expect_err("waited").to_string();
    assert!(error.contains("another migration run holds the lock of this database: pid "), "{error}");
    // Another ledger is another history.
    let elsewhere = RunOptions { ledger_schema: "elsewhere".to_owned(), ..impatient };
    let mut ran = None;
    migrate(&mut holder, &history(&[A, ("2_b", "select 1")]), &options(), &mut |event| {
        if matches!(event, Event::Started { .. }) {
            ran = Some(migrate(&mut client, &history(&[("1_x", "select 1")]), &elsewhere, &mut |_| {}));
        }
    })
    .expect("applied");
    assert_eq!(ids(&ran.expect("tried").expect("not locked")), ["1_x"]);
}

#[test]
fn retries_where_a_lock_is_held() {
    let database = database();
    let (mut client, mut other) = (database.connect(), database.connect());
    run(&mut client, &[A]).expect("applied");
    let alter = [A, ("2_b", "alter table a add y int;")];
    let mut blocker = Some(other.transaction().expect("begun"));
    blocker.as_mut().expect("held").batch_execute("select * from a").expect("locked");
    let mut seen = Vec::new();
    let report = migrate(&mut client, &history(&alter), &options(), &mut |event| {
        if let Event::Retrying { reason, blockers, .. } = event {
            seen.push((reason.to_string(), blockers.to_vec()));
            if seen.len() == 2 {
                drop(blocker.take());
            }
        }
    });
    assert_eq!(ids(&report.expect("applied in the end")), ["2_b"]);
    assert_eq!(seen.len(), 2);
    assert!(seen[0].0.contains("lock timeout (SQLSTATE 55P03)"), "{seen:?}");
    assert!(
        seen[0].1[0].contains("idle in transaction") && seen[0].1[0].contains("AccessShareLock on a"),
        "{seen:?}"
    );
}

#[test]
fn gives_up_in_the_end() {
    let database = database();
    let (mut client, mut other) = (database.connect(), database.connect());
    run(&mut client, &[A]).expect("applied");
    let mut blocker = other.transaction().expect("begun");
    blocker.batch_execute("lock table a").expect("locked");
    let once = RunOptions { lock_retries: 1, ..options() };
    let error = migrate(
        &mut client,
        &history(&[A, ("2_b", "create table b ();\ndrop table a;")]),
        &once,
        &mut |_| {},
    );
    let error = error.expect_err("gave up").to_string();
    assert!(error.contains("could not get a lock in 2 tries of 100 ms"), "{error}");
    assert!(error.contains("in the way: pid ") && error.contains("AccessExclusiveLock on a"), "{error}");
    assert!(error.contains("at migrations/2_b/up.sql:2"), "{error}");
    assert_eq!(count(&mut client, "select count(*) from pg_class where relname = 'b'"), 0);
}

/// Not a test by itself: the process that the next test kills.
#[test]
#[ignore = "started by a_killed_process_resumes"]
fn runs_until_it_is_killed() {
    let target = std::env::var("SCHEMA_TEST_TARGET").expect("the database of the test that starts this");
    let mut client = Target::new(&target, &|_| None).expect("valid").connect().expect("a session");
    run(&mut client, &SLOW).expect("killed before");
}

const SLOW: [(&str, &str); 2] = [
    A,
    ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);\nselect pg_sleep(60);"),
];

#[test]
fn a_killed_process_resumes() {
    let database = database();
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "engine::postgres::run_tests::locks::runs_until_it_is_killed"])
        .env("SCHEMA_TEST_TARGET", database.target())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a process");
    let mut client = database.connect();
    let sleeping = "select count(*) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'";
    while count(&mut client, sleeping) == 0 {
        assert_eq!(child.try_wait().expect("a state"), None, "it must not end by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
    // The server notices within some seconds, not only when the statement ends; until then its session holds the lock.
    let quick = [A, ("2_b", "create table b (x int);\n-- schema:section\ninsert into b values (1);")];
    let report = run(&mut client, &quick).expect("resumed");
    assert_eq!((ids(&report), report.applied[0].sections), (vec!["2_b"], 1));
    assert_eq!(count(&mut client, "select count(*) from b"), 1);
}

#[test]
fn who_waits_for_a_run_does_not_stand_in_its_way() {
    // CREATE INDEX CONCURRENTLY waits for every older snapshot: a blocking pg_advisory_lock would have one.
    let database = database();
    let index = (
        "2_b",
        "select pg_sleep(0.5);\n-- schema:section no-transaction\ncreate index concurrently i on a (x);",
    );
    let migrations = [A, index];
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| run(&mut database.connect(), &migrations).expect("applied or nothing to do"));
        }
    });
    assert_eq!(states(&mut database.connect(), &migrations), [State::Applied, State::Applied]);
}
