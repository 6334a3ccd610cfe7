//! Reads views and materialized views with their columns.

use super::draft::{ATTRDEF, Address, CLASS, Draft, REWRITE, TYPE};
use super::rows::{Row, Rows};
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::column::{Compression, Storage};
use crate::engine::kind::materialized_view::{ColumnSettings, MaterializedView};
use crate::engine::kind::view::{View, ViewColumn};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let oid: u32 = row.get(0);
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let columns = columns(row);
        let ids: Vec<ObjectId> =
            columns.iter().map(|column| ObjectId::Column(name.clone(), column.name.clone())).collect();
        let definition = Printed::of(row.text(4));
        let options = row.get(5);
        let ident = |at: usize| row.get::<Option<&str>>(at).map(Ident::from);
        let object = if row.get(3) {
            Object::MaterializedView(Box::new(MaterializedView {
                name,
                columns,
                definition,
                options,
                access_method: ident(10),
                tablespace: ident(11),
                settings: settings(row),
                populated: row.get(9),
            }))
        } else {
            let names = row.get::<Vec<&str>>(17).into_iter().map(Ident::from);
            let defaults = row.get::<Vec<&str>>(18).into_iter().map(Printed::of);
            Object::View(Box::new(View {
                name,
                columns,
                definition,
                options,
                defaults: names.zip(defaults).collect(),
            }))
        };
        let Some(place) = draft.add(Address::new(CLASS, oid), object) else {
            continue;
        };
        // Its query, its row type and the array type of that.
        draft.add_inside(Address::new(REWRITE, row.get(6)), place);
        draft.add_inside(Address::new(TYPE, row.get(7)), place);
        draft.add_inside(Address::new(TYPE, row.get(8)), place);
        for default in row.get::<Vec<u32>>(16) {
            draft.add_inside(Address::new(ATTRDEF, default), place);
        }
        for (number, id) in (1..).zip(ids) {
            draft.add_part(Address { sub: number, ..Address::new(CLASS, oid) }, place, id);
        }
    }
}

fn columns(row: Row<'_>) -> Vec<ViewColumn> {
    let names: Vec<&str> = row.get(12);
    let types: Vec<String> = row.get(13);
    let schemas: Vec<Option<&str>> = row.get(14);
    let collations: Vec<Option<&str>> = row.get(15);
    let collations = schemas.into_iter().zip(collations);
    let parts = names.into_iter().zip(types).zip(collations);
    parts
        .map(|((name, data_type), (schema, collation))| ViewColumn {
            name: Ident::from(name),
            data_type,
            collation: schema.zip(collation).map(|(schema, name)| QName::new(schema, name)),
        })
        .collect()
}

fn settings(row: Row<'_>) -> Vec<ColumnSettings> {
    let names: Vec<&str> = row.get(19);
    let statistics: Vec<Option<i16>> = row.get(20);
    let [storage, compression, options, usual] = [21, 22, 23, 24].map(|at| row.get::<Vec<Option<&str>>>(at));
    let storage_word = |letter| Storage::of_letter(letter).map(|storage| storage.as_str().to_owned());
    let setting = |(at, name): (usize, &str)| ColumnSettings {
        column: Ident::from(name),
        statistics: statistics[at],
        storage: storage[at].and_then(storage_word),
        compression: compression[at]
            .and_then(Compression::of_letter)
            .map(|method| method.as_str().to_owned()),
        options: options[at].map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        usual_storage: usual[at].and_then(storage_word).unwrap_or_default(),
    };
    names.into_iter().enumerate().map(setting).collect()
}
