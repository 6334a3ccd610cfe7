//! Template databases of a pooled cluster: kept by key and bounded; the spare empty database; what earlier
//! runs left.

use std::time::{Duration, SystemTime};

use postgres::{Client, Config, NoTls};

use super::database::quote;

const PREFIX: &str = "template_";
/// A cluster keeps at most so many templates, the most recently used.
const COUNT: usize = 12;
/// Nor may they take more than this together, but for the last one used.
const BYTES: u64 = 400 << 20;
/// An empty database, made beforehand.
const SPARE: &str = "spare";

/// The name of the template of a key.
pub(super) fn name(key: &str) -> String {
    format!("{PREFIX}{}", super::digest(key))
}

pub(super) fn exists(admin: &mut Client, name: &str) -> Result<bool, postgres::Error> {
    let row = admin.query_opt("SELECT FROM pg_database WHERE datname = $1::text", &[&name])?;
    Ok(row.is_some())
}

/// Renames a database; nobody may use it.
pub(super) fn rename(admin: &mut Client, database: &str, name: &str) -> Result<(), postgres::Error> {
    admin.batch_execute(&format!("ALTER DATABASE {} RENAME TO {}", quote(database), quote(name)))
}

/// Makes the database the template of this name.
pub(super) fn keep(admin: &mut Client, database: &str, name: &str) -> Result<(), postgres::Error> {
    let (database, name) = (quote(database), quote(name));
    admin.batch_execute(&format!(
        "ALTER DATABASE {database} RENAME TO {name}; ALTER DATABASE {name} ALLOW_CONNECTIONS false; {}",
        used_now(&name)
    ))
}

/// Creates a database as a copy of the template of this name.
pub(super) fn copy(
    admin: &mut Client,
    name: &str,
    database: &str,
    major: u16,
) -> Result<(), postgres::Error> {
    create(admin, database, &quote(name), major)?;
    admin.batch_execute(&used_now(&quote(name)))
}

/// Creates an empty database.
pub(super) fn create_empty(admin: &mut Client, database: &str, major: u16) -> Result<(), postgres::Error> {
    create(admin, database, "template0", major)
}

/// Files are copied as they are: that goes faster than through the write-ahead log, which is the default since 15,
/// for an empty database (half the time) as for thousands of small files (a third).
fn create(admin: &mut Client, database: &str, template: &str, major: u16) -> Result<(), postgres::Error> {
    let strategy = if major >= 15 { " STRATEGY file_copy" } else { "" };
    admin.batch_execute(&format!("CREATE DATABASE {} TEMPLATE {template}{strategy}", quote(database)))
}

/// Creates the spare database, unless there is one. The first session of a database builds a cache of its catalogs in a
/// file; having that beforehand too spares the next session the work.
pub(super) fn make_spare(admin: &mut Client, config: &Config, major: u16) -> Result<(), postgres::Error> {
    if exists(admin, SPARE)? {
        return Ok(());
    }
    let unready = "spare_unready";
    create_empty(admin, unready, major)?;
    config.clone().dbname(unready).connect(NoTls)?.close()?;
    while admin.query_opt("SELECT FROM pg_stat_activity WHERE datname = $1", &[&unready])?.is_some() {
        std::thread::sleep(Duration::from_millis(1));
    }
    rename(admin, unready, SPARE)
}

/// Makes the spare database, if there is one, the database of this name.
pub(super) fn take_spare(admin: &mut Client, database: &str) -> Result<bool, postgres::Error> {
    if !exists(admin, SPARE)? {
        return Ok(false);
    }
    Ok(rename(admin, SPARE, database).is_ok())
}

/// When a template was last used stands in its comment.
fn used_now(quoted: &str) -> String {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("COMMENT ON DATABASE {quoted} IS '{nanos}'")
}

/// How many bytes the templates within the bounds take, and the names of those beyond.
pub(super) fn excess(admin: &mut Client) -> Result<(u64, Vec<String>), postgres::Error> {
    let rows = admin.query(
        "SELECT datname::text, pg_database_size(oid) FROM pg_database WHERE starts_with(datname::text, $1) \
         ORDER BY shobj_description(oid, 'pg_database')::numeric DESC NULLS LAST",
        &[&PREFIX],
    )?;
    let (mut kept, mut total, mut excess) = (0, 0, Vec::new());
    for row in rows {
        let (name, bytes): (String, i64) = (row.get(0), row.get(1));
        let bytes = bytes.unsigned_abs();
        if kept == 0 || (kept < COUNT && total + bytes <= BYTES) {
            kept += 1;
            total += bytes;
        } else {
            excess.push(name);
        }
    }
    Ok((total, excess))
}

/// The databases that an earlier run left.
pub(super) fn left_overs(admin: &mut Client) -> Result<Vec<String>, postgres::Error> {
    let rows = admin.query(
        "SELECT datname::text FROM pg_database WHERE NOT starts_with(datname::text, $1) \
         AND datname NOT IN ('postgres', 'template0', 'template1', $2)",
        &[&PREFIX, &SPARE],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The statements that drop what SQL made outside its database: tablespaces and roles.
fn strays(admin: &mut Client) -> Result<Vec<String>, postgres::Error> {
    let rows = admin.query(
        "SELECT format('DROP TABLESPACE %I', spcname) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global') \
         UNION ALL SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname <> current_user AND rolname !~ '^pg_'",
        &[],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Whether something was made outside the databases. A template cannot bring that back.
pub(super) fn has_strays(admin: &mut Client) -> Result<bool, postgres::Error> {
    Ok(!strays(admin)?.is_empty())
}

/// Drops what SQL made outside its database and that no database needs any more.
pub(super) fn drop_strays(admin: &mut Client) -> Result<(), postgres::Error> {
    for statement in strays(admin)? {
        // A role that owns another's objects goes with its database: what cannot be dropped is still needed.
        let _ = admin.batch_execute(&statement);
    }
    Ok(())
}
