//! Scratch on real servers: reuse, templates, killed runs, damage, other users, a named server.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use schema_core::engine::postgres::scratch::{Scratch, ScratchDb, ScratchOptions, Source, probe};
use tempfile::TempDir;

/// Names the cache of [`child`] and makes it do something.
const CHILD: &str = "SCRATCH_TEST_CHILD";

/// A cache that the server's user may enter; in memory where there is a place for it.
fn cache() -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new()
        .permissions(PermissionsExt::from_mode(0o755))
        .tempdir_in(parent)
        .expect("a directory")
}

fn options(cache: &Path) -> ScratchOptions {
    ScratchOptions { cache_dir: Some(cache.to_owned()), ..ScratchOptions::default() }
}

fn open(options: &ScratchOptions) -> Scratch {
    Scratch::open(options).unwrap_or_else(|error| panic!("{error}"))
}

fn database(scratch: &mut Scratch) -> ScratchDb {
    scratch.database().unwrap_or_else(|error| panic!("{error}"))
}

fn execute(database: &mut ScratchDb, sql: &str) {
    database.client().batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn ask(database: &mut ScratchDb, sql: &str) -> String {
    let row = database.client().query_one(sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error}"));
    row.get(0)
}

/// Waits for what another process does; fails when it takes far too long.
fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The data directory of the only cluster of a cache.
fn data(cache: &Path) -> std::path::PathBuf {
    let key =
        std::fs::read_dir(cache.join("scratch")).expect("clusters").flatten().next().expect("a cluster");
    key.path().join("0/data")
}

fn wait_until_stopped(cache: &Path) {
    let pid = data(cache).join("postmaster.pid");
    wait_for("the server stops", || !pid.exists());
}

#[test]
fn databases_are_empty_utf8_and_apart() {
    let mut scratch = open(&ScratchOptions::default());
    let (mut one, mut two) = (database(&mut scratch), database(&mut scratch));
    assert_ne!(one.name(), two.name());
    execute(&mut one, "CREATE TABLE t (at timestamptz DEFAULT '2020-01-01 00:00')");
    execute(&mut two, "CREATE TABLE t (other int)");
    assert_eq!(ask(&mut one, "SELECT current_setting('server_encoding')"), "UTF8");
    assert_eq!(ask(&mut one, "SELECT current_setting('timezone')"), "UTC");
    let through_url = postgres_client(&one.url());
    assert_eq!(through_url, one.name());
}

/// Connects as another program would, and says to which database.
fn postgres_client(url: &str) -> String {
    let named = ScratchOptions { url: Some(url.to_owned()), ..ScratchOptions::default() };
    let info = probe(&named).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(info.source, Source::Url(_)));
    let (_, name) = url.split_once("dbname='").expect("a database's name");
    name.trim_end_matches('\'').to_owned()
}

#[test]
fn two_at_once_are_two_servers() {
    let cache = cache();
    let mut one = open(&options(cache.path()));
    let mut two = open(&options(cache.path()));
    let place = "SELECT current_setting('data_directory')";
    let (mut in_one, mut in_two) = (database(&mut one), database(&mut two));
    assert_ne!(ask(&mut in_one, place), ask(&mut in_two, place));
}

#[test]
fn a_data_directory_is_reused_and_tidied() {
    let cache = cache();
    let mut scratch = open(&options(cache.path()));
    let mut first = database(&mut scratch);
    execute(&mut first, "CREATE ROLE app; CREATE TABLE t (); GRANT SELECT ON t TO app");
    execute(&mut first, "ALTER SYSTEM SET work_mem = '123MB'");
    let identity = "SELECT system_identifier::text FROM pg_control_system()";
    let made = ask(&mut first, identity);
    drop((first, scratch));

    wait_until_stopped(cache.path());
    let mut scratch = open(&options(cache.path()));
    let mut again = database(&mut scratch);
    assert_eq!(ask(&mut again, identity), made, "initdb ran again");
    assert_ne!(ask(&mut again, "SELECT current_setting('work_mem')"), "123MB");
    execute(&mut again, "CREATE ROLE app");
}

