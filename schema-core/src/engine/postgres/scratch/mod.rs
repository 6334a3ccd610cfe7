//! Throwaway PostgreSQL databases: on a server that the user names, else on one that is started here from binaries of
//! the machine or from those that come with the program. Not the live database, and no SQL of the user's.
//!
//! A started server is private (a unix socket in a directory of its own), forgets nothing only as long as the operating
//! system runs (fsync is off), and lies in a pool of data directories that are reused. Unix only.

mod database;
mod embedded;
mod find;
mod info;
mod janitor;
mod keeper;
mod place;
mod pool;
mod probe;
mod server;
mod template;
#[cfg(all(test, feature = "tls"))]
pub(crate) mod tls_server;
mod url;
mod user;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use postgres::{Client, Config, NoTls};
use sha2::{Digest, Sha256};

use super::super::error::Error;
use super::super::hex::hex;
use super::connect::Target;
use database::{drop_database, failed, lock, quote};
use find::Binaries;
use janitor::Janitor;
use pool::Slot;
use server::Server;
use user::RunAs;

pub use database::ScratchDb;
pub use info::{ServerInfo, Source};
pub use place::cache_dir;

/// Where scratch databases come from.
#[derive(Debug, Clone, Default)]
pub struct ScratchOptions {
    /// A server where databases may be created: a URL or key=value text, PG* variables of the environment fill what it
    /// leaves open. Nothing is started then.
    pub url: Option<String>,
    /// The major to prefer, that of the live database.
    pub major: Option<u16>,
    /// Where the programs postgres and initdb are; else `$PG_BIN_DIR`, else they are searched for.
    pub bin_dir: Option<PathBuf>,
    /// Where to keep what is reused. By default `/var/cache/schema` for root, else `$XDG_CACHE_HOME/schema` or
    /// `~/.cache/schema` (macOS: `~/Library/Caches/schema`). Clusters lie in memory (`/dev/shm`, `$XDG_RUNTIME_DIR`)
    /// if that has room and this is not set.
    pub cache_dir: Option<PathBuf>,
}

/// A PostgreSQL that scratch databases are created on. One that was started here is stopped when this value and its
/// databases are gone.
pub struct Scratch {
    info: ServerInfo,
    cache: PathBuf,
    inner: Arc<Mutex<Inner>>,
}

/// What a scratch shares with its databases. The order matters: sessions close before the server stops, and it is told
/// to stop before its directory is released.
struct Inner {
    admin: Client,
    /// The server; its databases are reached in the same way.
    target: Target,
    /// How many databases are in use.
    live: u32,
    /// How many there were.
    count: u32,
    home: Home,
}

enum Home {
    Pool { janitor: Janitor, _server: Server, slot: Slot },
    Named,
}

/// What would be used, without starting anything: part of the key of whatever is kept from a scratch. With a URL it
/// connects, else it is answered from the cache as long as the binaries are the same.
pub fn probe(options: &ScratchOptions) -> Result<ServerInfo, Error> {
    if let Some(url) = &options.url {
        return Ok(url::connect(&url::target(url)?)?.1);
    }
    let binaries = find::binaries(options, &place::cache_dir(options), &RunAs::choose())?;
    Ok(binaries.info)
}

impl Scratch {
    /// Connects to the server that the options name, or starts one.
    pub fn open(options: &ScratchOptions) -> Result<Self, Error> {
        let cache = place::cache_dir(options);
        if let Some(url) = &options.url {
            let target = url::target(url)?;
            let (mut admin, info) = url::connect(&target)?;
            url::check_right(&mut admin, &target)?;
            url::drop_left_overs(&mut admin);
            return Ok(Self::new(info, cache, admin, target, Home::Named));
        }
        let user = RunAs::choose();
        let binaries = find::binaries(options, &cache, &user)?;
        let clusters = place::clusters(options, &cache, &user)?;
        let slot = Slot::claim(&clusters, &key(&binaries, &user))?;
        let (server, mut admin, config) = start(&binaries, &user, &slot)?;
        let left_overs = template::left_overs(&mut admin)
            .map_err(|error| failed("cannot look at the scratch server", &error))?;
        // Nobody waits for the removal of what is too old.
        std::thread::spawn(move || pool::bound(&clusters));
        let janitor = Janitor::start(&config, binaries.info.major, slot.template_bytes());
        for name in left_overs {
            janitor.drop_database(name);
        }
        janitor.bound_templates();
        let home = Home::Pool { janitor, _server: server, slot };
        Ok(Self::new(binaries.info, cache, admin, Target::local(config), home))
    }

