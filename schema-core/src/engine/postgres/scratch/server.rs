//! Makes a cluster in a directory of the pool and starts its server. Knows nothing of databases.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::super::error::Error;
use super::find::Binaries;
use super::keeper::{Keeper, TICK, die_with_us};
use super::pool::Slot;
use super::user::RunAs;

/// The superuser of every cluster. The name is usual, so that SQL that says `OWNER TO postgres` works.
pub(super) const SUPERUSER: &str = "postgres";
/// Only names the socket: no port is opened.
pub(super) const PORT: u16 = 5432;

const INITDB: [&str; 7] = [
    "--no-sync",
    "--no-instructions",
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--wal-segsize=1",
    "--lc-messages=C",
];

/// A throwaway cluster: nothing is forced to disk, nothing runs in the background, nothing listens on the network. One
/// transaction may create thousands of tables, each of which takes some ten locks.
const SETTINGS: [&str; 26] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_wal_senders=0",
    "min_wal_size=16MB",
    "max_wal_size=512MB",
    "checkpoint_timeout=1h",
    "autovacuum=off",
    "autovacuum_max_workers=1",
    "jit=off",
    "max_connections=16",
    "max_worker_processes=0",
    "max_parallel_workers_per_gather=0",
    "max_logical_replication_workers=0",
    "max_locks_per_transaction=2048",
    "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",
    "huge_pages=off",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "logging_collector=off",
    "log_destination=stderr",
    "update_process_title=off",
];

/// How long a server may take to start (a busy machine with a slow disk included).
const START: Duration = Duration::from_secs(60);

/// A running server. It is told to stop when the value goes, and not waited for: the next run in its directory waits,
/// if it comes that soon.
pub(super) struct Server {
    /// Where its socket lies.
    pub(super) socket: PathBuf,
    _keeper: Keeper,
}

/// Options that decide what initdb makes: part of the pool's key.
pub(super) fn initdb_options() -> String {
    INITDB.join(" ")
}

/// Makes the cluster. Where the system has no locale C.UTF-8, C serves: only sorting and letter case differ.
pub(super) fn initdb(binaries: &Binaries, user: &RunAs, slot: &Slot) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::failed(format!("cannot use {}: {error}", slot.dir.display()));
    super::place::create(&slot.dir).map_err(failed)?;
    let mut message = String::new();
    for locale in ["C.UTF-8", "C"] {
        let data = slot.data();
        fs::create_dir(&data).map_err(failed)?;
        user.give(&data).map_err(failed)?;
        let mut command = program(binaries, user, "initdb");
        command.args(INITDB).arg(format!("--locale={locale}")).arg("-D").arg(&data);
        die_with_us(&mut command);
        let output = command.output().map_err(|error| {
            Error::failed(format!("cannot run {}: {error}", binaries.dir.join("initdb").display()))
        })?;
        if output.status.success() {
            return Ok(());
        }
        message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        fs::remove_dir_all(&data).map_err(failed)?;
    }
    Err(Error::failed(format!("initdb of {} failed: {message}", binaries.info)))
}

/// Starts the server on a cluster that exists, and returns when it accepts connections.
pub(super) fn start(binaries: &Binaries, user: &RunAs, slot: &Slot) -> Result<Server, Error> {
    let failed = |error: std::io::Error| Error::failed(format!("cannot use {}: {error}", slot.dir.display()));
    let data = slot.data();
    // Settings that SQL made permanent (ALTER SYSTEM) are not for the next run.
    fs::write(data.join("postgresql.auto.conf"), "").map_err(failed)?;
    let socket = socket_dir(slot, user).map_err(failed)?;
    let log = File::create(slot.log()).map_err(failed)?;
    let mut command = program(binaries, user, "postgres");
    command.arg("-D").arg(&data).arg("-k").arg(&socket).arg("-p").arg(PORT.to_string());
    for setting in SETTINGS {
        command.arg("-c").arg(setting);
    }
    command.stderr(log);

    let keeper = Keeper::spawn(command)
        .map_err(|error| Error::failed(format!("cannot start {}: {error}", binaries.info)))?;
    let begun = Instant::now();
    loop {
        if ready(&data) {
            return Ok(Server { socket, _keeper: keeper });
        }
        let trouble = match keeper.ended() {
            Some(how) => format!("ended at once ({how})"),
            None if begun.elapsed() > START => format!("was not ready after {} s", START.as_secs()),
            None => {
                std::thread::sleep(TICK);
                continue;
            }
        };
        let log = log_tail(&slot.log());
        return Err(Error::failed(format!("{} {trouble}; its log ends:\n{log}", binaries.info)));
    }
}

fn program(binaries: &Binaries, user: &RunAs, name: &str) -> Command {
    let mut command = Command::new(binaries.dir.join(name));
    command.env_clear().current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    for inherited in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(inherited) {
            command.env(inherited, value);
        }
    }
    // initdb would search for the name of the machine's time zone otherwise.
    command.env("TZ", "UTC").env("LC_ALL", "C");
    command.envs(binaries.env.iter().map(|(name, value)| (name, value)));
    user.apply(&mut command);
    command
}

/// The directory of the socket: in the slot, or beside other temporary files when that path is too long for a socket.
fn socket_dir(slot: &Slot, user: &RunAs) -> std::io::Result<PathBuf> {
    /// The least that a system allows (macOS: 104 with the closing zero), less `/.s.PGSQL.5432.lock`.
    const LONGEST: usize = 84;
    let mut dir = slot.dir.join("run");
    if dir.as_os_str().len() > LONGEST {
        let digest = super::digest(&dir.display().to_string());
        dir = PathBuf::from(format!("/tmp/.schema-{digest}"));
    }
    match fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700).create(&dir)?;
    user.give(&dir)?;
    Ok(dir)
}

/// Whether line 8 of postmaster.pid says so.
fn ready(data: &Path) -> bool {
    fs::read_to_string(data.join("postmaster.pid"))
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
}

fn log_tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].iter().map(|line| format!("  {line}\n")).collect::<String>()
}
