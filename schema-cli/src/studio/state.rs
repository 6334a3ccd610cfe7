//! What a running studio knows: its database, its sessions, its switch.

use super::failure::Failure;
use super::journal::Journal;
use super::pool::{Kind, Pool};
use super::session::{Sessions, lock};
use super::viewer::Viewer;
use crate::args::Global;
use crate::report::Report;
use crate::settings::Settings;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::error::Location;
use schema_core::engine::id::ObjectId;
use schema_core::engine::postgres::connect::Target;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_postgres::CancelToken;

/// Every handler gets it.
pub(super) type Shared = Arc<Studio>;

/// A running studio.
pub(super) struct Studio {
    pub(super) target: Target,
    pub(super) project: Project,
    pub(super) port: u16,
    pub(super) sessions: Sessions,
    pub(super) permissions: Permissions,
    pub(super) writing: AtomicBool,
    /// Whose rows are seen, if not one's own.
    pub(super) viewer: Mutex<Option<Arc<Viewer>>>,
    pub(super) reader: Arc<Pool>,
    pub(super) writer: Arc<Pool>,
    pub(super) journal: Journal,
    /// Statements that can be cancelled, by the page's name for them.
    pub(super) running: Mutex<HashMap<String, CancelToken>>,
    /// Where the code declares what, once it was built.
    pub(super) origins: Mutex<Option<Arc<BTreeMap<ObjectId, Location>>>>,
    /// The Catalog of the database, for definitions.
    pub(super) live: tokio::sync::Mutex<Option<(Instant, Arc<Catalog>)>>,
    touched: Mutex<Instant>,
}

/// The directory with schema.toml, and what else commands are called with.
pub(crate) struct Project {
    pub(crate) settings: Settings,
    pub(crate) global: Global,
    pub(crate) report: Report,
    pub(crate) root: Option<PathBuf>,
}

/// What the command line and the database's place allow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permissions {
    /// The server is this machine.
    pub(super) local: bool,
    /// Something says that it is not to be played with.
    pub(super) production: bool,
    /// The switch can be turned on.
    pub(super) write: bool,
    pub(super) ddl: bool,
}

impl Studio {
    pub(super) fn new(
        target: Target,
        project: Project,
        permissions: Permissions,
        journal: Journal,
        port: u16,
    ) -> Result<Self, Failure> {
        Ok(Self {
            sessions: Sessions::new(port)?,
            reader: Pool::new(target.clone(), Kind::Reader),
            writer: Pool::new(target.clone(), Kind::Writer),
            target,
            project,
            port,
            permissions,
            writing: AtomicBool::new(false),
            viewer: Mutex::default(),
            journal,
            running: Mutex::default(),
            origins: Mutex::default(),
            live: tokio::sync::Mutex::default(),
            touched: Mutex::new(Instant::now()),
        })
    }

    /// Who looks at rows, if that is not who we are.
    pub(super) fn viewer(&self) -> Option<Arc<Viewer>> {
        lock(&self.viewer).clone()
    }

    /// Refused while one looks as another role.
    pub(super) fn must_be_oneself(&self) -> Result<(), Failure> {
        let Some(viewer) = self.viewer() else { return Ok(()) };
        Err(Failure::forbidden(format!("you look as {}, and that is only to look", viewer.role))
            .next("be yourself again to write"))
    }

    /// Refused unless the switch is on.
    pub(super) fn must_write(&self) -> Result<(), Failure> {
        self.must_be_oneself()?;
        if self.writing.load(Ordering::Relaxed) && self.permissions.write {
            return Ok(());
        }
        Err(Failure::forbidden("writing is off").next(self.how_to_write()))
    }

    /// What it takes to turn writing on.
    pub(super) fn how_to_write(&self) -> &'static str {
        if self.permissions.write {
            "turn the switch in the page's header on"
        } else if self.permissions.production {
            "this looks like production: start again with --write --allow-production if you mean it"
        } else {
            "the database is not on this machine: start again with --write"
        }
    }

    /// Somebody is there.
    pub(super) fn touch(&self) {
        *lock(&self.touched) = Instant::now();
    }

    /// How long nobody has asked anything.
    pub(super) fn idle(&self) -> Duration {
        lock(&self.touched).elapsed()
    }
}
