//! Reads policies of tables.

use super::draft::{Address, CLASS, Draft, POLICY};
use super::stable::stable;
use crate::engine::kind::{Object, policy::Policy};
use crate::engine::name::Ident;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let relation: u32 = row.get(1);
        let Some(table) = draft.table(relation).cloned() else {
            continue;
        };
        let policy = Policy {
            table,
            name: Ident::from(row.get::<_, &str>(2)),
            permissive: row.get(3),
            command: row.get(4),
            roles: row.get::<_, Vec<&str>>(5).into_iter().map(Ident::from).collect(),
            using: row.get::<_, Option<&str>>(6).map(stable),
            check: row.get::<_, Option<&str>>(7).map(stable),
        };
        if let Some(place) = draft.add(Address::new(POLICY, row.get(0)), Object::Policy(policy)) {
            draft.add_edge(place, Address::new(CLASS, relation));
        }
    }
}