    fn new(info: ServerInfo, cache: PathBuf, admin: Client, target: Target, home: Home) -> Self {
        let inner = Inner { admin, target, live: 0, count: 0, home };
        Self { info, cache, inner: Arc::new(Mutex::new(inner)) }
    }

    /// Which PostgreSQL this is.
    pub fn server(&self) -> &ServerInfo {
        &self.info
    }

    /// Where other things that are reused may be kept. It need not exist yet.
    pub fn cache_dir(&self) -> &Path {
        &self.cache
    }

    /// A new, empty database.
    pub fn database(&mut self) -> Result<ScratchDb, Error> {
        let mut inner = lock(&self.inner);
        let name = inner.next_name()?;
        inner
            .create(&name, self.info.major)
            .map_err(|error| failed("cannot create a scratch database", &error))?;
        let server = inner.target.clone();
        drop(inner);
        ScratchDb::connect(&self.inner, name, &server)
    }

    /// Whether templates are kept at all: not on a server that the user named.
    pub fn keeps_templates(&self) -> bool {
        match lock(&self.inner).home {
            Home::Named => false,
            Home::Pool { .. } => true,
        }
    }

    /// Whether there is a template of this key. On a server that the user named nothing is kept.
    pub fn has_template(&mut self, key: &str) -> Result<bool, Error> {
        let mut inner = lock(&self.inner);
        match inner.home {
            Home::Named => Ok(false),
            Home::Pool { .. } => template::exists(&mut inner.admin, &template::name(key))
                .map_err(|error| failed("cannot look for a template", &error)),
        }
    }

    /// A new database, a copy of the template of this key, if there is one.
    pub fn from_template(&mut self, key: &str) -> Result<Option<ScratchDb>, Error> {
        if !self.has_template(key)? {
            return Ok(None);
        }
        let template = template::name(key);
        let mut inner = lock(&self.inner);
        let name = inner.next_name()?;
        if template::copy(&mut inner.admin, &template, &name, self.info.major).is_err() {
            // A template that cannot be copied is of no use; the caller makes it anew.
            drop_database(&mut inner.admin, &template, true)
                .map_err(|error| failed("cannot drop a damaged template", &error))?;
            return Ok(None);
        }
        let server = inner.target.clone();
        drop(inner);
        ScratchDb::connect(&self.inner, name, &server).map(Some)
    }

    /// Makes the database the template of this key. Nothing is kept on a server that the user named, nor of SQL that
    /// made roles, tablespaces or subscriptions: they are not part of a database, and a copy would lack them.
    pub fn save_template(&mut self, mut database: ScratchDb, key: &str) -> Result<(), Error> {
        let failed = |error| failed("cannot keep a scratch database as a template", &error);
        if database.has_subscriptions().map_err(failed)? {
            return Ok(());
        }
        let name = database.into_name();
        let mut inner = lock(&self.inner);
        let Inner { admin, home, .. } = &mut *inner;
        match home {
            Home::Pool { janitor, .. } => {
                if template::has_strays(admin).map_err(failed)? {
                    janitor.drop_database(name);
                    return Ok(());
                }
                let template = template::name(key);
                if template::exists(admin, &template).map_err(failed)? {
                    let old = format!("{name}_old");
                    template::rename(admin, &template, &old).map_err(failed)?;
                    janitor.drop_database(old);
                }
                template::keep(admin, &name, &template).map_err(failed)?;
                janitor.bound_templates();
                Ok(())
            }
            Home::Named => drop_database(admin, &name, true).map_err(failed),
        }
    }
}

impl Inner {
    /// The name of the next database. Roles and the like that earlier databases left are dropped while none is in use.
    fn next_name(&mut self) -> Result<String, Error> {
        self.count += 1;
        if let Home::Pool { janitor, .. } = &self.home
            && self.live == 0
        {
            let failed = |error| failed("cannot tidy the scratch server", &error);
            if template::has_strays(&mut self.admin).map_err(failed)? {
                // What a database still needs cannot be dropped.
                janitor.wait();
                template::drop_strays(&mut self.admin).map_err(failed)?;
            }
        }
        Ok(url::database_name(self.count))
    }

