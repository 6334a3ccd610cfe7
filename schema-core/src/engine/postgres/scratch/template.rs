//! Template databases of a pooled cluster: kept by key, bounded, and the tidying of what earlier runs left.

use std::time::SystemTime;

use postgres::Client;

use super::database::{drop_database, quote};

const PREFIX: &str = "template_";
/// A cluster keeps at most so many templates, the most recently used.
const COUNT: usize = 12;
/// Nor may they take more than this together, but for the last one used.
const BYTES: i64 = 400 << 20;

/// The name of the template of a key.
pub(super) fn name(key: &str) -> String {
    format!("{PREFIX}{}", super::digest(key))
}

pub(super) fn exists(admin: &mut Client, name: &str) -> Result<bool, postgres::Error> {
    let row = admin.query_opt("SELECT FROM pg_database WHERE datname = $1::text", &[&name])?;
    Ok(row.is_some())
}

/// Makes the database the template of this name.
pub(super) fn keep(admin: &mut Client, database: &str, name: &str) -> Result<(), postgres::Error> {
    drop_database(admin, name, true)?;
    let (database, name) = (quote(database), quote(name));
    admin.batch_execute(&format!(
        "ALTER DATABASE {database} RENAME TO {name}; ALTER DATABASE {name} ALLOW_CONNECTIONS false; {}",
        used_now(&name)
    ))
}

/// Creates a database as a copy. Files are copied as they are: a schema of thousands of small files goes faster so
/// than through the write-ahead log.
pub(super) fn copy(
    admin: &mut Client,
    name: &str,
    database: &str,
    major: u16,
) -> Result<(), postgres::Error> {
    let strategy = if major >= 15 { " STRATEGY file_copy" } else { "" };
    admin.batch_execute(&format!(
        "CREATE DATABASE {} TEMPLATE {}{strategy}",
        quote(database),
        quote(name)
    ))?;
    admin.batch_execute(&used_now(&quote(name)))
}

/// When a template was last used stands in its comment.
fn used_now(quoted: &str) -> String {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("COMMENT ON DATABASE {quoted} IS '{nanos}'")
}

/// Drops the templates beyond the bounds; returns the bytes of those that stay.
pub(super) fn bound(admin: &mut Client) -> Result<i64, postgres::Error> {
    let rows = admin.query(
        "SELECT datname::text, pg_database_size(oid) FROM pg_database WHERE starts_with(datname::text, $1) \
         ORDER BY shobj_description(oid, 'pg_database')::numeric DESC NULLS LAST",
        &[&PREFIX],
    )?;
    let (mut kept, mut total) = (0, 0);
    for row in rows {
        let (name, bytes): (String, i64) = (row.get(0), row.get(1));
        if kept == 0 || (kept < COUNT && total + bytes <= BYTES) {
            kept += 1;
            total += bytes;
        } else {
            drop_database(admin, &name, true)?;
        }
    }
    Ok(total)
}

/// Drops the databases that an earlier run left.
pub(super) fn drop_left_overs(admin: &mut Client) -> Result<(), postgres::Error> {
    let rows = admin.query(
        "SELECT datname::text FROM pg_database WHERE NOT starts_with(datname::text, $1) \
         AND datname NOT IN ('postgres', 'template0', 'template1')",
        &[&PREFIX],
    )?;
    for row in rows {
        drop_database(admin, row.get(0), true)?;
    }
    Ok(())
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
