//! A scratch database for each test of this crate, on a server of its own.

use super::scratch::{Scratch, ScratchDb, ScratchOptions};
use postgres::{Client, Config, NoTls};
use std::sync::Mutex;

/// A new database. Roles and settings of its server are met by no other test.
pub(crate) struct Database {
    name: String,
    target: String,
    /// Locked by nobody: it makes sessions open to several threads.
    _alive: Mutex<(ScratchDb, Scratch)>,
}

/// A new database.
pub(crate) fn database() -> Database {
    let mut scratch = Scratch::open(&ScratchOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let db = scratch.database().unwrap_or_else(|error| panic!("{error}"));
    Database { name: db.name().to_owned(), target: db.url(), _alive: Mutex::new((db, scratch)) }
}

impl Database {
    /// Another session.
    pub(crate) fn connect(&self) -> Client {
        self.config().connect(NoTls).expect("a session")
    }

    /// The way to it.
    pub(crate) fn config(&self) -> Config {
        let mut config: Config = self.target().parse().expect("scratch writes what the driver reads");
        config.application_name("schema test");
        config
    }

    /// The way to it, as text: a unix socket, no password.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
