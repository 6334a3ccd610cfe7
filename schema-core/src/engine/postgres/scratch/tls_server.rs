//! A server with TLS on 127.0.0.1, for the tests of the connection: what no scratch has. Started as a scratch is.

use super::keeper::Keeper;
use super::place::cache_dir;
use super::pool::Slot;
use super::server::{initdb, program, ready};
use super::user::RunAs;
use super::{ScratchOptions, find};
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Everybody is trusted, but for the role `guarded`: it needs TLS and its password.
const ACCESS: &str =
    "hostssl all guarded all scram-sha-256\nhost all guarded all reject\nhost all all all trust\n";

const FILES: [(&str, &str); 4] = [
    ("pg_hba.conf", ACCESS),
    ("ca.pem", include_str!("../testdata/ca.pem")),
    ("server.pem", include_str!("../testdata/server.pem")),
    ("server.key", include_str!("../testdata/server.key")),
];

/// Stops when dropped.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    /// Where the programs of its PostgreSQL are.
    pub(crate) programs: PathBuf,
    _keeper: Keeper,
    slot: Slot,
    _directory: TempDir,
}

impl TlsServer {
    pub(crate) fn start() -> Self {
        let directory = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .expect("a directory");
        let options = ScratchOptions::default();
        let user = RunAs::choose();
        let binaries = find::binaries(&options, &cache_dir(&options), &user).expect("a PostgreSQL");
        let slot = Slot::claim(directory.path(), "tls").expect("a slot");
        initdb(&binaries, &user, &slot).expect("a cluster");
        for (name, text) in FILES {
            let file = slot.data().join(name);
            fs::write(&file, text).expect("a file");
            fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("permissions");
            user.give(&file).expect("its owner");
        }
        // Another process may take the port in between; then the server ends at once, and the test says so.
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut command = program(&binaries, &user, "postgres");
        command.arg("-D").arg(slot.data()).args(["-k", "", "-p", &port.to_string(), "-F"]);
        for setting in
            ["listen_addresses=127.0.0.1", "ssl=on", "ssl_cert_file=server.pem", "ssl_key_file=server.key"]
        {
            command.args(["-c", setting]);
        }
        command.stderr(fs::File::create(slot.log()).expect("a log"));
        let keeper = Keeper::spawn(command).expect("a server");
        let begun = Instant::now();
        while !ready(&slot.data()) {
            let log = || fs::read_to_string(slot.log()).unwrap_or_default();
            assert_eq!(keeper.ended(), None, "{}", log());
            assert!(begun.elapsed() < Duration::from_secs(60), "{}", log());
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { port, programs: binaries.dir, _keeper: keeper, slot, _directory: directory }
    }

    /// The certificate of its authority, `ca.pem`, or its own, `server.pem`.
    pub(crate) fn certificate(&self, name: &str) -> PathBuf {
        self.slot.data().join(name)
    }
}
