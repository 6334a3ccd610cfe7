//! Reads the rules of tables and views.

use super::draft::{Address, CLASS, Draft, REWRITE};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::rule::Rule;
use crate::engine::kind::trigger::Fires;
use crate::engine::name::Ident;
use crate::engine::printed::Printed;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let (oid, relation): (u32, u32) = (row.get(0), row.get(1));
        let Some(name) = draft.relation(relation) else {
            continue;
        };
        let rule = Rule {
            relation: name,
            name: Ident::from(row.get::<&str>(2)),
            definition: Printed::of(row.text(3)),
            fires: Fires::from_char(row.get(4)),
        };
        if let Some(place) = draft.add(Address::new(REWRITE, oid), Object::Rule(rule)) {
            draft.add_edge(place, Address::new(CLASS, relation));
        }
    }
}
