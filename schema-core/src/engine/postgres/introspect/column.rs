//! Reads columns with their defaults and identities.

use super::draft::{ATTRDEF, Address, CLASS, CONSTRAINT, Draft};
use super::rows::{Rows, Texts};
use crate::engine::default_name::object_name;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::column::{Column, Compression, Generated, Identity, NotNull, Storage};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    let mut texts = Texts::default();
    for row in rows.iter() {
        let (oid, position): (u32, i16) = (row.get(0), row.get(1));
        let Some(table) = draft.table(oid).cloned() else {
            continue;
        };
        let address = Address { sub: position, ..Address::new(CLASS, oid) };
        let inside = draft.identities.remove(&address);
        let sequence = inside
            .as_ref()
            .map(|inside| (Address::new(CLASS, inside.oid), ObjectId::Sequence(inside.name.clone())));
        let constraint = row.get::<Option<u32>>(20).zip(row.get::<Option<&str>>(17)).map(|(oid, name)| {
            (Address::new(CONSTRAINT, oid), ObjectId::Constraint(table.clone(), Ident::from(name)))
        });
        let always = row.get::<&str>(8) == "a";
        let name = Ident::new(texts.share(row.get(2)));
        let usual = object_name(table.name.as_str(), Some(name.as_str()), "not_null");
        let column = Column {
            table,
            name,
            position,
            data_type: texts.share(row.get(3)),
            not_null: row.get(4),
            default: row.get::<Option<&str>>(6).map(|printed| Printed::of(texts.share(printed))),
            generated: match row.get(7) {
                "s" => Some(Generated::Stored),
                "v" => Some(Generated::Virtual),
                _ => None,
            },
            identity: inside
                .map(|inside| Box::new(Identity { always, sequence: inside.name, options: inside.options })),
            collation: row
                .get::<Option<&str>>(9)
                .map(|schema| Box::new(QName::new(schema, row.get::<&str>(10)))),
            local: row.get(11),
            inherited: row.get(12),
            storage: row.get::<Option<&str>>(13).and_then(Storage::of_letter),
            compression: Compression::of_letter(row.get(14)),
            statistics: row.get(15),
            parameters: row.get::<Option<Vec<String>>>(16).unwrap_or_default().into(),
            not_null_constraint: row.get::<Option<&str>>(17).and_then(|name| {
                let constraint = NotNull {
                    name: Ident::from(name),
                    validated: row.get(18),
                    no_inherit: row.get(19),
                    inherited: row.get(21),
                };
                let plain = constraint.validated && !constraint.no_inherit && !constraint.inherited;
                (name != usual || !plain).then(|| Box::new(constraint))
            }),
        };
        let Some(place) = draft.add(address, Object::Column(column)) else {
            continue;
        };
        for (address, name) in sequence.into_iter().chain(constraint) {
            draft.add_part(address, place, name);
        }
        if let Some(default) = row.get::<Option<u32>>(5) {
            draft.add_inside(Address::new(ATTRDEF, default), place);
        }
    }
}
