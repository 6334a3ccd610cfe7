//! A scratch on a server that the user named: databases are created there and dropped; nothing else is touched.

use std::time::{Duration, SystemTime};

use postgres::config::Host;
use postgres::{Client, Config, NoTls};

use super::super::super::error::Error;
use super::database::{describe, drop_database};
use super::find::OLDEST;
use super::info::{ServerInfo, Source, Version};

/// Databases of this prefix are ours. The time of their making follows.
pub(super) const PREFIX: &str = "schema_scratch_";
/// A killed run's databases are dropped by a later run; none takes this long.
const LEFT_OVER: Duration = Duration::from_secs(3600);
const CONNECT: Duration = Duration::from_secs(10);

/// Reads the URL. The message never repeats it: it may hold a password.
pub(super) fn config(url: &str) -> Result<Config, Error> {
    let mut config: Config = url.parse().map_err(|_| {
        Error::usage("the URL of the scratch server cannot be read")
            .next("write it as postgres://user:password@host:5432/database")
    })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config.application_name("schema scratch");
    Ok(config)
}

/// Connects and asks the server what it is.
pub(super) fn connect(config: &Config) -> Result<(Client, ServerInfo), Error> {
    let server = name(config);
    let mut client = config.connect(NoTls).map_err(|error| {
        Error::failed(format!("cannot connect to the scratch server {server}: {}", describe(&error))).next(
            "check the URL; without --scratch, a PostgreSQL of this machine or the embedded one is used",
        )
    })?;
    let row = client
        .query_one(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int",
            &[],
        )
        .map_err(|error| Error::failed(format!("the scratch server {server}: {}", describe(&error))))?;
    let text: String = row.get(0);
    let num: i32 = row.get(1);
    let version = Version {
        // Packagers append their own name: `15.18 (Debian 15.18-0+deb12u1)`.
        text: text.split_whitespace().next().unwrap_or_default().to_owned(),
        num: num.unsigned_abs(),
    };
    if version.major() < OLDEST {
        return Err(Error::failed(format!(
            "the scratch server {server} is PostgreSQL {}; scratch needs {OLDEST} or newer",
            version.text
        )));
    }
    Ok((client, ServerInfo::new(Source::Url(server), version)))
}

/// Says in plain words when the user may not create databases there.
pub(super) fn check_right(client: &mut Client, config: &Config) -> Result<(), Error> {
    let allowed = client
        .query_one(
            "SELECT rolcreatedb OR rolsuper, rolname::text FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .map_err(|error| {
            Error::failed(format!("the scratch server {}: {}", name(config), describe(&error)))
        })?;
    if allowed.get(0) {
        return Ok(());
    }
    let role: String = allowed.get(1);
    Err(Error::failed(format!("role {role} may not create databases on the scratch server {}", name(config)))
        .next(format!("as a superuser, run: ALTER ROLE {role} CREATEDB; or name another server")))
}

/// Drops databases that killed runs left: ours by name, old, and nobody connected. Best effort.
pub(super) fn drop_left_overs(client: &mut Client) {
    let query = "SELECT datname::text FROM pg_database d WHERE starts_with(datname::text, $1) \
        AND pg_has_role(datdba, 'USAGE') AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)";
    let Ok(rows) = client.query(query, &[&PREFIX]) else {
        return;
    };
    let now = seconds();
    for row in rows {
        let database: String = row.get(0);
        if is_left_over(&database, now) {
            let _ = drop_database(client, &database, false);
        }
    }
}

fn is_left_over(database: &str, now: u64) -> bool {
    database
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split('_').next()?.parse::<u64>().ok())
        .is_some_and(|made| now.saturating_sub(made) > LEFT_OVER.as_secs())
}

/// A name that no other run has: the time, our process, a count, and where the counts of two machines meet, a pinch
/// of the clock.
pub(super) fn database_name(count: u32) -> String {
    let nanos = now().subsec_nanos();
    format!("{PREFIX}{}_{}_{count}_{nanos:x}", seconds(), std::process::id())
}

fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

fn seconds() -> u64 {
    now().as_secs()
}

/// The server, without the password.
fn name(config: &Config) -> String {
    let user = config.get_user().unwrap_or("(no user)");
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => match config.get_hostaddrs().first() {
            Some(address) => address.to_string(),
            None => "(no host)".to_owned(),
        },
    };
    format!("{user}@{host}:{}", config.get_ports().first().copied().unwrap_or(5432))
}

/// The config as text for libpq programs and for the `postgres` crate, naming a database. Holds the password.
pub(super) fn conninfo(config: &Config, database: &str) -> String {
    let mut parts: Vec<(&str, String)> = Vec::new();
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(host) => host.clone(),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    if !hosts.is_empty() {
        parts.push(("host", hosts.join(",")));
    }
    let addresses: Vec<String> = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    if !addresses.is_empty() {
        parts.push(("hostaddr", addresses.join(",")));
    }
    let ports: Vec<String> = config.get_ports().iter().map(ToString::to_string).collect();
    if !ports.is_empty() {
        parts.push(("port", ports.join(",")));
    }
    if let Some(user) = config.get_user() {
        parts.push(("user", user.to_owned()));
    }
    if let Some(password) = config.get_password() {
        parts.push(("password", String::from_utf8_lossy(password).into_owned()));
    }
    if let Some(options) = config.get_options() {
        parts.push(("options", options.to_owned()));
    }
    parts.push(("dbname", database.to_owned()));
    let quoted: Vec<String> = parts
        .iter()
        .map(|(key, value)| format!("{key}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'")))
        .collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_no_message() {
        let url = "postgres://ann:s3cret@127.0.0.1:1/app";
        let config = config(url).expect("a config");
        assert_eq!(name(&config), "ann@127.0.0.1:1");
        let Err(error) = connect(&config) else {
            panic!("nothing listens on port 1");
        };
        assert!(error.to_string().contains("ann@127.0.0.1:1"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        let error = super::config("postgres://ann:s3cret@host:port/app").expect_err("no port");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[test]
    fn text_for_other_programs_reads_back() {
        let config = config("postgres://ann:s%27c%5Cret@db.example:5433/app").expect("a config");
        let text = conninfo(&config, "it's");
        let back: Config = text.parse().expect("a config");
        assert_eq!(back.get_password(), config.get_password());
        assert_eq!(back.get_dbname(), Some("it's"));
        assert_eq!(back.get_ports(), [5433]);
    }

    #[test]
    fn only_old_databases_of_ours_are_left_over() {
        assert!(is_left_over("schema_scratch_1000_7_0_ff", 10_000));
        assert!(!is_left_over("schema_scratch_9000_7_0_ff", 10_000));
        assert!(!is_left_over("schema_scratch_mine", 10_000));
        assert!(!is_left_over("app", 10_000));
    }
}
