//! The server stopped, crashed and started again in the middle of a run; a standby, and a server that is read-only.

use super::*;
use std::time::Duration;

#[test]
fn a_server_that_restarts() {
    let Some(mut server) = Server::start("restart", &[]) else {
        return skipped("the server is restarted", "no PostgreSQL");
    };
    let mut tried = 0;
    // As pg_ctl stop -m fast, -m immediate, and as the kernel's out-of-memory killer.
    for signal in ["-INT", "-QUIT", "-KILL"] {
        for number in 0..tries(6).div_ceil(3) {
            let url = server.database();
            let story = hard(&url);
            let running = start(&story, "migrate");
            std::thread::sleep(Duration::from_millis(40 + 60 * (number as u64 % 7)));
            server.down(signal);
            let output = running.wait_with_output().unwrap();
            server.up();
            assert!(matches!(output.status.code(), Some(0 | 4)), "{}", text(&output));
            succeeds(&story, "migrate");
            is_whole(&url);
            tried += 1;
        }
    }
    told(
        "the server is stopped (fast), crashes (immediate) or is killed in the middle of a run, and started again",
        tried,
        "exit 4; the next run finished, equal to a run without a fault",
        "none",
    );
}

#[test]
fn a_server_that_is_still_starting_is_waited_for() {
    let Some(mut server) = Server::start("starting", &[]) else {
        return skipped("the server is starting", "no PostgreSQL");
    };
    let url = server.database();
    // Recovery after a crash takes a while with many files; until then the server says 57P03.
    connect(&url)
        .batch_execute("create table t as select n, repeat('x', 500) from generate_series(1, 200000) n")
        .unwrap();
    server.down("-QUIT");
    let story = hard(&url);
    let runs = std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            // Before the socket is there nobody is told to wait: the server is down, not starting.
            loop {
                let output = story.run("migrate");
                if output.status.code() == Some(0) {
                    return output;
                }
                let error = text(&output);
                assert!(output.status.code() == Some(4) && !error.contains("57P03"), "{error}");
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        server.up();
        running.join().unwrap()
    });
    assert!(text(&runs).contains("5 migrations applied"));
    told(
        "the server is starting (57P03)",
        1,
        "waited up to 30 s until it took the session, then applied all",
        "none",
    );
}

#[test]
fn a_standby_and_a_read_only_server() {
    let Some(mut server) =
        Server::start("primary", &["wal_level=replica", "max_wal_senders=3", "hot_standby=on"])
    else {
        return skipped("a read-only server", "no PostgreSQL");
    };
    let url = server.database();
    succeeds(&story(&url, &HARD[..1]), "migrate");
    let read_only = format!("{url} options='-c default_transaction_read_only=on'");
    let error = ends(&story_of(&read_only), "migrate", 4);
    assert!(error.contains("nothing was applied: this session is read-only"), "{error}");
    assert!(error.contains("connect to the primary server"), "{error}");

    let standby = Server::standby_of(&mut server).unwrap();
    let name = url.rsplit("dbname=").next().unwrap();
    let story = hard(&standby.url(name));
    let error = ends(&story, "migrate", 4);
    assert!(error.contains("nothing was applied: this server is a standby"), "{error}");
    // What only reads works, and so does a run that has nothing to do.
    assert!(ends(&story, "status", 1).contains("1 applied, 4 pending"));
    assert!(succeeds(&super::story(&standby.url(name), &HARD[..1]), "migrate").contains("nothing to apply"));
    succeeds(&hard(&url), "migrate");
    is_whole(&url);
    told(
        "a read-only session, a hot standby",
        2,
        "\"nothing was applied: ...\", exit 4; status works, and so does a run with nothing to do",
        "none",
    );
}

fn story_of(url: &str) -> Story {
    let story = Story::new();
    story.write(".env", &format!("DATABASE_URL=\"{}\"\n", url.replace('"', "\\\"")));
    for (id, up) in HARD {
        story.write(&format!("migrations/{id}/up.sql"), up);
    }
    story
}
