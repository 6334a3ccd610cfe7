//! Reads indexes that stand on their own.

use super::draft::{Address, CLASS, Draft};
use super::rows::{Row, Rows};
use crate::engine::default_name::{joined, object_name};
use crate::engine::kind::{Object, index::Index};
use crate::engine::name::{Ident, QName, listed};
use crate::engine::printed::Printed;
use crate::engine::printed::find;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let oid: u32 = row.get(1);
        let Some(table) = draft.relation(oid) else {
            continue;
        };
        let name = table.sibling(&Ident::from(row.get::<&str>(2)));
        let parameters = row.get::<Option<Vec<String>>>(6).unwrap_or_default();
        let columns = draft.columns(oid, &row.get::<Vec<i16>>(5));
        let on = match row.get::<Option<&str>>(4) {
            Some(printed) if parameters.is_empty() => printed.to_owned(),
            Some(printed) => without_parameters(printed),
            None => plain(&row, &table, &columns, &draft.columns(oid, &row.get::<Vec<i16>>(19))),
        };
        let usual = row.get::<Option<Vec<&str>>>(14).is_some_and(|columns| {
            object_name(table.name.as_str(), Some(&joined(&columns)), "idx") == name.name.as_str()
        });
        let numbers = row.get::<Option<Vec<i16>>>(15).unwrap_or_default();
        let targets = row.get::<Option<Vec<i32>>>(16).unwrap_or_default();
        let index = Index {
            name,
            table,
            unique: row.get(3),
            on: Printed::of(&on),
            columns: columns.into(),
            parameters: parameters.into(),
            tablespace: row.get::<Option<&str>>(7).map(Ident::from),
            valid: row.get(8),
            clustered: row.get(9),
            replica_identity: row.get(10),
            partitioned: row.get(11),
            attached_to: row.get::<Option<&str>>(12).map(|schema| QName::new(schema, row.get::<&str>(13))),
            usual,
            statistics: numbers.into_iter().zip(targets).collect(),
        };
        if let Some(place) = draft.add(Address::new(CLASS, row.get(0)), Object::Index(index)) {
            draft.add_edge(place, Address::new(CLASS, oid));
        }
    }
}

/// As `pg_get_indexdef` prints it, for columns with what their types have anyway (ruleutils.c).
fn plain(row: &Row<'_>, table: &QName, columns: &[Ident], included: &[Ident]) -> String {
    let options = row.get::<Vec<i16>>(18);
    let key = |(column, option): (&Ident, i16)| {
        let order = match (option & DESC != 0, option & NULLS_FIRST != 0) {
            (false, false) => "",
            (false, true) => " NULLS FIRST",
            (true, false) => " DESC NULLS LAST",
            (true, true) => " DESC",
        };
        format!("{column}{order}")
    };
    let keys: Vec<String> = columns.iter().zip(options).map(key).collect();
    let mut on = format!("{table} USING {} ({})", Ident::from(row.get::<&str>(17)), keys.join(", "));
    if !included.is_empty() {
        on += &format!(" INCLUDE ({})", listed(included));
    }
    if row.get(20) {
        on += " NULLS NOT DISTINCT";
    }
    if let Some(predicate) = row.get::<Option<&str>>(21) {
        on += &format!(" WHERE {predicate}");
    }
    on
}

/// Bits of `indoption` (pg_index.h).
const DESC: i16 = 1;
const NULLS_FIRST: i16 = 2;

/// The definition without `WITH (...)`: the parameters are known as such.
fn without_parameters(printed: &str) -> String {
    let Some(start) = find(printed, " WITH (") else { return printed.to_owned() };
    let rest = &printed[start + " WITH (".len()..];
    let end = find(rest, ")").map_or(rest.len(), |end| end + 1);
    format!("{}{}", &printed[..start], &rest[end..])
}
