//! A private PostgreSQL for the tests of the reader: started by the first test, stopped after the last.

use postgres::{Client, NoTls};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

const BIN: &str = "/usr/lib/postgresql/15/bin";
static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());

struct Server {
    dir: PathBuf,
    child: Child,
}

/// A database of its own for one test.
pub(super) struct Database {
    name: String,
    server: Arc<Server>,
}

impl Database {
    pub(super) fn new(name: &str) -> Self {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let server = running.upgrade().unwrap_or_else(|| Arc::new(Server::start()));
        *running = Arc::downgrade(&server);
        let mut client = server.connect("postgres").expect("the server answers");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database can be created");
        Self { name: name.to_owned(), server }
    }

    pub(super) fn connect(&self) -> Client {
        self.server.connect(&self.name).expect("the database answers")
    }
}

impl Server {
    fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("schema-reader-{}", std::process::id()));
        let owner = owner();
        std::fs::create_dir(&dir).expect("the directory is new");
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::chown(&dir, Some(uid), Some(gid)).expect("root may give a directory away");
        }
        let data = dir.join("data");
        let initdb = command("initdb", &dir, owner)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .status();
        assert!(initdb.expect("initdb is installed").success(), "initdb failed");
        let child = command("postgres", &dir, owner)
            .args(["-F", "-c", "listen_addresses=", "-c", "wal_level=logical", "-k"])
            .arg(&dir)
            .arg("-D")
            .arg(&data)
            .spawn()
            .expect("postgres is installed");
        let server = Self { dir, child };
        for _ in 0..200 {
            if server.connect("postgres").is_ok() {
                return server;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        panic!("the server does not answer");
    }

    fn connect(&self, database: &str) -> Result<Client, postgres::Error> {
        postgres::Config::new().host_path(&self.dir).user("postgres").dbname(database).connect(NoTls)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT: at once. SIGKILL would leave the children of the postmaster behind.
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn command(program: &str, dir: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(Path::new(BIN).join(program));
    command.current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command
}

/// PostgreSQL refuses to run as root: then it is user postgres.
fn owner() -> Option<(u32, u32)> {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).output().expect("id is installed");
        String::from_utf8_lossy(&output.stdout).trim().parse().expect("id prints a number")
    };
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}
