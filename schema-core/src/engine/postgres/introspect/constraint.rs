//! Reads constraints; the index inside one is part of it.

use super::draft::{Address, CLASS, CONSTRAINT, Draft};
use super::stable::stable;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::constraint::{Constraint, Form};
use crate::engine::name::{Ident, QName};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
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
        let name = Ident::from(row.get::<_, &str>(2));
        draft.facets(&table.sibling(&name), row.get(9));
        let index_name = table.sibling(&name);
        let constraint = Constraint {
            table,
            name,
            form,
            definition: stable(definition),
            columns: draft.columns(oid, &row.get::<_, Option<Vec<i16>>>(5).unwrap_or_default()),
            references: row.get::<_, Option<&str>>(7).map(|schema| QName::new(schema, row.get::<_, &str>(8))),
            validated,
        };
        let Some(place) = draft.add(Address::new(CONSTRAINT, row.get(0)), Object::Constraint(constraint))
        else {
            continue;
        };
        if let Some(referenced) = row.get::<_, Option<u32>>(10) {
            draft.add_edge(place, Address::new(CLASS, referenced));
        }
        if let Some(index) = row.get::<_, Option<u32>>(6) {
            draft.add_part(Address::new(CLASS, index), place, ObjectId::Index(index_name));
        }
    }
}
