//! Reads PostgreSQL schemas, and with them what part of the database is read at all.

use super::draft::{Address, Draft, NAMESPACE};
use super::{ReadOptions, failed};
use crate::engine::error::Error;
use crate::engine::kind::{Object, schema::Schema};
use crate::engine::name::Ident;
use postgres::Transaction;

/// Gives the oids of the namespaces that the other families are read from.
pub(super) fn read(
    transaction: &mut Transaction<'_>,
    options: &ReadOptions,
    draft: &mut Draft,
) -> Result<Vec<u32>, Error> {
    let rows = transaction.query(include_str!("schema.sql"), &[&options.ignore_schemas]).map_err(failed)?;
    for row in &rows {
        let (oid, name): (u32, &str) = (row.get(0), row.get(1));
        draft.name_schema(oid, name);
        if row.get::<_, Option<u32>>(2).is_none() {
            draft.add(Address::new(NAMESPACE, oid), Object::Schema(Schema { name: Ident::from(name) }));
        }
    }
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
