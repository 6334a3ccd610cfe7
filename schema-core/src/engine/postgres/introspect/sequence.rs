//! Reads sequences. Those inside identity columns are handed to the columns.

use super::draft::{Address, CLASS, Draft};
use super::rows::{Row, Rows};
use crate::engine::kind::Object;
use crate::engine::kind::sequence::{Sequence, SequenceOptions};
use crate::engine::name::{Ident, QName};

/// The sequence inside an identity column.
pub(super) struct Inside {
    /// Its oid.
    pub(super) oid: u32,
    /// Its name.
    pub(super) name: QName,
    /// Its numbers.
    pub(super) options: SequenceOptions,
}

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let oid = row.get(0);
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let options = options(row);
        let owner = row.get::<Option<u32>>(12);
        match (row.get::<Option<bool>>(11), owner) {
            (Some(true), Some(table)) => {
                let column = Address::of(u32::from(CLASS), table, row.get(13));
                draft.identities.insert(column, Inside { oid, name, options });
            }
            (Some(_) | None, _) => {
                let owned_by = owner.map(|_| {
                    let table = QName::new(row.get::<&str>(14), row.get::<&str>(15));
                    (table, Ident::from(row.get::<&str>(16)))
                });
                let sequence = Sequence { name, options, owned_by, unlogged: row.get(3) };
                draft.add(Address::new(CLASS, oid), Object::Sequence(Box::new(sequence)));
            }
        }
    }
}

fn options(row: Row<'_>) -> SequenceOptions {
    SequenceOptions {
        data_type: row.get(4),
        start: row.get(5),
        increment: row.get(6),
        min: row.get(7),
        max: row.get(8),
        cache: row.get(9),
        cycle: row.get(10),
    }
}
