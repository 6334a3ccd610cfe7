//! A pooler in transaction mode between the program and the server: two of our own, and PgBouncer where it is installed.

use super::proxy::{Pool, pooler};
use super::server::Server;
use super::*;
use std::path::Path;

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

const PROGRAMS: [&str; 4] =
    ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

/// A process that ends with the value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A PgBouncer before a server, with a database for each of its modes of the same name; its port is 6432.
fn pgbouncer(program: &str, server: &Server) -> Running {
    let directory = server.directory();
    let mut settings = "[databases]\n".to_owned();
    for mode in ["session", "transaction", "statement"] {
        let url = server.url(mode);
        connect(&server.url("postgres")).batch_execute(&format!("create database {mode}")).unwrap();
        settings += &format!("{mode} = {url} pool_mode={mode}\n");
    }
    let (users, file) = (directory.join("users"), directory.join("pgbouncer.ini"));
    let place = directory.display();
    settings += &format!(
        "[pgbouncer]\nlisten_addr =\nunix_socket_dir = {place}\nlisten_port = 6432\nauth_type = trust\n\
         auth_file = {}\ndefault_pool_size = 3\n",
        users.display()
    );
    std::fs::write(&users, "\"postgres\" \"\"\n").unwrap();
    std::fs::write(&file, settings).unwrap();
    let mut command = server.program(program);
    let running = command.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for("PgBouncer takes sessions", || directory.join(".s.PGSQL.6432").exists());
    Running(running)
}

#[test]
fn pgbouncer_itself() {
    let fault = "PgBouncer itself in transaction and in statement mode";
    let Some(program) = PROGRAMS.into_iter().find(|program| Path::new(program).exists()) else {
        return skipped(fault, "pgbouncer is not installed");
    };
    let Some(server) = Server::start("pgbouncer", &[]) else { return skipped(fault, "no PostgreSQL") };
    let _running = pgbouncer(program, &server);
    let through = |mode: &str| server.url(mode).replace("port=5432", "port=6432");
    for mode in ["transaction", "statement"] {
        succeeds(&hard(&server.url(mode)), "migrate --to log");
        let story = hard(&through(mode));
        story.write("migrations/20260101000000_log/down.sql", "drop table a, log;\n");
        for line in ["migrate", "rollback", "repair", "purge"] {
            let error = ends(&story, line, 4);
            assert!(error.contains("a pooler in transaction mode (PgBouncer"), "{mode}: {line}: {error}");
        }
        assert_eq!(count(&server.url(mode), RUN_LOCKS), 0, "no lock stays");
        assert_eq!(count(&server.url(mode), "select count(*) from log"), 1);
        // What only reads may go through it.
        assert!(ends(&story, "status", 1).contains("1 applied, 4 pending"));
    }
    succeeds(&hard(&through("session")), "migrate");
    is_whole(&server.url("session"));
    told(
        fault,
        8,
        "migrate, rollback, repair and purge are refused before the first statement, no lock left in the pool; exit 4; in session \
         mode all of it runs",
        "none",
    );
}
