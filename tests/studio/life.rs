//! The database going away and coming back; the end of the studio; the page's own project.

use super::{SLEEPING, Story, Studio, one, studio, until};
use serde_json::json;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A way to the database's socket that can be cut.
pub(super) struct Way {
    pub(super) port: u16,
    pub(super) open: Arc<AtomicBool>,
}

impl Way {
    pub(super) fn to(socket: std::path::PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Arc::new(AtomicBool::new(true));
        let way = Self { port, open: Arc::clone(&open) };
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = std::os::unix::net::UnixStream::connect(&socket).unwrap();
                if open.load(Ordering::Relaxed) {
                    carry(client, server, Arc::clone(&open));
                }
            }
        });
        way
    }
}

/// Both ways, until it is cut.
fn carry(client: TcpStream, server: std::os::unix::net::UnixStream, open: Arc<AtomicBool>) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
    let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
    std::thread::spawn(move || {
        while open.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(10));
        }
        // They may be closed already.
        let _ = client.shutdown(std::net::Shutdown::Both);
        let _ = server.shutdown(std::net::Shutdown::Both);
    });
}

pub(super) fn setting(url: &str, key: &str) -> String {
    let word = url.split(' ').find_map(|word| word.strip_prefix(&format!("{key}='"))).unwrap();
    word.trim_end_matches('\'').to_owned()
}

#[test]
fn the_database_goes_away_and_comes_back() {
    let (first, database) = studio("create table t (id int primary key); insert into t values (1)", "");
    drop(first);
    let url = database.db.url();
    let (host, port) = (setting(&url, "host"), setting(&url, "port"));
    let way = Way::to(format!("{host}/.s.PGSQL.{port}").into());
    let story = Story::new();
    story.write("schema.toml", "");
    let target = format!(
        "postgres://{}@127.0.0.1:{}/{}?sslmode=disable",
        setting(&url, "user"),
        way.port,
        setting(&url, "dbname")
    );
    let studio = Studio::start(story, &format!("--database-url {target}"));
    let page = json!({"schema": "public", "name": "t"});
    assert_eq!(studio.post("/api/rows", &page)["rows"], json!([["1"]]));
    // Cut in the middle of a statement, too.
    let slow =
        studio.ask("POST", "/api/sql").json(&json!({"id": "slow", "sql": "select pg_sleep(60)"})).start();
    std::thread::sleep(Duration::from_millis(300));
    way.open.store(false, Ordering::Relaxed);
    let answer = super::Answer::read(&slow);
    assert_eq!(answer.status, 502, "{answer:?}");
    for _ in 0..3 {
        let answer = studio.try_post("/api/rows", &page);
        assert_eq!(answer.status, 502, "{answer:?}");
        assert!(!answer.message().is_empty());
        assert_eq!(studio.ask("GET", "/api/info").send().status, 502);
    }
    // The page itself does not need it.
    assert_eq!(studio.ask("GET", "/").send().status, 200);
    way.open.store(true, Ordering::Relaxed);
    assert_eq!(studio.post("/api/rows", &page)["rows"], json!([["1"]]));
    assert_eq!(studio.get("/api/info")["database"], setting(&url, "dbname").as_str());
}

#[test]
fn sessions_that_the_server_ends_are_replaced() {
    let (studio, mut database) = studio("create table t (id int primary key); insert into t values (1)", "");
    let page = json!({"schema": "public", "name": "t"});
    for _ in 0..3 {
        assert_eq!(studio.post("/api/rows", &page)["rows"], json!([["1"]]));
        let ended = "select count(pg_terminate_backend(pid)) from pg_stat_activity
            where application_name = 'schema studio' and datname = current_database()";
        assert!(one::<i64>(&mut database, ended) > 0);
    }
    assert_eq!(studio.post("/api/rows", &page)["rows"], json!([["1"]]));
}

#[test]
fn it_ends_well() {
    for signal in ["-INT", "-TERM"] {
        let (studio, mut database) = studio("", "");
        let slow = studio.sleep("slow", &mut database);
        let begun = Instant::now();
        let (code, told) = studio.end(signal);
        assert_eq!(code, Some(0), "{told}");
        assert!(begun.elapsed() < Duration::from_secs(10));
        drop(slow);
        // Nothing is left running on the server.
        until(|| one::<i64>(&mut database, SLEEPING) == 0);
    }
}

