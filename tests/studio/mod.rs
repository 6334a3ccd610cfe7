//! The studio's server by requests: the real program, a real database, and a client that can lie.

mod assets;
mod back;
mod browser;
mod changes;
mod client;
mod data;
mod diagram;
mod health;
mod life;
mod readonly;
mod security;
mod sql;
mod viewer;

use crate::cli::story::{Database, Story};
use client::{Answer, Ask};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A running studio with a page that has opened it.
pub(crate) struct Studio {
    child: Child,
    pub(crate) port: u16,
    pub(crate) token: String,
    /// `name=value`.
    pub(crate) cookie: String,
    /// All of stdout so far.
    pub(crate) told: String,
    pub(crate) story: Story,
}

impl Studio {
    /// On the story's database.
    pub(crate) fn start(story: Story, arguments: &str) -> Self {
        let arguments = format!("studio --no-open {arguments}");
        let mut child =
            story.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut told = String::new();
        while !told.contains("#token=") {
            assert!(lines.read_line(&mut told).unwrap() > 0, "{told}{}", rest(&mut child));
        }
        let address = told.split("http://127.0.0.1:").nth(1).unwrap();
        let (port, token) = address.trim().split_once("/#token=").unwrap();
        let port = port.parse().unwrap();
        let token = token.chars().take_while(char::is_ascii_hexdigit).collect();
        let mut studio = Self { child, port, token, cookie: String::new(), told, story };
        let answer = studio.ask("POST", "/api/session").json(&json!({"token": studio.token})).send();
        let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("{answer:?}"));
        studio.cookie = cookie.split(';').next().unwrap().to_owned();
        studio
    }

    /// A request as our own page makes it.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask {
        let host = format!("127.0.0.1:{}", self.port);
        let ask = Ask::new(self.port, method, path).header("Host", &host).header("X-Schema-Studio", "1");
        let ask = ask.header("Sec-Fetch-Site", "same-origin");
        let ask = if method == "GET" { ask } else { ask.header("Origin", &format!("http://{host}")) };
        if self.cookie.is_empty() { ask } else { ask.header("Cookie", &self.cookie) }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ask("GET", path).send().ok()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).ok()
    }

    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).json(body).send()
    }

    pub(crate) fn turn_writing(&self, on: bool) -> Answer {
        self.try_post("/api/write", &json!({ "on": on }))
    }

    /// One statement in the editor; the first result, or the error.
    pub(crate) fn run(&self, sql: &str, write: bool) -> Result<Value, Value> {
        let answer = self.try_post("/api/sql", &json!({"id": "1", "sql": sql, "limit": 100, "write": write}));
        let body = answer.body_json();
        if answer.status != 200 {
            return Err(body["error"].clone());
        }
        if body["error"].is_null() { Ok(body["results"][0].clone()) } else { Err(body["error"].clone()) }
    }

    /// Begins a statement that takes a minute, and waits until the server is at it.
    pub(crate) fn sleep(&self, id: &str, database: &mut Database) -> TcpStream {
        let wish = json!({"id": id, "sql": "select pg_sleep(60)"});
        let stream = self.ask("POST", "/api/sql").json(&wish).start();
        until(|| one::<i64>(database, SLEEPING) > 0);
        stream
    }

    pub(crate) fn audit(&self) -> String {
        std::fs::read_to_string(self.story.path().join(".schema/studio.log")).unwrap_or_default()
    }

    /// Sends a signal, and waits for the end: the exit code, and what was said on both ways.
    pub(crate) fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.ended()
    }

    pub(crate) fn ended(&mut self) -> (Option<i32>, String) {
        let mut status = None;
        until(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        (status.unwrap().code(), self.told.clone() + &rest(&mut self.child))
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rest(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut text).unwrap();
    }
    text
}

/// A database with this in it, and a studio on it in a project of its own.
pub(crate) fn studio(sql: &str, arguments: &str) -> (Studio, Database) {
    let mut database = Database::new();
    database.db.client().batch_execute(sql).unwrap_or_else(|error| panic!("{error:?}"));
    let story = Story::with(&database);
    story.write("schema.toml", "");
    (Studio::start(story, arguments), database)
}

/// How many sessions are at a statement of `sleep`.
pub(crate) const SLEEPING: &str =
    "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'";

/// Waits for this, but not for ever.
pub(crate) fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never comes");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The one value of a query.
pub(crate) fn one<T: for<'a> postgres::types::FromSql<'a>>(database: &mut Database, sql: &str) -> T {
    database.db.client().query_one(sql, &[]).unwrap().get(0)
}
