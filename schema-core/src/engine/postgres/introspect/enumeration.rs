//! Reads enum types with their labels.

use super::draft::{Address, Draft, TYPE};
use super::failed;
use crate::engine::error::Error;
use crate::engine::kind::{Object, enumeration::Enum};
use postgres::Transaction;

pub(super) fn read(
    transaction: &mut Transaction<'_>,
    namespaces: &Vec<u32>,
    draft: &mut Draft,
) -> Result<(), Error> {
    for row in transaction.query(include_str!("enumeration.sql"), &[namespaces]).map_err(failed)? {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let object = Object::Enum(Enum { name, labels: row.get(4) });
        let place = draft.add(Address::new(TYPE, row.get(0)), object);
        draft.add_inside(Address::new(TYPE, row.get(3)), place);
    }
    Ok(())
}
