//! What must never be printed: passwords and tokens that this run knows, taken out of whatever a panic says.

use std::sync::{Mutex, PoisonError, TryLockError};

/// All that were ever told to anything. Few, so nobody forgets one.
static KNOWN: Mutex<Vec<String>> = Mutex::new(Vec::new());

const HIDDEN: &str = "***";

/// From now on this is taken out. What is too short to be one says nothing to hide.
pub(crate) fn keep(secret: &str) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if secret.len() > 2 && !known.iter().any(|one| one == secret) {
        known.push(secret.to_owned());
    }
}

/// The text without what is known, and without the password of any URL.
pub(crate) fn hidden(text: &str) -> String {
    // Who panics may hold the lock.
    let known = match KNOWN.try_lock() {
        Ok(known) => known.clone(),
        Err(TryLockError::Poisoned(known)) => known.into_inner().clone(),
        Err(TryLockError::WouldBlock) => return HIDDEN.to_owned(),
    };
    let plain = known.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN));
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "/\"'<>".contains(c)).unwrap_or(after.len());
        rest = after;
        if let Some((who, _)) = after[..end].rsplit_once('@')
            && let Some((user, _)) = who.split_once(':')
        {
            out.push_str(&format!("{user}:{HIDDEN}"));
            rest = &after[who.len()..];
        }
    }
    out + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::process::Command;

    /// Set for the process that is to panic.
    const PANICS: &str = "SCHEMA_TEST_PANICS";

    #[test]
    fn urls_have_no_passwords() {
        for (text, expected) in [
            ("postgres://me:pa%40ss@host:1/db is away", "postgres://me:***@host:1/db is away"),
            ("at 'postgres://me:p@ss@host'", "at 'postgres://me:***@host'"),
            ("postgres://me@host/db, http://x:80/y", "postgres://me@host/db, http://x:80/y"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(hidden(text), expected);
        }
    }

    #[test]
    fn a_panic_tells_no_secret() {
        if std::env::var_os(PANICS).is_some() {
            std::panic::set_hook(Box::new(crate::report::bug));
            keep("hunter2 with blanks");
            keep("0123abcd");
            panic!("password=hunter2 with blanks token=0123abcd url=postgres://me:other@h/x in {}", "here");
        }
        let test = "secret::tests::a_panic_tells_no_secret";
        let mut child = Command::new(std::env::current_exe().unwrap());
        let output = child.args([test, "--exact", "--nocapture"]).env(PANICS, "1").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && told.contains("this is a bug in schema"), "{told}");
        assert!(told.contains("password=*** token=*** url=postgres://me:***@h/x in here"), "{told}");
        for secret in ["hunter2", "0123abcd", "other"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}
