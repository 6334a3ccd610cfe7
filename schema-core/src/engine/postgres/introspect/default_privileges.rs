//! Reads default privileges.

use super::draft::{AUTHID, Address, Draft};
use super::grant::privileges;
use crate::engine::kind::Object;
use crate::engine::kind::default_privileges::DefaultPrivileges;
use crate::engine::name::Ident;
use postgres::Row;
use std::collections::BTreeMap;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for rows in rows.chunk_by(|a, b| a.get::<_, u32>(0) == b.get::<_, u32>(0)) {
        let row = &rows[0];
        let schema = row.get::<_, Option<&str>>(3).map(Ident::from);
        let on = match row.get(4) {
            "r" => "TABLES",
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "n" => "SCHEMAS",
            other => {
                draft.unmodeled("default privileges", other);
                continue;
            }
        };
        let mut by_role = BTreeMap::new();
        for row in rows {
            let (held, usual) = (privileges(row.get(7), draft), privileges(row.get(8), draft));
            if held != usual {
                by_role.insert(Ident::from(row.get::<_, &str>(5)), held);
            }
        }
        let role = Ident::from(row.get::<_, &str>(1));
        let object = DefaultPrivileges { role, schema, on: on.to_owned(), privileges: by_role };
        let place = draft.add_apart(Object::DefaultPrivileges(object));
        for oid in rows.iter().map(|row| row.get(6)).chain([row.get(2)]) {
            draft.add_edge(place, Address::new(AUTHID, oid));
        }
    }
}
