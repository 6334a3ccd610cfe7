//! Reads statistics objects.

use super::draft::{Address, CLASS, Draft, STATISTICS};
use super::rows::Rows;
use crate::engine::kind::{Object, statistics::Statistics};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let (Some(name), Some(table)) = (draft.qname(row.get(1), row.get(2)), draft.relation(row.get(3)))
        else {
            continue;
        };
        let definition = row.get::<&str>(4).trim_start().to_owned();
        let statistics = Statistics { name, table: table.clone(), definition, target: row.get(5) };
        if let Some(place) = draft.add(Address::new(STATISTICS, row.get(0)), Object::Statistics(statistics)) {
            draft.add_edge(place, Address::new(CLASS, row.get(3)));
        }
    }
}