#[test]
fn templates_outlive_the_run() {
    let cache = cache();
    let mut scratch = open(&options(cache.path()));
    assert!(!scratch.has_template("a").expect("an answer"));
    assert!(scratch.from_template("a").expect("an answer").is_none());
    let mut made = database(&mut scratch);
    execute(&mut made, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
    let identity = ask(&mut made, "SELECT system_identifier::text FROM pg_control_system()");
    scratch.save_template(made, "a").expect("a template");
    drop(scratch);

    wait_until_stopped(cache.path());
    let mut scratch = open(&options(cache.path()));
    assert!(scratch.has_template("a").expect("an answer"));
    for _ in 0..2 {
        let mut copy = scratch.from_template("a").expect("an answer").expect("a copy");
        assert_eq!(ask(&mut copy, "SELECT count(*)::text FROM t"), "2", "a copy is not changed by another");
        assert_eq!(ask(&mut copy, "SELECT system_identifier::text FROM pg_control_system()"), identity);
        execute(&mut copy, "DELETE FROM t");
    }
    let mut other = database(&mut scratch);
    execute(&mut other, "CREATE TABLE other ()");
    scratch.save_template(other, "a").expect("a template in place of another");
    let mut copy = scratch.from_template("a").expect("an answer").expect("a copy");
    assert_eq!(ask(&mut copy, "SELECT (to_regclass('t') IS NULL)::text"), "true");
}

#[test]
fn the_least_recently_used_template_goes_first() {
    let cache = cache();
    let mut scratch = open(&options(cache.path()));
    for n in 0..12 {
        let made = database(&mut scratch);
        scratch.save_template(made, &n.to_string()).expect("a template");
    }
    drop(scratch.from_template("0").expect("an answer").expect("a copy"));
    let made = database(&mut scratch);
    scratch.save_template(made, "12").expect("a template");
    wait_for("one of 13 templates is dropped", || !scratch.has_template("1").expect("an answer"));
    for kept in ["0", "2", "12"] {
        assert!(scratch.has_template(kept).expect("an answer"), "{kept}");
    }
}

#[test]
fn roles_go_with_their_databases_and_not_into_templates() {
    let cache = cache();
    let mut scratch = open(&options(cache.path()));
    for _ in 0..2 {
        let mut made = database(&mut scratch);
        execute(&mut made, "CREATE ROLE app; CREATE TABLE t (); ALTER TABLE t OWNER TO app");
        scratch.save_template(made, "roles").expect("no error");
        assert!(!scratch.has_template("roles").expect("an answer"), "a copy would lack the role");
    }
}

#[test]
fn a_killed_run_leaves_nothing_running() {
    let cache = cache();
    let mut run = child(cache.path()).stdout(Stdio::piped()).spawn().expect("a child");
    let output = BufReader::new(run.stdout.take().expect("its output"));
    let pid = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("server is ")?.1.trim().to_owned()))
        .expect("the child says its server's process");
    run.kill().expect("SIGKILL");
    run.wait().expect("its end");
    if cfg!(target_os = "linux") {
        wait_for("the server of the killed run ends", || !is_postgres(&pid));
    }

    let mut scratch = open(&options(cache.path()));
    let mut fresh = database(&mut scratch);
    let place = ask(&mut fresh, "SELECT current_setting('data_directory')");
    assert_eq!(Path::new(&place), data(cache.path()), "its directory is used again");
    let names = "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'schema_scratch%'";
    let name = fresh.name().to_owned();
    wait_for("the database of the killed run is dropped", || ask(&mut fresh, names) == name);
}

fn is_postgres(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres")
}

/// Another process that uses scratch with this cache.
fn child(cache: &Path) -> Command {
    child_of(&std::env::current_exe().expect("this program"), cache)
}

fn child_of(program: &Path, cache: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", "scratch::child_process", "--ignored", "--nocapture"]).env(CHILD, cache);
    command
}

