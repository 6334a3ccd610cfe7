//! Reads composite types that stand on their own.

use super::draft::{Address, CLASS, Draft, TYPE};
use super::rows::Rows;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::composite::{Attribute, Composite};
use crate::engine::name::{Ident, QName};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let (numbers, names): (Vec<i16>, Vec<&str>) = (row.get(5), row.get(6));
        let (types, collations): (Vec<&str>, Vec<Option<&str>>) = (row.get(7), row.get(9));
        let schemas: Vec<Option<&str>> = row.get(8);
        let collations = schemas.iter().zip(collations);
        let attributes = names.iter().zip(types).zip(collations);
        let attributes = attributes.map(|((name, data_type), (schema, collation))| Attribute {
            name: Ident::from(*name),
            data_type: data_type.to_owned(),
            collation: schema.zip(collation).map(|(schema, name)| QName::new(schema, name)),
        });
        let composite = Composite { name: name.clone(), attributes: attributes.collect() };
        let Some(place) = draft.add(Address::new(TYPE, row.get(0)), Object::Composite(composite)) else {
            continue;
        };
        draft.add_inside(Address::new(TYPE, row.get(3)), place);
        let relation = Address::new(CLASS, row.get(4));
        draft.add_inside(relation, place);
        for (number, attribute) in numbers.iter().zip(names) {
            let address = Address { sub: *number, ..relation };
            draft.add_part(address, place, ObjectId::Column(name.clone(), Ident::from(attribute)));
        }
    }
}
