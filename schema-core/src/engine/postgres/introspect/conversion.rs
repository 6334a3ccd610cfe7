//! Reads conversions between encodings.

use super::draft::{Address, CONVERSION, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::conversion::Conversion;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let conversion = Conversion { name, default: row.get(3), definition: row.get(4) };
        draft.add(Address::new(CONVERSION, row.get(0)), Object::Conversion(conversion));
    }
}
