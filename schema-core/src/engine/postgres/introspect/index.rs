//! Reads indexes that stand on their own.

use super::draft::{Address, CLASS, Draft};
use super::failed;
use super::stable::stable;
use crate::engine::error::Error;
use crate::engine::kind::{Object, index::Index};
use crate::engine::name::Ident;
use postgres::Transaction;

pub(super) fn read(
    transaction: &mut Transaction<'_>,
    tables: &Vec<u32>,
    draft: &mut Draft,
) -> Result<(), Error> {
    for row in transaction.query(include_str!("index.sql"), &[tables]).map_err(failed)? {
        let oid: u32 = row.get(1);
        let Some(table) = draft.table(oid).cloned() else {
            continue;
        };
        let name = table.sibling(&Ident::from(row.get::<_, &str>(2)));
        draft.facets(&name, row.get(6));
        let index = Index {
            name,

            table,
            unique: row.get(3),
            on: stable(row.get(4)),
            columns: draft.columns(oid, &row.get::<_, Vec<i16>>(5)),
        };
        draft.add(Address::new(CLASS, row.get(0)), Object::Index(index));
    }
    Ok(())
}
