//! Reads default privileges.

use super::draft::{AUTHID, Address, Draft};
use super::grant::privileges;
use super::rows::{Row, Rows};
use crate::engine::kind::Object;
use crate::engine::kind::default_privileges::DefaultPrivileges;
use crate::engine::name::Ident;
use std::collections::BTreeMap;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    let rows: Vec<Row<'_>> = rows.iter().collect();
    for rows in rows.chunk_by(|a, b| a.get::<u32>(0) == b.get::<u32>(0)) {
        let row = &rows[0];
        let schema = row.get::<Option<&str>>(3).map(Ident::from);
        let on = match row.get(4) {
            "r" => "TABLES",
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "n" => "SCHEMAS",
            "L" => "LARGE OBJECTS",
            other => {
                draft.unmodeled("default privileges", other);
                continue;
            }
        };
        let mut by_role = BTreeMap::new();
        for row in rows.iter() {
            let (held, usual) = (privileges(row.get(7), draft), privileges(row.get(8), draft));
            if held != usual {
                by_role.insert(Ident::from(row.get::<&str>(5)), held);
            }
        }
        let role = Ident::from(row.get::<&str>(1));
        let object = DefaultPrivileges { role, schema, on: on.to_owned(), privileges: by_role };
        let place = draft.add_apart(Object::DefaultPrivileges(object));
        for oid in rows.iter().map(|row| row.get(6)).chain([row.get(2)]) {
            draft.add_edge(place, Address::new(AUTHID, oid));
        }
    }
}
