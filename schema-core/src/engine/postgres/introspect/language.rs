//! Reads procedural languages.

use super::draft::{Address, Draft, LANGUAGE};
use crate::engine::kind::Object;
use crate::engine::kind::language::Language;
use crate::engine::name::Ident;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let language = Language {
            name: Ident::from(row.get::<_, &str>(1)),
            trusted: row.get(2),
            definition: row.get(3),
        };
        draft.add(Address::new(LANGUAGE, row.get(0)), Object::Language(language));
    }
}