#[test]
#[ignore = "a part of other tests, which start it as a process"]
#[allow(clippy::print_stdout)]
fn child_process() {
    let cache = std::env::var_os(CHILD).expect("only other tests start this");
    let mut scratch = open(&options(Path::new(&cache)));
    let mut made = database(&mut scratch);
    execute(&mut made, "CREATE TABLE t (id int PRIMARY KEY)");
    let pid = ask(&mut made, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
    println!("\nserver is {pid}");
    if std::env::var_os("SCRATCH_TEST_END").is_none() {
        execute(&mut made, "SELECT pg_sleep(60)");
    }
}

#[test]
fn an_unprivileged_user_needs_no_help() {
    let cache = cache();
    let mut command = child(cache.path());
    if std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0) {
        // We are root: be somebody who owns the cache, and who may not reach this program where it is.
        let nobody = 65_534;
        std::os::unix::fs::chown(cache.path(), Some(nobody), Some(nobody)).expect("chown");
        let copy = cache.path().join("program");
        std::fs::copy(std::env::current_exe().expect("this program"), &copy).expect("a copy");
        command = child_of(&copy, cache.path());
        command.uid(nobody).gid(nobody);
    }
    let output = command.env("SCRATCH_TEST_END", "1").current_dir("/").output().expect("a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(data(cache.path()).is_dir(), "it used its cache");
}

#[test]
fn a_damaged_data_directory_is_made_anew() {
    let cache = cache();
    let mut scratch = open(&options(cache.path()));
    let made = database(&mut scratch);
    scratch.save_template(made, "a").expect("a template");
    drop(scratch);
    wait_until_stopped(cache.path());
    std::fs::write(data(cache.path()).join("global/pg_control"), "damage").expect("damage");

    let mut scratch = open(&options(cache.path()));
    assert!(!scratch.has_template("a").expect("an answer"), "it was made anew");
    execute(&mut database(&mut scratch), "CREATE TABLE t ()");
}

#[test]
fn where_there_are_no_binaries_the_message_names_the_ways_out() {
    let cache = cache();
    let bin = TempDir::new_in(cache.path()).expect("a directory");
    let mut options = options(cache.path());
    options.bin_dir = Some(bin.path().to_owned());
    let message = |options| match Scratch::open(options) {
        Ok(scratch) => panic!("{} was started", scratch.server()),
        Err(error) => error.to_string(),
    };
    let text = message(&options);
    for part in ["has no program postgres", "install PostgreSQL", "PG_BIN_DIR", "--scratch URL"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    std::fs::set_permissions(bin.path(), PermissionsExt::from_mode(0o755)).expect("permissions");
    for program in ["postgres", "initdb"] {
        let path = bin.path().join(program);
        std::fs::write(&path, "#!/bin/sh\necho 'GLIBC_9.9 not found' >&2; exit 1\n").expect("a program");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("permissions");
    }
    let text = message(&options);
    assert!(text.contains("GLIBC_9.9 not found"), "{text}");
}

#[test]
fn a_named_server_is_left_as_it_was() {
    let cache = cache();
    let mut server = open(&options(cache.path()));
    let mut home = database(&mut server);
    let databases = "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'schema_scratch%'";
    let before = ask(&mut home, databases);
    let mut named = open(&ScratchOptions { url: Some(home.url()), ..ScratchOptions::default() });
    assert!(matches!(named.server().source, Source::Url(_)), "{}", named.server());
    assert_eq!(named.server().version, server.server().version);
    let mut made = database(&mut named);
    execute(&mut made, "CREATE TABLE t ()");
    named.save_template(made, "a").expect("no error");
    assert!(!named.has_template("a").expect("an answer"), "nothing is kept");
    drop(database(&mut named));
    assert_eq!(ask(&mut home, databases), before);

    execute(&mut home, "CREATE ROLE weak LOGIN");
    let url = home.url().replace("user='postgres'", "user='weak'");
    let refused = Scratch::open(&ScratchOptions { url: Some(url), ..ScratchOptions::default() });
    let text = refused.err().expect("weak may not create databases").to_string();
    assert!(text.contains("role weak may not create databases"), "{text}");
}
