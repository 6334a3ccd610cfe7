//! The reader: a whole database becomes a Catalog in a dozen set-based queries. It changes nothing and decides
//! nothing; each family of objects has a file with its query and one that turns the rows into objects.
//!
//! The queries name no catalog column that one of PostgreSQL 14 to 18 lacks, so nothing depends on the version.

mod column;
mod comment;
mod constraint;
mod depend;
mod draft;
mod enumeration;
mod extension;
mod index;
mod schema;
mod sequence;
mod stable;
mod table;
mod unmodeled;

#[cfg(test)]
mod tests;

use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use draft::Draft;
use postgres::{Client, IsolationLevel, Transaction};
pub use stable::stable;

/// The oldest server that is read: `server_version_num`.
const OLDEST: u32 = 140_000;

/// What the reader leaves out.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Names of PostgreSQL schemas that are not read at all, such as the one of the migration ledger.
    pub ignore_schemas: Vec<String>,
}

/// Settings that change how PostgreSQL prints what it stores, and two that only make short queries slow.
///
/// With this search_path every name is printed qualified, as with an empty one; `pg_temp` stands last so that no
/// temporary table is taken for a system catalog.
const SETTINGS: &str = "
    SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL quote_all_identifiers = off;
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL extra_float_digits = 1;
    SET LOCAL bytea_output = 'hex';
    SET LOCAL DateStyle = 'ISO, MDY';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL lc_monetary = 'C';
    SET LOCAL jit = off;
    SET LOCAL max_parallel_workers_per_gather = 0;";

/// Reads the whole database, in a transaction of its own that sees one moment and writes nothing.
pub fn read(client: &mut Client, options: &ReadOptions) -> Result<Catalog, Error> {
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .map_err(failed)?;
    transaction.batch_execute(SETTINGS).map_err(failed)?;
    let catalog = read_all(&mut transaction, options)?;
    transaction.rollback().map_err(failed)?;
    Ok(catalog)
}

/// Reads the whole database as an open transaction sees it, its own changes included. The transaction's settings
/// are afterwards what they were.
pub fn read_in(transaction: &mut Transaction<'_>, options: &ReadOptions) -> Result<Catalog, Error> {
    // Rolling back to a savepoint undoes SET LOCAL.
    let mut savepoint = transaction.transaction().map_err(failed)?;
    savepoint.batch_execute(SETTINGS).map_err(failed)?;
    let catalog = read_all(&mut savepoint, options)?;
    savepoint.rollback().map_err(failed)?;
    Ok(catalog)
}

fn read_all(transaction: &mut Transaction<'_>, options: &ReadOptions) -> Result<Catalog, Error> {
    let server_version = server_version(transaction)?;
    let mut draft = Draft::new(server_version);
    // The order matters: each family finds the addresses of those before it.
    let namespaces = schema::read(transaction, options, &mut draft)?;
    extension::read(transaction, &mut draft)?;
    enumeration::read(transaction, &namespaces, &mut draft)?;
    let tables = table::read(transaction, &namespaces, &mut draft)?;
    let identities = sequence::read(transaction, &namespaces, &mut draft)?;
    column::read(transaction, &tables, identities, &mut draft)?;
    constraint::read(transaction, &tables, &mut draft)?;
    index::read(transaction, &tables, &mut draft)?;
    comment::read(transaction, &mut draft)?;
    unmodeled::read(transaction, &namespaces, &tables, &mut draft)?;
    let depends = depend::read(transaction, &mut draft)?;
    Ok(draft.finish(depends))
}

fn server_version(transaction: &mut Transaction<'_>) -> Result<u32, Error> {
    let row = transaction
        .query_one(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version')",
            &[],
        )
        .map_err(failed)?;
    let version = u32::try_from(row.get::<_, i32>(0)).unwrap_or(0);
    if version < OLDEST {
        let name: &str = row.get(1);
        return Err(Error::usage(format!(
            "the server is PostgreSQL {name}; 14 is the oldest that can be read"
        ))
        .next("use PostgreSQL 14 or newer"));
    }
    Ok(version)
}

/// A query of the reader that did not work: the connection is gone, a timeout, or a defect.
fn failed(error: postgres::Error) -> Error {
    let why = match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => error.to_string(),
    };
    Error::failed(format!("the database could not be read: {why}"))
}
