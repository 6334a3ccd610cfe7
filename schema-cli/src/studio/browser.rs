//! Opens the browser. The address holds the token, and arguments of a process can be read by others: so the browser
//! gets the name of a file that only this user can read, and that leads on.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const OPENERS: &[&[&str]] = if cfg!(target_os = "macos") {
    &[&["open"]]
} else if cfg!(windows) {
    &[&["cmd", "/C", "start", ""]]
} else {
    &[&["xdg-open"], &["wslview"]]
};

/// Opens this address; the file is taken away when the browser has had time to read it.
pub(super) fn open(address: &str, directory: &Path) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let directory = std::path::absolute(directory)?;
    let file = directory.join(format!("open-{}.html", std::process::id()));
    if file.exists() {
        fs::remove_file(&file)?;
    }
    super::journal::private(&file)?.write_all(
        format!("<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={address}\">\n").as_bytes(),
    )?;
    let mut last = std::io::Error::other("no program for it is known");
    for words in OPENERS {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(&file);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(mut child) => {
                std::thread::spawn(move || {
                    let _ = child.wait();
                    std::thread::sleep(std::time::Duration::from_secs(20));
                    let _ = fs::remove_file(&file);
                });
                return Ok(());
            }
            Err(error) => last = error,
        }
    }
    fs::remove_file(&file)?;
    Err(last)
}
