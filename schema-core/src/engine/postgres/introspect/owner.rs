//! Reads owners, where they are asked for. Must come after what they own.

use super::draft::{AUTHID, Address, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::owner::Owner;
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let address = Address::of(row.get(0), row.get(1), 0);
        // What is inside of something else has its owner.
        let Some(target) = draft.target(address).filter(|target| target.own) else {
            continue;
        };
        let of = draft.object(target.object).id();
        // An extension's owner cannot be changed.
        if let Object::Extension(_) = draft.object(target.object) {
            continue;
        }
        let role = Ident::from(row.get::<&str>(2));
        let place = draft.add_apart(Object::Owner(Owner { of, role }));
        draft.add_edge(place, address);
        draft.add_edge(place, Address::new(AUTHID, row.get(3)));
    }
}
