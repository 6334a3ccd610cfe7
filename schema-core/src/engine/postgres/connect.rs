//! The way to a server: URLs, key=value strings, PG* variables; errors that say what to do. Shows no password.

mod conninfo;

use super::pgpass::{self, Login};
#[cfg(feature = "tls")]
use super::tls;
use crate::engine::error::Error;
use crate::engine::nearest::did_you_mean;
use conninfo::pair;
use postgres::config::{Host, SslMode};
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use std::error::Error as _;
use std::fmt::Write;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// A database to connect to.
#[derive(Clone)]
pub struct Target {
    config: Config,
    tls: Tls,
}

/// What is wanted of TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// How much of it.
    pub mode: TlsMode,
    /// `sslrootcert`: a file of certificates; none, or `system`, is what the machine trusts.
    pub root: Option<String>,
    /// `sslcert` and `sslkey`: the files that prove who we are.
    pub identity: Option<(String, String)>,
}

/// `sslmode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// Never.
    Disable,
    /// Where the server has it; not verified.
    #[default]
    Prefer,
    /// Always; not verified, unless `sslrootcert` is given.
    Require,
    /// Always, and the certificate must come from a trusted authority.
    VerifyCa,
    /// Always, and the certificate must also be for this host.
    VerifyFull,
}

impl TlsMode {
    /// As `sslmode` has it.
    fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Settings that the driver reads from a connection string.
const DRIVER: &[&str] = &[
    "user",
    "password",
    "dbname",
    "options",
    "application_name",
    "sslnegotiation",
    "host",
    "hostaddr",
    "port",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "target_session_attrs",
    "channel_binding",
    "load_balance_hosts",
];

/// Settings of other clients that mean nothing here.
const IGNORED: &[&str] =
    &["gssencmode", "krbsrvname", "sslcompression", "connection_limit", "pool_timeout", "pgbouncer"];

/// Settings that this file reads itself.
const OURS: &[&str] = &["sslmode", "sslrootcert", "sslcert", "sslkey"];

impl Target {
    /// Reads a URL (`postgres://..`) or a key=value string, and PG* variables for what it leaves open.
    pub fn new(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let (rest, settings) = if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            split_url(text)?
        } else {
            split_pairs(text)?
        };
        let mut tls = Tls::default();
        let mut files = (None, None);
        let mut driver = Vec::new();
        let given = |key: &str| settings.iter().any(|(name, _)| name == key);
        let variables = [
            ("sslmode", "PGSSLMODE"),
            ("sslrootcert", "PGSSLROOTCERT"),
            ("sslcert", "PGSSLCERT"),
            ("sslkey", "PGSSLKEY"),
        ];
        let variables = variables.into_iter().filter(|(key, _)| !given(key));
        let variables = variables.filter_map(|(key, name)| Some((key.to_owned(), variable(name)?)));
        for (key, value) in settings.iter().cloned().chain(variables) {
            match key.as_str() {
                "sslmode" => tls.mode = mode(&value)?,
                "sslrootcert" => tls.root = Some(value),
                "sslcert" => files.0 = Some(value),
                "sslkey" => files.1 = Some(value),
                key if IGNORED.contains(&key) => {}
                _ => driver.push((key, value)),
            }
        }
        tls.identity = match files {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(
                    Error::usage("of sslcert and sslkey only one is given").next("give both, or none")
                );
            }
        };
        let mut config = parse(&rest, &driver)?;
        fill(&mut config, variable)?;
        check_host(&config)?;
        if is_socket(&config) {
            // As with libpq: what stays on the machine is not encrypted, whatever is asked for.
            tls.mode = TlsMode::Disable;
        }
        config.application_name("schema").keepalives_idle(Duration::from_secs(30));
        if config.get_keepalives_interval().is_none() {
            // A server that is gone without a word is noticed after a minute, not after eleven.
            config.keepalives_interval(Duration::from_secs(10)).keepalives_retries(3);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.ssl_mode(match tls.mode {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
        });
        Ok(Self { config, tls })
    }

