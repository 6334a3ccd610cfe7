//! `schema migrate` when things go wrong: the real program against a real server, and afterwards the count of what is
//! there. With `SCHEMA_FAULTS=FILE` each test adds its line to a table, with `SCHEMA_FAULT_TRIES=N` it tries N times.

mod connection;
mod disk;
mod kill;
mod locks;
mod many;
mod pooling;
mod project;
mod proxy;
mod restart;
mod runners;
mod server;
mod statements;
mod tenants;

use crate::cli::story::Story;
use postgres::{Client, NoTls};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::postgres::introspect::{ReadOptions, read};
use schema_core::engine::postgres::prove::difference;
use server::Server;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Child, Output, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The server of the tests that do no harm to it.
fn shared() -> Option<&'static Mutex<Server>> {
    static SERVER: OnceLock<Option<Mutex<Server>>> = OnceLock::new();
    SERVER.get_or_init(|| Server::start("shared", &[]).map(Mutex::new)).as_ref()
}

/// A new database on the shared server; its URL.
fn database() -> Option<String> {
    Some(shared()?.lock().unwrap_or_else(PoisonError::into_inner).database())
}

fn connect(url: &str) -> Client {
    Client::connect(url, NoTls).unwrap_or_else(|error| panic!("{url}: {error:?}"))
}

fn count(url: &str, query: &str) -> i64 {
    connect(url).query_one(query, &[]).unwrap_or_else(|error| panic!("{query}: {error:?}")).get(0)
}

/// The locks of runs in this database.
const RUN_LOCKS: &str = "select count(*) from pg_locks where locktype = 'advisory' \
    and database = (select oid from pg_database where datname = current_database())";

/// How often a fault is tried: few times by default.
fn tries(default: usize) -> usize {
    std::env::var("SCHEMA_FAULT_TRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A line of the table.
fn told(fault: &str, tried: usize, what: &str, lost: &str) {
    let Ok(path) = std::env::var("SCHEMA_FAULTS") else { return };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(format!("| {fault} | {tried} | {what} | {lost} |\n").as_bytes()).unwrap();
}

/// The line for a fault that cannot be made here.
fn skipped(fault: &str, why: &str) {
    told(fault, 0, &format!("skipped: {why}"), "-");
    std::io::stderr().write_all(format!("SKIPPED: {fault}: {why}\n").as_bytes()).unwrap();
}

/// Many sections of all kinds. Each says in `log` that it has run, once.
const HARD: [(&str, &str); 5] = [
    (
        "20260101000000_log",
        "create table log (n int not null);\ncreate table a (id int primary key, x int, y text);\n\
         insert into a select n, n % 7, 'row ' || n from generate_series(1, 3000) n;\ninsert into log values (1);\n",
    ),
    (
        "20260102000000_index",
        "insert into log values (2);\n-- schema:section no-transaction\ncreate index concurrently a_x_idx on a (x);\n\
         -- schema:section\nalter table a add column z int;\ninsert into log values (3);\n\
         -- schema:section no-transaction\ncreate unique index concurrently a_y_idx on a (y);\n\
         -- schema:section no-transaction\nvacuum a;\n",
    ),
    (
        "20260103000000_fill",
        "update a set z = id * 2;\ninsert into log values (4);\n-- schema:section\n\
         create type mood as enum ('good', 'bad');\nalter table a add column m mood not null default 'good';\n\
         insert into log values (5);\n-- schema:section no-transaction\nalter type mood add value if not exists 'odd';\n\
         -- schema:section\ninsert into log values (6);\n",
    ),
    (
        "20260104000000_swap",
        "-- schema:section no-transaction\ncreate index concurrently a_z_idx on a (z) where x > 2;\n\
         -- schema:section no-transaction\ndrop index concurrently if exists a_x_idx;\n\
         -- schema:section\nalter table a add constraint a_z_check check (z > 0) not valid;\ninsert into log values (7);\n\
         -- schema:section\nalter table a validate constraint a_z_check;\ninsert into log values (8);\n",
    ),
    (
        "20260105000000_last",
        "create table b (id int primary key references a, n bigint);\ninsert into b select id, z from a;\n\
         insert into log values (9);\n-- schema:section no-transaction\nanalyze b;\n",
    ),
];

/// How many times something runs in [`HARD`], in order.
const LOGGED: &str = "1,2,3,4,5,6,7,8,9";

fn hard(url: &str) -> Story {
    story(url, &HARD)
}

/// A directory with these migrations, whose `.env` leads to the database.
fn story(url: &str, migrations: &[(&str, &str)]) -> Story {
    let story = Story::new();
    story.write(".env", &format!("DATABASE_URL=\"{url}\"\n"));
    for (id, up) in migrations {
        story.write(&format!("migrations/{id}/up.sql"), up);
    }
    story
}

/// What a database is after all of [`HARD`]: to be compared with what it is after a fault.
fn state(url: &str) -> (String, Catalog) {
    let mut client = connect(url);
    let rows = "select coalesce(string_agg(n::text, ',' order by n), '') from log";
    let mut rows: String = client.query_one(rows, &[]).unwrap().get(0);
    let others = "select (select count(*) from a)::text || ' ' || (select sum(z) from a) || ' ' || (select sum(n) from b) \
                  || ' ' || (select count(*) from pg_index where not indisvalid)";
    write!(rows, " {}", client.query_one(others, &[]).unwrap().get::<_, String>(0)).unwrap();
    (rows, read(&mut client, &ReadOptions::default()).unwrap())
}

/// The state that a run without any fault leaves.
fn expected() -> Option<&'static (String, Catalog)> {
    static EXPECTED: OnceLock<Option<(String, Catalog)>> = OnceLock::new();
    EXPECTED
        .get_or_init(|| {
            let url = database()?;
            succeeds(&hard(&url), "migrate");
            Some(state(&url))
        })
        .as_ref()
}

/// Fails where a database is not as after a run without faults: all rows, each once, and the same Catalog.
fn is_whole(url: &str) {
    let (rows, catalog) = state(url);
    let (expected_rows, expected_catalog) = expected().unwrap();
    assert!(rows.starts_with(&format!("{LOGGED} ")), "{rows}");
    assert_eq!(&rows, expected_rows);
    assert_eq!(difference(expected_catalog, &catalog), Vec::<String>::new());
}

fn start(story: &Story, line: &str) -> Child {
    story.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the program said; it must have succeeded.
fn succeeds(story: &Story, line: &str) -> String {
    let output = story.run(line);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    text(&output)
}

/// What the program said; it must have ended with this code.
fn ends(story: &Story, line: &str, code: i32) -> String {
    let output = story.run(line);
    assert_eq!(output.status.code(), Some(code), "{}", text(&output));
    text(&output)
}

/// A database as a URL of one line, for lists.
fn as_url(conninfo: &str) -> String {
    let config: postgres::Config = conninfo.parse().unwrap();
    let postgres::config::Host::Unix(path) = &config.get_hosts()[0] else { panic!("no socket") };
    format!("postgres://postgres@/{}?host={}&port=5432", config.get_dbname().unwrap(), path.display())
}

/// Waits for something that happens elsewhere.
fn wait_for(what: &str, mut happened: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if happened() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("waited in vain: {what}");
}
