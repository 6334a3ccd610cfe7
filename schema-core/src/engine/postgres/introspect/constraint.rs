//! Reads constraints; the index inside one is part of it.

use super::draft::{Address, CLASS, CONSTRAINT, Draft};
use super::rows::Rows;
use super::stable::stable;
use crate::engine::default_name::{joined, object_name};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::constraint::{Constraint, Form};
use crate::engine::name::{Ident, QName};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let address = Address::new(CONSTRAINT, row.get(0));
        if let Some(whole) = row.get::<Option<u32>>(20) {
            if let Some(whole) = draft.target(Address::new(CONSTRAINT, whole)) {
                draft.add_inside(address, whole.object);
            }
            continue;
        }
        let oid: u32 = row.get(1);
        let form = match row.get(3) {
            "p" => Form::PrimaryKey,
            "u" => Form::Unique,
            "f" => Form::ForeignKey,
            "c" => Form::Check,
            _ => Form::Exclude,
        };
        let Some(table) = draft.table(oid).cloned() else {
            continue;
        };
        let printed: &str = row.get(4);
        let (definition, validated) = match printed.strip_suffix(" NOT VALID") {
            Some(definition) => (definition, false),
            None => (printed, true),
        };
        let name = Ident::from(row.get::<&str>(2));
        let index_name = table.sibling(&name);
        let usual = row.get::<Option<Vec<&str>>>(15).is_some_and(|columns| {
            let (columns, label) = match form {
                Form::PrimaryKey => (None, "pkey"),
                Form::Unique => (Some(joined(&columns)), "key"),
                Form::Exclude | Form::ForeignKey | Form::Check => (Some(joined(&columns)), "excl"),
            };
            object_name(table.name.as_str(), columns.as_deref(), label) == name.as_str()
        });
        let constraint = Constraint {
            table,
            name,
            form,
            definition: stable(definition),
            columns: draft.columns(oid, &row.get::<Option<Vec<i16>>>(5).unwrap_or_default()),
            references: row.get::<Option<&str>>(7).map(|schema| QName::new(schema, row.get::<&str>(8))),
            validated,
            local: row.get(10),
            inherited: row.get(11),
            parent: row.get::<Option<&str>>(12).map(Ident::from),
            attached_to: row.get::<Option<&str>>(13).map(|schema| QName::new(schema, row.get::<&str>(14))),
            usual,
            parameters: row.get::<Option<Vec<String>>>(16).unwrap_or_default(),
            tablespace: row.get::<Option<&str>>(17).map(Ident::from),
            clustered: row.get(18),
            replica_identity: row.get(19),
        };
        let Some(place) = draft.add(address, Object::Constraint(constraint)) else {
            continue;
        };
        if let Some(referenced) = row.get::<Option<u32>>(9) {
            draft.add_edge(place, Address::new(CLASS, referenced));
        }
        if let Some(index) = row.get::<Option<u32>>(6) {
            draft.add_part(Address::new(CLASS, index), place, ObjectId::Index(index_name));
        }
    }
}