    /// What a program of `tokio-postgres` connects to. A server that must have TLS must also prove who it is.
    #[cfg(feature = "migrate-tokio")]
    pub fn of(config: tokio_postgres::Config) -> Self {
        let mut config = Config::from(config);
        let mode = match config.get_ssl_mode() {
            _ if is_socket(&config) => TlsMode::Disable,
            SslMode::Disable => TlsMode::Disable,
            SslMode::Prefer => TlsMode::Prefer,
            SslMode::Require | _ => TlsMode::VerifyFull,
        };
        if mode == TlsMode::Disable {
            config.ssl_mode(SslMode::Disable);
        }
        Self { config, tls: Tls { mode, ..Tls::default() } }
    }

    /// A server that was started here, behind a unix socket.
    #[cfg(feature = "engine")]
    pub(crate) fn local(mut config: Config) -> Self {
        config.ssl_mode(SslMode::Disable);
        Self { config, tls: Tls { mode: TlsMode::Disable, ..Tls::default() } }
    }

    /// The same server, another database.
    #[must_use]
    pub fn database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// The database's name, where one is given; otherwise PostgreSQL takes the user's.
    pub fn dbname(&self) -> Option<&str> {
        self.config.get_dbname()
    }

    /// Whether a password is given.
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// The password, for who must keep it out of what is printed.
    pub fn password(&self) -> Option<String> {
        self.config.get_password().map(|password| String::from_utf8_lossy(password).into_owned())
    }

    /// The URL without the password.
    pub fn display(&self) -> String {
        let user = self.config.get_user().map_or_else(String::new, |user| format!("{}@", encode(user)));
        let ports = self.config.get_ports();
        let dbname = encode(self.config.get_dbname().unwrap_or_default());
        let mut hosts = Vec::new();
        let mut socket = String::new();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(host) if host.contains(':') => hosts.push(format!("[{host}]:{port}")),
                Host::Tcp(host) => hosts.push(format!("{host}:{port}")),
                #[cfg(unix)]
                Host::Unix(path) => socket = format!("?host={}&port={port}", path.display()),
            }
        }
        if hosts.is_empty() {
            hosts.extend(self.config.get_hostaddrs().iter().map(ToString::to_string));
        }
        format!("postgres://{user}{}/{dbname}{socket}", hosts.join(","))
    }

    /// Opens a session.
    pub fn connect(&self) -> Result<Client, Error> {
        self.open().map_err(|error| self.explain(&error))?
    }

    #[cfg(feature = "tls")]
    pub(super) fn open(&self) -> Result<Result<Client, Error>, postgres::Error> {
        if self.tls.mode == TlsMode::Disable {
            return self.config.connect(NoTls).map(Ok);
        }
        match tls::connector(&self.tls) {
            Ok(connector) => self.config.connect(connector).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    #[cfg(not(feature = "tls"))]
    pub(super) fn open(&self) -> Result<Result<Client, Error>, postgres::Error> {
        match self.tls.mode {
            TlsMode::Disable | TlsMode::Prefer => self.config.connect(NoTls).map(Ok),
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => {
                Ok(Err(Error::usage("this program was built without TLS, and sslmode asks for it")
                    .next("build schema-core with its feature `tls`")))
            }
        }
    }

    pub(super) fn explain(&self, error: &postgres::Error) -> Error {
        let place = self.display();
        if let Some(db) = error.as_db_error() {
            let failed = Error::failed(format!("{place}: {} (SQLSTATE {})", db.message(), db.code().code()));
            let code = db.code();
            return if [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION]
                .contains(code)
            {
                failed.next("check user and password (in the URL with %-escapes, or PGUSER and PGPASSWORD) and the server's pg_hba.conf")
            } else if *code == SqlState::INVALID_CATALOG_NAME {
                failed.next("create the database (createdb), or correct its name in the URL")
            } else if *code == SqlState::TOO_MANY_CONNECTIONS {
                failed.next("end other sessions, or raise max_connections")
            } else if *code == SqlState::CANNOT_CONNECT_NOW {
                failed.next("the server starts or stops: try again in a moment")
            } else {
                failed
            };
        }
        let cause = error.source();
        let reason = cause.map_or_else(|| error.to_string(), ToString::to_string);
        let failed = Error::failed(format!("{place}: {reason}"));
        match cause.and_then(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind) {
            Some(ErrorKind::ConnectionRefused | ErrorKind::NotFound | ErrorKind::AddrNotAvailable) => {
                failed.next("no server listens there: start it, or correct host and port")
            }
            Some(ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => {
                failed.next("the host does not answer: check its name, the network and firewalls; connect_timeout= waits longer")
            }
            Some(ErrorKind::PermissionDenied) => failed.next("this user may not open the server's socket"),
            _ if reason.contains("does not support TLS") => {
                failed.next("switch TLS on at the server, or use sslmode=prefer or sslmode=disable")
            }
            _ if reason.contains("password") => failed.next("give the password in the URL, in PGPASSWORD or in ~/.pgpass"),
            _ if reason.contains("lookup") || reason.contains("resolve") => failed.next("correct the host's name"),
            _ if reason.contains("certificate") => {
                failed.next("give the authority's certificate with sslrootcert=FILE, or ask for less with sslmode=require")
            }
            _ => failed,
        }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({}, {:?})", self.display(), self.tls.mode)
    }
}

type Settings = Vec<(String, String)>;

/// The URL without its settings, and these. A `?` in the password is not where they begin.
fn split_url(url: &str) -> Result<(String, Settings), Error> {
    let after = url.find('@').unwrap_or(0);
    let Some(mark) = url[after..].find('?') else {
        return Ok((url.to_owned(), Vec::new()));
    };
    let (rest, query) = (&url[..after + mark], &url[after + mark + 1..]);
    let mut settings = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Error::usage("the URL of the database has a setting without `=`"));
        };
        let value = decode(value).ok_or_else(|| {
            Error::usage("the URL of the database has an escape that is not `%` and two hexadecimal digits")
        })?;
        settings.push((known(key)?, value));
    }
    Ok((rest.to_owned(), settings))
}