#[test]
fn it_ends_when_nobody_is_there() {
    let story = Story::new();
    let mut studio = Studio::start(story, "--idle 900ms --database-url postgres://me@127.0.0.1:1/x");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1500) {
        studio.ask("GET", "/api/queries").send().ok();
        std::thread::sleep(Duration::from_millis(100));
    }
    // What is refused is nobody.
    let (code, told) = studio.ended();
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("nobody has asked anything"), "{told}");
}

#[test]
fn json_for_programs_and_a_port_that_is_taken() {
    let story = Story::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output =
        story.run(&format!("studio --no-open --port {port} --database-url postgres://x@127.0.0.1:1/x"));
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("choose another with --port"), "{told}");
    let studio = Studio::start(story, "--format json --database-url postgres://me:hunter2@127.0.0.1:1/x");
    assert!(studio.told.contains("\"address\": \"http://127.0.0.1:"), "{}", studio.told);
    assert!(!studio.told.contains("hunter2"));
}

#[test]
fn changes_of_a_project() {
    let database = crate::cli::story::Database::new();
    let mut story = Story::project("studio_changes");
    story.write(
        "src/lib.rs",
        "#[derive(schema_core::Table)]\n#[table(name = \"users\")]\npub struct User {\n    #[column(primary_key)]\n    pub id: i64,\n    pub email: String,\n}\n",
    );
    story.write("schema.toml", "");
    story.use_database(&database);
    let generated = story.run("generate --name init");
    assert!(generated.status.success(), "{generated:?}");
    assert!(story.run("migrate").status.success());
    story.write(
        "src/lib.rs",
        "#[derive(schema_core::Table)]\n#[table(name = \"users\")]\npub struct User {\n    #[column(primary_key)]\n    pub id: i64,\n    pub email: String,\n    pub age: Option<i32>,\n}\n",
    );
    let studio = Studio::start(story, "");
    let mut client = database_client(&database);
    client.batch_execute("alter table users add nickname text; create table by_hand (id int)").unwrap();
    let names = |studio: &Studio| {
        let tables = studio.get("/api/tables");
        let mut names: Vec<(String, bool)> = tables["relations"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["schema"] == "public")
            .map(|one| (one["name"].as_str().unwrap().to_owned(), one["declared"].as_bool().unwrap()))
            .collect();
        names.sort();
        names
    };
    let expected = [("by_hand".to_owned(), false), ("users".to_owned(), true)];
    assert_eq!(names(&studio), expected);
    let changes = studio.get("/api/changes");
    let declared = &changes["declared"];
    assert_eq!(
        (&declared["available"], &declared["against"]),
        (&json!(true), &json!("migrations")),
        "{changes}"
    );
    assert_eq!(declared["changes"][0]["object"], "column users.age");
    assert_eq!(declared["changes"][0]["at"], "src/lib.rs:7");
    assert!(declared["sql"].as_str().unwrap().contains("ADD COLUMN age integer"), "{declared}");
    let drift = &changes["drift"];
    assert!(drift["sql"].as_str().unwrap().contains("ADD COLUMN nickname text"), "{drift}");
    assert!(drift["back_sql"].as_str().unwrap().contains("DROP TABLE public.by_hand"), "{drift}");
    assert_eq!((&changes["pending"], &changes["timeline"][0]["state"]), (&json!([]), &json!("applied")));
    assert!(changes["timeline"][0]["up"].as_str().unwrap().contains("CREATE TABLE"));
    // From now on it is known where the code says what.
    assert_eq!(names(&studio), expected);
    let table = studio.get("/api/table?schema=public&name=users");
    assert_eq!(table["columns"][1]["declared_at"], "src/lib.rs:6");
    assert_eq!(table["declared_at"], "src/lib.rs:3");
    // It has run no DDL.
    let columns = client.query_one(
        "select count(*) from pg_attribute where attrelid = 'users'::regclass and attnum > 0",
        &[],
    );
    assert_eq!(columns.unwrap().get::<_, i64>(0), 3);
}

fn database_client(database: &crate::cli::story::Database) -> postgres::Client {
    let config: postgres::Config = database.db.url().parse().unwrap();
    config.connect(postgres::NoTls).unwrap()
}
