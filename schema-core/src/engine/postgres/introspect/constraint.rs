//! Reads constraints; the index inside one is part of it.

use super::draft::{Address, CLASS, CONSTRAINT, Draft};
use super::rows::{Row, Rows};
use crate::engine::default_name::{joined, object_name};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::constraint::{Constraint, Form};
use crate::engine::name::{Ident, QName, listed};
use crate::engine::printed::Printed;

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
        let columns = draft.columns(oid, &row.get::<Option<Vec<i16>>>(5).unwrap_or_default());
        let references = row.get::<Option<&str>>(7).map(|schema| QName::new(schema, row.get::<&str>(8)));
        let (definition, validated) = match row.get::<Option<&str>>(4) {
            Some(printed) => match printed.strip_suffix(" NOT VALID") {
                Some(definition) => (Printed::of(definition), false),
                None => (Printed::of(printed), true),
            },
            None => (Printed::of(key(&row, form, &columns, references.as_ref(), draft)), row.get(27)),
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
            definition,
            columns: columns.into(),
            references,
            validated,
            local: row.get(10),
            inherited: row.get(11),
            parent: row.get::<Option<&str>>(12).map(Ident::from),
            attached_to: row
                .get::<Option<&str>>(13)
                .map(|schema| Box::new(QName::new(schema, row.get::<&str>(14)))),
            usual,
            parameters: row.get::<Option<Vec<String>>>(16).unwrap_or_default().into(),
            tablespace: row.get::<Option<&str>>(17).map(Ident::from),
            clustered: row.get(18),
            replica_identity: row.get(19),
            complete: row.get(28),
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

/// As `pg_get_constraintdef` prints a plain key (ruleutils.c).
fn key(row: &Row<'_>, form: Form, columns: &[Ident], references: Option<&QName>, draft: &Draft) -> String {
    let of_form = match form {
        Form::PrimaryKey => "PRIMARY KEY",
        Form::Unique => "UNIQUE",
        Form::ForeignKey => "FOREIGN KEY",
        Form::Check => "CHECK",
        Form::Exclude => "EXCLUDE",
    };
    let mut definition = format!("{of_form} ({})", listed(columns));
    if let (Some(table), Some(oid)) = (references, row.get::<Option<u32>>(9)) {
        let referenced = draft.columns(oid, &row.get::<Option<Vec<i16>>>(21).unwrap_or_default());
        definition += &format!(" REFERENCES {table}({})", listed(&referenced));
        definition += if row.get::<&str>(22) == "f" { " MATCH FULL" } else { "" };
        for (event, action) in [("UPDATE", row.get(23)), ("DELETE", row.get(24))] {
            match action {
                "r" => definition += &format!(" ON {event} RESTRICT"),
                "c" => definition += &format!(" ON {event} CASCADE"),
                "n" => definition += &format!(" ON {event} SET NULL"),
                "d" => definition += &format!(" ON {event} SET DEFAULT"),
                _no_action => {}
            }
        }
    }
    definition += if row.get(25) { " DEFERRABLE" } else { "" };
    definition += if row.get(26) { " INITIALLY DEFERRED" } else { "" };
    definition
}
