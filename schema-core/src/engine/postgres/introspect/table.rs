//! Reads tables, plain, partitioned and foreign, with what they inherit from.

use super::draft::{Address, CLASS, Draft, TYPE};
use super::foreign::options;
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::foreign::Options;
use crate::engine::kind::foreign_table::ForeignTable;
use crate::engine::kind::table::{ReplicaIdentity, Table};
use crate::engine::name::{Ident, QName};
use std::collections::BTreeMap;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let mut parameters = row.get::<Option<Vec<String>>>(14).unwrap_or_default();
        let of_toast = row.get::<Option<Vec<String>>>(15).unwrap_or_default();
        parameters.extend(of_toast.iter().map(|parameter| format!("toast.{parameter}")));
        let table = Table {
            name,
            unlogged: row.get(3),
            row_security: row.get(20),
            force_row_security: row.get(21),
            partitioned_by: row.get(6),
            parents: names(row.get(8), row.get(9)),
            bound: row.get(7),
            of_type: row.get(13),
            parameters,
            access_method: row.get::<Option<&str>>(16).map(Ident::from),
            tablespace: row.get::<Option<&str>>(17).map(Ident::from),
            replica_identity: match row.get(18) {
                "f" => ReplicaIdentity::Full,
                "n" => ReplicaIdentity::Nothing,
                "i" => ReplicaIdentity::Index,
                _ => ReplicaIdentity::Default,
            },
            clustered_on: row.get::<Option<&str>>(19).map(Ident::from),
            children: names(row.get(10), row.get(11)),
            attached: row
                .get::<Option<Vec<&str>>>(12)
                .unwrap_or_default()
                .into_iter()
                .map(Ident::from)
                .collect(),
        };
        let object = match row.get::<Option<&str>>(22) {
            None => Object::Table(Box::new(table)),
            Some(server) => Object::ForeignTable(Box::new(ForeignTable {
                table,
                server: Ident::from(server),
                options: options(row.get::<Option<Vec<&str>>>(23).unwrap_or_default()),
                columns: column_options(row.get(24), row.get(25)),
            })),
        };
        if let Some(place) = draft.add(Address::new(CLASS, row.get(0)), object) {
            // The row type and its array type.
            draft.add_inside(Address::new(TYPE, row.get(4)), place);
            draft.add_inside(Address::new(TYPE, row.get(5)), place);
        }
    }
}

fn column_options(names: Option<Vec<&str>>, values: Option<Vec<&str>>) -> BTreeMap<Ident, Options> {
    let (names, values) = (names.unwrap_or_default(), values.unwrap_or_default());
    let mut columns: BTreeMap<Ident, Options> = BTreeMap::new();
    for (column, option) in names.into_iter().zip(values) {
        columns.entry(Ident::from(column)).or_default().0.append(&mut options(vec![option]).0);
    }
    columns
}

fn names(schemas: Option<Vec<&str>>, names: Option<Vec<&str>>) -> Vec<QName> {
    let (schemas, names) = (schemas.unwrap_or_default(), names.unwrap_or_default());
    schemas.into_iter().zip(names).map(|(schema, name)| QName::new(schema, name)).collect()
}
