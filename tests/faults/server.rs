//! A PostgreSQL of a test's own, that it may stop, crash and starve: the programs that scratch finds, in a directory that
//! goes with the value.

use crate::support;
use postgres::{Client, NoTls};
use schema_core::engine::postgres::scratch::Source;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

/// A server. It is stopped when the value goes.
pub(crate) struct Server {
    bin: PathBuf,
    user: Option<(u32, u32)>,
    home: tempfile::TempDir,
    /// Where the cluster lies.
    pub(crate) data: PathBuf,
    settings: Vec<String>,
    process: Option<Child>,
    databases: usize,
    /// After the directory, see [`reaper`].
    _reaper: ChildStdin,
}

impl Server {
    /// Makes a cluster and starts it; none where PostgreSQL's programs are only inside of ours.
    pub(crate) fn start(name: &str, settings: &[&str]) -> Option<Self> {
        Self::start_in(name, None, settings)
    }

    /// The same with the cluster in a directory that exists, and may be small.
    pub(crate) fn start_in(name: &str, data: Option<&Path>, settings: &[&str]) -> Option<Self> {
        let mut server = Self::prepared(name, data, settings)?;
        let locale = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"];
        let mut initdb = server.program("initdb");
        initdb.args(locale).args(["--wal-segsize=1", "-D"]).arg(&server.data);
        let output = initdb.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        server.up();
        Some(server)
    }

    /// A hot standby of a server, which is stopped while it is copied: not every PostgreSQL comes with pg_basebackup.
    pub(crate) fn standby_of(primary: &mut Self) -> Option<Self> {
        let mut server = Self::prepared("standby", None, &[])?;
        primary.down("-INT");
        std::fs::remove_dir(&server.data).unwrap();
        let copied = Command::new("cp").arg("-a").arg(&primary.data).arg(&server.data).status().unwrap();
        assert!(copied.success());
        let signal = server.data.join("standby.signal");
        std::fs::write(&signal, "").unwrap();
        server.give(&signal);
        server.settings.push(format!("primary_conninfo={}", primary.url("postgres")));
        primary.up();
        server.up();
        Some(server)
    }

    fn prepared(name: &str, data: Option<&Path>, settings: &[&str]) -> Option<Self> {
        let Source::Found(bin) = support::scratch().server().source.clone() else { return None };
        let home = tempfile::Builder::new().prefix(&format!("faults-{name}-")).tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let user = unprivileged(home.path());
        let data = data.map_or_else(|| home.path().join("data"), Path::to_owned);
        if !data.exists() {
            std::fs::create_dir(&data).unwrap();
        }
        for path in [home.path(), &data] {
            if let Some((uid, gid)) = user {
                chown(path, Some(uid), Some(gid)).unwrap();
            }
        }
        std::fs::set_permissions(&data, PermissionsExt::from_mode(0o700)).unwrap();
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let reaper = reaper(home.path(), &data);
        Some(Self { bin, user, home, data, settings, process: None, databases: 0, _reaper: reaper })
    }

    /// A program of PostgreSQL's, or another by its path, as whom the server runs.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin");
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Starts the server and waits until it takes sessions. After a crash that may need some attempts: what is left of the
    /// one before holds its memory for a moment.
    pub(crate) fn up(&mut self) {
        self.process = Some(self.spawn());
        super::wait_for("the server starts", || {
            if self.has_ended() {
                std::thread::sleep(Duration::from_millis(200));
                self.process = Some(self.spawn());
            }
            Client::connect(&self.url("postgres"), NoTls).is_ok()
        });
    }

    fn spawn(&self) -> Child {
        let log =
            std::fs::File::options().append(true).create(true).open(self.home.path().join("log")).unwrap();
        let mut command = self.program("postgres");
        command.arg("-D").arg(&self.data).arg("-k").arg(self.home.path());
        let fixed = ["listen_addresses=", "fsync=off", "max_connections=250", "max_prepared_transactions=5"];
        for setting in fixed.into_iter().chain(self.settings.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// Stops the server as an administrator in a hurry does (SIGINT), or as no administrator should (SIGQUIT: a crash).
    pub(crate) fn down(&mut self, signal: &str) {
        let Some(mut process) = self.process.take() else { return };
        let pid = process.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        if sent.is_err() {
            process.kill().unwrap();
        }
        process.wait().unwrap();
    }

    /// Has it ended by itself?
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.as_mut().is_none_or(|process| process.try_wait().unwrap().is_some())
    }

    /// Where its socket is, and room for files beside it.
    pub(crate) fn directory(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("host={} port=5432 user=postgres dbname={database}", self.home.path().display())
    }

    /// A new database; its URL.
    pub(crate) fn database(&mut self) -> String {
        self.databases += 1;
        let name = format!("d{}", self.databases);
        super::connect(&self.url("postgres")).batch_execute(&format!("create database {name}")).unwrap();
        self.url(&name)
    }

    /// Whom the server runs as, if not as us.
    pub(crate) fn give(&self, path: &Path) {
        if let Some((uid, gid)) = self.user {
            chown(path, Some(uid), Some(gid)).unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.down("-QUIT");
    }
}

/// Ends the server and removes its directory when this process ends, however it does: a static value is never dropped, and
/// a test may be killed. It waits for the end of its stdin. Where the value was dropped, there is nothing left to do.
fn reaper(home: &Path, data: &Path) -> ChildStdin {
    let script =
        "read -r _; pid=$(head -n 1 \"$2/postmaster.pid\") && kill -QUIT \"$pid\" && sleep 1; rm -rf \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "reaper"]).arg(home).arg(data);
    command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap().stdin.unwrap()
}

/// PostgreSQL does not run as root: then as user postgres, else nobody.
fn unprivileged(ours: &Path) -> Option<(u32, u32)> {
    if std::fs::metadata(ours).unwrap().uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let fields: Vec<&str> = line.split(':').collect();
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).or(Some((65_534, 65_534)))
}
