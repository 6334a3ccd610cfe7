//! Reads policies of tables.

use super::draft::{Address, CLASS, Draft, POLICY};
use super::rows::Rows;
use crate::engine::kind::{Object, policy::Policy};
use crate::engine::name::Ident;
use crate::engine::printed::Printed;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let relation: u32 = row.get(1);
        let Some(table) = draft.table(relation).cloned() else {
            continue;
        };
        let policy = Policy {
            table,
            name: Ident::from(row.get::<&str>(2)),
            permissive: row.get(3),
            command: row.get(4),
            roles: row.get::<Vec<&str>>(5).into_iter().map(Ident::from).collect(),
            using: row.get::<Option<&str>>(6).map(Printed::of),
            check: row.get::<Option<&str>>(7).map(Printed::of),
        };
        if let Some(place) = draft.add(Address::new(POLICY, row.get(0)), Object::Policy(Box::new(policy))) {
            draft.add_edge(place, Address::new(CLASS, relation));
        }
    }
}
