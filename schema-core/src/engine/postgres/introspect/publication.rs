//! Reads publications with their tables and schemas.

use super::draft::{Address, Draft, PUBLICATION};
use super::rows::{Row, Rows};
use crate::engine::kind::Object;
use crate::engine::kind::publication::{Publication, Published};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use std::collections::BTreeSet;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    let rows: Vec<Row<'_>> = rows.iter().collect();
    let oid = |row: &Row<'_>| row.get::<u32>(0);
    for members in rows.chunk_by(|a, b| oid(a) == oid(b)) {
        let Some(row) = members.first() else { continue };
        let mut publication = Publication {
            name: Ident::from(row.get::<&str>(1)),
            all_tables: row.get(2),
            tables: Vec::new(),
            schemas: BTreeSet::new(),
            publish: row.get(3),
            via_root: row.get(4),
            generated_columns: row.get(5),
        };
        let mut inside = Vec::new();
        for member in members {
            let Some(class) = member.get::<Option<u32>>(6) else { continue };
            inside.push(Address::of(class, member.get(7), 0));
            let schema: &str = member.get(8);
            match member.get::<Option<&str>>(9) {
                None => {
                    publication.schemas.insert(Ident::from(schema));
                }
                Some(name) => publication.tables.push(Published {
                    table: QName::new(schema, name),
                    columns: member
                        .get::<Option<Vec<&str>>>(10)
                        .map(|columns| columns.into_iter().map(Ident::from).collect()),
                    condition: member.get::<Option<&str>>(11).map(Printed::of),
                }),
            }
        }
        let Some(place) = draft.add(Address::new(PUBLICATION, oid(row)), Object::Publication(publication))
        else {
            continue;
        };
        for address in inside {
            draft.add_inside(address, place);
        }
    }
}
