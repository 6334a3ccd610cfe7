//! Keeps the server's process: started by a thread that outlives it, told to stop, waited for, and gone when we are.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to stop, before it is made to.
const STOP: Duration = Duration::from_secs(5);
/// How often a file or a process is looked at.
pub(super) const TICK: Duration = Duration::from_millis(1);

/// Has the kernel stop the server when the thread that started it dies, however it dies. Elsewhere than on Linux, what
/// a killed run left running is stopped by the next run.
#[cfg(target_os = "linux")]
pub(super) fn die_with_us(command: &mut Command) {
    use rustix::process::{getpid, getppid, set_parent_process_death_signal};
    let us = getpid();
    let before_exec = move || {
        set_parent_process_death_signal(Some(Signal::INT))?;
        // We may have died before the line above.
        match getppid() == Some(us) {
            true => Ok(()),
            false => Err(std::io::Error::from(std::io::ErrorKind::Interrupted)),
        }
    };
    #[allow(unsafe_code)]
    // SAFETY: between fork and exec only two system calls are made; nothing is allocated and no lock is taken. std
    // runs this after it has changed the user, which would clear the signal.
    unsafe {
        command.pre_exec(before_exec);
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn die_with_us(_command: &mut Command) {}

/// The thread that starts the server and outlives it: the kernel's signal is tied to that thread.
pub(super) struct Keeper {
    child: Arc<Mutex<Child>>,
    /// Dropped to have the server stopped.
    hold: Option<SyncSender<()>>,
    /// Says that the signal was sent.
    told: Receiver<()>,
}

impl Keeper {
    /// Starts the command. It is told to stop when the value goes.
    pub(super) fn spawn(mut command: Command) -> std::io::Result<Self> {
        die_with_us(&mut command);
        let (started, start) = sync_channel(1);
        let (hold, held) = sync_channel(1);
        let (telling, told) = sync_channel(1);
        std::thread::Builder::new().name("scratch-keeper".to_owned()).spawn(move || {
            let child = match command.spawn() {
                Ok(child) => Arc::new(Mutex::new(child)),
                Err(error) => {
                    let _ = started.send(Err(error));
                    return;
                }
            };
            let _ = started.send(Ok(Arc::clone(&child)));
            let _ = held.recv();
            signal(&child, Signal::INT);
            let _ = telling.send(());
            reap(&child);
        })?;
        let child = start.recv().unwrap_or_else(|_| Err(std::io::ErrorKind::BrokenPipe.into()))?;
        Ok(Self { child, hold: Some(hold), told })
    }

    /// How the server ended, if it did.
    pub(super) fn ended(&self) -> Option<String> {
        match lock(&self.child).try_wait() {
            Ok(Some(status)) => Some(status.to_string()),
            Ok(None) => None,
            Err(error) => Some(error.to_string()),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.hold = None;
        let _ = self.told.recv();
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends the signal, unless the server has ended: then its number may be another's.
fn signal(child: &Mutex<Child>, signal: Signal) {
    let mut child = lock(child);
    if let (Ok(None), Some(pid)) = (child.try_wait(), pid(child.id())) {
        let _ = kill_process(pid, signal);
    }
}

fn pid(number: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(number).ok()?)
}

/// Waits for the end, with force where asking does not help.
fn reap(child: &Mutex<Child>) {
    for last in [Signal::QUIT, Signal::KILL] {
        if until(STOP, || !matches!(lock(child).try_wait(), Ok(None))) {
            return;
        }
        signal(child, last);
    }
    let _ = until(STOP, || !matches!(lock(child).try_wait(), Ok(None)));
}

fn until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > limit {
            return false;
        }
        std::thread::sleep(TICK);
    }
    true
}

/// Stops a server that an earlier run left in the directory, or waits for one that is stopping.
pub(super) fn stop_stale(data: &Path) {
    let file = data.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&file) else {
        return;
    };
    let number: Option<u32> = text.lines().next().and_then(|line| line.trim().parse().ok());
    if let Some(number) = number
        && let Some(pid) = pid(number)
    {
        for step in [Signal::INT, Signal::QUIT, Signal::KILL] {
            if !runs_in(number, data) {
                break;
            }
            let _ = kill_process(pid, step);
            if until(STOP, || !runs_in(number, data)) {
                break;
            }
        }
    }
    // It is gone, or its number is another process's now.
    let _ = fs::remove_file(file);
}

/// Whether the process is a postgres of this data directory: a server's working directory is its data directory.
#[cfg(target_os = "linux")]
fn runs_in(number: u32, data: &Path) -> bool {
    match (fs::read_link(format!("/proc/{number}/cwd")), data.canonicalize()) {
        (Ok(cwd), Ok(data)) => cwd == data,
        _ => false,
    }
}

#[cfg(not(target_os = "linux"))]
fn runs_in(number: u32, data: &Path) -> bool {
    Command::new("ps")
        .args(["-o", "command=", "-p", &number.to_string()])
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&data.display().to_string()))
}
