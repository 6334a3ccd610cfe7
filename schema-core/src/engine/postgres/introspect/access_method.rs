//! Reads access methods.

use super::draft::{ACCESS_METHOD, Address, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::access_method::AccessMethod;
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let method = AccessMethod { name: Ident::from(row.get::<&str>(1)), definition: row.get(2) };
        draft.add(Address::new(ACCESS_METHOD, row.get(0)), Object::AccessMethod(method));
    }
}
