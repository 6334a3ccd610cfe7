//! A private PostgreSQL for the tests of this crate: one per test process, a database per test. It ends with the process.

use postgres::{Client, Config, NoTls};
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Server {
    directory: PathBuf,
    port: u16,
}

/// A new database, by name.
pub(crate) fn database() -> String {
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    connect("postgres").batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
    name
}

/// A session in a database.
pub(crate) fn connect(database: &str) -> Client {
    config(database).connect(NoTls).expect("a session")
}

/// The way to a database.
pub(crate) fn config(database: &str) -> Config {
    let mut config = Config::new();
    config
        .host_path(directory())
        .port(port())
        .user("postgres")
        .dbname(database)
        .application_name("schema test");
    config
}

/// Where the server's socket is, and the certificate of the authority that it has its own from: `ca.pem`.
pub(crate) fn directory() -> &'static Path {
    &SERVER.get_or_init(start).directory
}

/// The port, on the socket and on 127.0.0.1, there with TLS.
pub(crate) fn port() -> u16 {
    SERVER.get_or_init(start).port
}

fn start() -> Server {
    let bin = binaries();
    let directory = std::env::temp_dir().join(format!("schema-core-test-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let user = unprivileged();
    if let Some((uid, gid)) = user {
        chown(&directory, Some(uid), Some(gid)).expect("chown");
    }
    let files = [
        ("ca.pem", include_str!("testdata/ca.pem")),
        ("server.pem", include_str!("testdata/server.pem")),
        ("server.key", include_str!("testdata/server.key")),
    ];
    for (name, text) in files {
        let file = directory.join(name);
        std::fs::write(&file, text).expect("a file");
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("chmod");
        if let Some((uid, gid)) = user {
            chown(&file, Some(uid), Some(gid)).expect("chown");
        }
    }
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut shell = Command::new("sh");
    // The shell waits for the end of its input, which comes with the end of this process, however it ends.
    let script = "trap '' INT TERM; cd \"$2\" && \"$1/initdb\" -N -A trust -U postgres -E UTF8 --no-locale -D data >log 2>&1 \
        && { \"$1/postgres\" -D data -k \"$2\" -p \"$3\" -c listen_addresses=127.0.0.1 -c ssl=on \
        -c ssl_cert_file=\"$2/server.pem\" -c ssl_key_file=\"$2/server.key\" -c fsync=off -c max_connections=60 >>log 2>&1 & \
        read -r end; kill -INT $!; wait $!; rm -rf \"$2\"; }";
    shell.args(["-c", script, "sh"]).arg(bin).arg(&directory).arg(port.to_string());
    shell.stdin(Stdio::piped()).stdout(Stdio::null());
    if let Some((uid, gid)) = user {
        shell.uid(uid).gid(gid);
    }
    let child = shell.spawn().expect("a shell");
    std::mem::forget(child);
    let mut config = Config::new();
    config.host_path(&directory).port(port).user("postgres");
    for _ in 0..600 {
        if config.connect(NoTls).is_ok() {
            return Server { directory, port };
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the test server does not start, see {}/log", directory.display());
}

fn binaries() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop().expect("PostgreSQL binaries in /usr/lib/postgresql")
}

/// PostgreSQL does not run as root: the user postgres then.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).output().expect("id");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"])? != 0 {
        return None;
    }
    Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
}
