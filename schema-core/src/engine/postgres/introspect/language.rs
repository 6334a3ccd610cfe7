//! Reads procedural languages.

use super::draft::{Address, Draft, LANGUAGE};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::language::Language;
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let language =
            Language { name: Ident::from(row.get::<&str>(1)), trusted: row.get(2), definition: row.get(3) };
        draft.add(Address::new(LANGUAGE, row.get(0)), Object::Language(language));
    }
}