/// Reads `key=value key='va\'lue'`.
fn split_pairs(text: &str) -> Result<(String, Settings), Error> {
    let invalid = || {
        Error::usage("this is no way to a database")
            .next("write postgres://user@host:5432/database, or host=... user=... dbname=...")
    };
    let mut settings = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok((String::new(), settings));
        }
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| *c != '=' && !c.is_whitespace()) {
            key.push(c);
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        chars.next_if_eq(&'=').ok_or_else(invalid)?;
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let quoted = chars.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        loop {
            match chars.peek().copied() {
                None if quoted => return Err(invalid()),
                None => break,
                Some('\'') if quoted => break,
                Some(c) if !quoted && c.is_whitespace() => break,
                Some('\\') => {
                    chars.next();
                    value.push(chars.next().ok_or_else(invalid)?);
                }
                Some(c) => {
                    chars.next();
                    value.push(c);
                }
            }
        }
        if quoted {
            chars.next();
        }
        settings.push((known(&key)?, value));
    }
}

fn known(key: &str) -> Result<String, Error> {
    let all = [DRIVER, IGNORED, OURS].concat();
    if all.contains(&key) {
        return Ok(key.to_owned());
    }
    // What is no word may be a piece of a password.
    let is_word = key.len() < 40 && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let name = if is_word { format!(" `{key}`{}", did_you_mean(key, &all)) } else { String::new() };
    Err(Error::usage(format!("the way to the database has a setting that is not known{name}"))
        .next("remove it; special characters in a password are written as %40 for @, %3F for ?, %26 for &"))
}

fn mode(text: &str) -> Result<TlsMode, Error> {
    match text {
        "disable" => Ok(TlsMode::Disable),
        "allow" | "prefer" => Ok(TlsMode::Prefer),
        "require" => Ok(TlsMode::Require),
        "verify-ca" => Ok(TlsMode::VerifyCa),
        "verify-full" => Ok(TlsMode::VerifyFull),
        other => {
            let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
            Err(Error::usage(format!("sslmode={other} is not known{}", did_you_mean(other, &modes)))
                .next(format!("one of: {}", modes.join(", "))))
        }
    }
}

