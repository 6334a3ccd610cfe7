//! Reads operators.

use super::draft::{Address, Draft, OPERATOR};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::operator::Operator;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let operator = Operator {
            name,
            operands: row.text(3),
            definition: row.get(4),
            restrict: row.get(5),
            join: row.get(6),
        };
        draft.add(Address::new(OPERATOR, row.get(0)), Object::Operator(operator));
    }
}