    /// Creates an empty database.
    fn create(&mut self, name: &str, major: u16) -> Result<(), postgres::Error> {
        match &self.home {
            Home::Pool { janitor, .. } => {
                if !template::take_spare(&mut self.admin, name)? {
                    template::create_empty(&mut self.admin, name, major)?;
                }
                janitor.make_spare();
                Ok(())
            }
            // C is the one locale that goes with UTF8 on every server.
            Home::Named => self.admin.batch_execute(&format!(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
                quote(name)
            )),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Home::Pool { janitor, slot, .. } = &self.home {
            // Only the bounding of the pool needs the number.
            let _ = slot.trust(janitor.template_bytes());
        }
    }
}

/// Starts the server of a claimed directory. A directory that does not start is discarded and made anew, once.
fn start(binaries: &Binaries, user: &RunAs, slot: &Slot) -> Result<(Server, Client, Config), Error> {
    keeper::stop_stale(&slot.data());
    if slot.trusted() {
        if let Ok(started) = start_existing(binaries, user, slot) {
            slot.touch()?;
            return Ok(started);
        }
        keeper::stop_stale(&slot.data());
    }
    slot.discard()?;
    server::initdb(binaries, user, slot)?;
    let started = start_existing(binaries, user, slot).map_err(|error| {
        error
            .next("set PG_BIN_DIR to the programs of another PostgreSQL, or name a server with --scratch URL")
    })?;
    slot.trust(0)?;
    Ok(started)
}

fn start_existing(binaries: &Binaries, user: &RunAs, slot: &Slot) -> Result<(Server, Client, Config), Error> {
    let server = server::start(binaries, user, slot)?;
    let mut config = Config::new();
    config
        .host_path(&server.socket)
        .port(server::PORT)
        .user(server::SUPERUSER)
        .dbname("postgres")
        .application_name("schema scratch");
    let doing = format!("cannot use the scratch server {}", binaries.info);
    let admin = config.connect(NoTls).map_err(|error| failed(&doing, &error))?;
    Ok((server, admin, config))
}

/// Which clusters may be shared: those of the same binaries, made in the same way, run by the same user.
fn key(binaries: &Binaries, user: &RunAs) -> String {
    let text = format!(
        "{} {} {} {}",
        binaries.dir.display(),
        binaries.info.version,
        server::initdb_options(),
        user.uid()
    );
    format!("{}-{}", binaries.info.major, &digest(&text)[..8])
}

/// A short name for a text.
fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_server_that_outlived_its_run_is_stopped_by_the_next() {
        let cache = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a directory");
        let options =
            ScratchOptions { cache_dir: Some(cache.path().to_owned()), ..ScratchOptions::default() };
        let user = RunAs::choose();
        let binaries = find::binaries(&options, cache.path(), &user).expect("a PostgreSQL");
        let clusters = place::clusters(&options, cache.path(), &user).expect("a place");
        let slot = Slot::claim(&clusters, &key(&binaries, &user)).expect("a slot");
        let (server, admin, _) = start(&binaries, &user, &slot).expect("a server");
        let pid = |slot: &Slot| {
            let file = std::fs::read_to_string(slot.data().join("postmaster.pid")).expect("a pid file");
            file.lines().next().map(str::to_owned)
        };
        let first = pid(&slot);
        // As where no signal tells it of our death: nobody stops it, and it has a session.
        std::mem::forget((server, admin));
        let dir = slot.dir.clone();
        drop(slot);

        // Other tests start programs: until such a child is what it will be, it holds our lock too.
        let slot = (0..500)
            .map(|_| Slot::claim(&clusters, &key(&binaries, &user)).expect("a slot"))
            .find(|slot| {
                std::thread::sleep(Duration::from_millis(2));
                slot.dir == dir
            })
            .expect("the same slot again");
        let (_server, mut admin, _) = start(&binaries, &user, &slot).expect("a server again");
        assert_ne!(pid(&slot), first);
        admin.batch_execute("SELECT 1").expect("it answers");
    }
}