/// Lets the driver read the rest. Its own messages may quote what it reads, so only their kind is told.
fn parse(rest: &str, settings: &[(String, String)]) -> Result<Config, Error> {
    let invalid = |what: &str| {
        Error::usage(format!("the way to the database is not valid: {what}")).next(
            "write postgres://user:password@host:5432/database; special characters as %40 for @, %2F for /",
        )
    };
    let mut text = rest.to_owned();
    if text.is_empty() {
        for (key, value) in settings {
            text.push_str(&pair(key, value));
            text.push(' ');
        }
    } else {
        for (index, (key, value)) in settings.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}{key}={}", if index == 0 { '?' } else { '&' }, encode(value));
        }
    }
    text.parse::<Config>().map_err(|error| {
        let reason = error.source().map_or_else(String::new, ToString::to_string);
        let setting = DRIVER.iter().find(|key| reason.ends_with(&format!("`{key}`")));
        invalid(&setting.map_or_else(|| "it cannot be read".to_owned(), |key| format!("the value of {key}")))
    })
}

/// Whether all hosts are unix sockets.
fn is_socket(config: &Config) -> bool {
    let is_socket = |host: &Host| match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(is_socket)
}

/// Takes from the environment what is open, then what libpq takes.
fn fill(config: &mut Config, variable: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let number = |name: &str| -> Result<Option<u16>, Error> {
        let Some(text) = variable(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Error::usage(format!("{name} is not a number that fits")))
    };
    if config.get_ports().is_empty()
        && let Some(port) = number("PGPORT")?
    {
        config.port(port);
    }
    if config.get_connect_timeout().is_none()
        && let Some(seconds) = number("PGCONNECT_TIMEOUT")?
    {
        config.connect_timeout(Duration::from_secs(seconds.into()));
    }
    if config.get_user().is_none() {
        variable("PGUSER").map(|user| config.user(&user));
    }
    if config.get_password().is_none() {
        variable("PGPASSWORD").map(|password| config.password(password));
    }
    if config.get_dbname().is_none() {
        variable("PGDATABASE").map(|dbname| config.dbname(&dbname));
    }
    if config.get_options().is_none() {
        variable("PGOPTIONS").map(|options| config.options(&options));
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        let host = variable("PGHOST").unwrap_or_else(|| default_host(config.get_ports().first().copied()));
        config.host(&host);
    }
    if config.get_password().is_none()
        && let Some(password) = stored_password(config, variable)?
    {
        config.password(password);
    }
    Ok(())
}

fn stored_password(
    config: &Config,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, Error> {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let Some(user) = config.get_user().map(ToOwned::to_owned).or_else(|| variable("USER")) else {
        return Ok(None);
    };
    let login = Login {
        host: &host,
        port: config.get_ports().first().copied().unwrap_or(5432),
        dbname: config.get_dbname().unwrap_or(&user),
        user: &user,
    };
    pgpass::look_up(variable, login)
}

/// The socket where one is, as libpq has it on this and that system; else this machine.
fn default_host(port: Option<u16>) -> String {
    let socket = format!(".s.PGSQL.{}", port.unwrap_or(5432));
    let found = ["/var/run/postgresql", "/tmp"].into_iter().find(|dir| Path::new(dir).join(&socket).exists());
    found.unwrap_or("localhost").to_owned()
}

/// An unescaped `@` in a password makes its end a part of the host: don't show that.
fn check_host(config: &Config) -> Result<(), Error> {
    let odd = config.get_hosts().iter().any(|host| match host {
        Host::Tcp(host) => host.contains(['@', '/', '?', '#']),
        #[cfg(unix)]
        Host::Unix(_) => false,
    });
    if odd {
        return Err(Error::usage("the host in the URL of the database holds a character that no host has")
            .next("special characters in a password are written as %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #"));
    }
    Ok(())
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[path = "connect_tests.rs"]
mod tests;
