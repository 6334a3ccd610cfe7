//! A scratch on a server that the user named: databases are created there and dropped; nothing else is touched.

use std::time::{Duration, SystemTime};

use postgres::Client;

use super::super::super::error::Error;
use super::super::connect::Target;
use super::database::{describe, drop_database};
use super::find::OLDEST;
use super::info::{ServerInfo, Source, Version};

/// Databases of this prefix are ours. The time of their making follows.
pub(super) const PREFIX: &str = "schema_scratch_";
/// A killed run's databases are dropped by a later run; none takes this long.
const LEFT_OVER: Duration = Duration::from_secs(3600);

/// Reads the URL; PG* variables of the environment fill what it leaves open.
pub(super) fn target(url: &str) -> Result<Target, Error> {
    Target::new(url, &|name| std::env::var(name).ok()).map_err(|error| about("the scratch server", error))
}

/// Connects and asks the server what it is.
pub(super) fn connect(target: &Target) -> Result<(Client, ServerInfo), Error> {
    let server = target.display();
    let mut client =
        target.connect().map_err(|error| about("cannot connect to the scratch server", error))?;
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
pub(super) fn check_right(client: &mut Client, target: &Target) -> Result<(), Error> {
    let allowed = client
        .query_one(
            "SELECT rolcreatedb OR rolsuper, rolname::text FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .map_err(|error| {
            Error::failed(format!("the scratch server {}: {}", target.display(), describe(&error)))
        })?;
    if allowed.get(0) {
        return Ok(());
    }
    let role: String = allowed.get(1);
    Err(Error::failed(format!(
        "role {role} may not create databases on the scratch server {}",
        target.display()
    ))
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

/// The error, with what it is about; where and what next stay.
pub(super) fn about(what: &str, mut error: Error) -> Error {
    error.what = format!("{what}: {}", error.what);
    error
}

#[cfg(all(test, feature = "tls"))]
#[path = "url_tests.rs"]
mod real;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_cannot_be_read() {
        let error = target("postgres://ann:s3cret@host:port/app").expect_err("no port").to_string();
        assert!(error.contains("the scratch server: ") && !error.contains("s3cret"), "{error}");
    }

    #[test]
    fn only_old_databases_of_ours_are_left_over() {
        assert!(is_left_over("schema_scratch_1000_7_0_ff", 10_000));
        assert!(!is_left_over("schema_scratch_9000_7_0_ff", 10_000));
        assert!(!is_left_over("schema_scratch_mine", 10_000));
        assert!(!is_left_over("app", 10_000));
    }
}
