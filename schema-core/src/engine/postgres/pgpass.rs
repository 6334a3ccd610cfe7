//! libpq's password file: `host:port:database:user:password`, one a line. Pure, but for reading the file.

use crate::engine::error::Error;
use std::fs;

/// Whom a password is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Login<'a> {
    /// The host; of a socket its folder.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) dbname: &'a str,
    pub(crate) user: &'a str,
}

/// Looks into `PGPASSFILE`, else `~/.pgpass`. A file that others may read is an error, not passed over in silence.
pub(crate) fn look_up(
    variable: &dyn Fn(&str) -> Option<String>,
    login: Login<'_>,
) -> Result<Option<String>, Error> {
    let Some(file) =
        variable("PGPASSFILE").or_else(|| variable("HOME").map(|home| format!("{home}/.pgpass")))
    else {
        return Ok(None);
    };
    let Ok(text) = fs::read_to_string(&file) else {
        return Ok(None);
    };
    let found = find(&text, login);
    if found.is_some() && is_open(&file) {
        return Err(Error::usage(format!("the password file {file} may be read by others"))
            .next(format!("chmod 600 {file}")));
    }
    Ok(found)
}

#[cfg(unix)]
fn is_open(file: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &str) -> bool {
    false
}

fn find(text: &str, login: Login<'_>) -> Option<String> {
    let port = login.port.to_string();
    let host = if login.host.starts_with('/') { "localhost" } else { login.host };
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [hosts, ports, dbnames, users, password] = fields.as_slice() else {
            return None;
        };
        let fits = |pattern: &String, value: &str| pattern == "*" || pattern == value;
        let fits_host = fits(hosts, host) || hosts == login.host;
        (fits_host && fits(ports, &port) && fits(dbnames, login.dbname) && fits(users, login.user))
            .then(|| password.clone())
    })
}

/// Cuts at `:`; a backslash takes the next character as it is.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let taken = match c {
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                continue;
            }
            '\\' => chars.next(),
            other => Some(other),
        };
        if let (Some(last), Some(c)) = (fields.last_mut(), taken) {
            last.push(c);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: Login<'_> = Login { host: "db", port: 5432, dbname: "app", user: "me" };

    #[test]
    fn the_first_line_that_fits() {
        let text = "# db:5432:app:me:comment\nother:*:*:*:no\ndb:5433:*:*:no\n\ndb:*:app:me:a\\:b\\\\c\n*:*:*:*:last";
        assert_eq!(find(text, LOGIN).as_deref(), Some("a:b\\c"));
        assert_eq!(find(text, Login { user: "you", ..LOGIN }).as_deref(), Some("last"));
        assert_eq!(find("localhost:*:*:*:x", Login { host: "/tmp", ..LOGIN }).as_deref(), Some("x"));
        assert_eq!(find("/tmp:*:*:*:x", Login { host: "/tmp", ..LOGIN }).as_deref(), Some("x"));
        assert_eq!(find("db:*:*:me", LOGIN), None);
        assert_eq!(find("*:*:*:*:a:b", LOGIN).as_deref(), Some("a:b"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pass").display().to_string();
        let variable = |name: &str| (name == "PGPASSFILE").then(|| file.clone());
        assert_eq!(look_up(&variable, LOGIN), Ok(None));
        fs::write(&file, "*:*:*:*:secret").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("chmod");
        let error = look_up(&variable, LOGIN).expect_err("open").to_string();
        assert!(error.contains("chmod 600") && !error.contains("secret"), "{error}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("chmod");
        assert_eq!(look_up(&variable, LOGIN), Ok(Some("secret".to_owned())));
    }
}
