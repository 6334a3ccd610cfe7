//! Reads extensions. What belongs to them is left out by the other families.

use super::draft::{Address, Draft, EXTENSION};
use super::failed;
use crate::engine::error::Error;
use crate::engine::kind::{Object, extension::Extension};
use crate::engine::name::Ident;
use postgres::Transaction;

pub(super) fn read(transaction: &mut Transaction<'_>, draft: &mut Draft) -> Result<(), Error> {
    for row in transaction.query(include_str!("extension.sql"), &[]).map_err(failed)? {
        let extension = Extension {
            name: Ident::from(row.get::<_, &str>(1)),
            schema: Ident::from(row.get::<_, &str>(2)),
            version: row.get(3),
        };
        draft.add(Address::new(EXTENSION, row.get(0)), Object::Extension(extension));
    }
    Ok(())
}
