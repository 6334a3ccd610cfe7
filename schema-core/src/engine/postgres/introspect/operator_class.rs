//! Reads operator families and classes.

use super::draft::{Address, Draft, OPCLASS, OPFAMILY};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::operator_class::{OperatorClass, OperatorFamily};
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(2), row.get(3)) else {
            continue;
        };
        let method = Ident::from(row.get::<&str>(4));
        let texts = |at| row.get::<Option<Vec<String>>>(at).unwrap_or_default();
        let numbers = |at| row.get::<Option<Vec<u32>>>(at).unwrap_or_default();
        let is_family: bool = row.get(0);
        let place = if is_family {
            let members = texts(7).into_iter().zip(texts(8)).collect();
            let family = OperatorFamily { name, method, members };
            draft.add(Address::new(OPFAMILY, row.get(1)), Object::OperatorFamily(family))
        } else {
            let storage: Option<String> = row.get(10);
            let members = texts(8).into_iter().chain(storage).collect();
            let class = OperatorClass { name, method, head: row.get(9), members };
            draft.add(Address::new(OPCLASS, row.get(1)), Object::OperatorClass(class))
        };
        if let Some(place) = place {
            for (class, oid) in numbers(5).into_iter().zip(numbers(6)) {
                draft.add_inside(Address::of(class, oid, 0), place);
            }
        }
    }
}
