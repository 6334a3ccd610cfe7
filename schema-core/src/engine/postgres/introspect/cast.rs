//! Reads casts.

use super::draft::{Address, CAST, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::cast::Cast;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let cast = Cast { from: row.text(1), to: row.text(2), definition: row.get(3) };
        draft.add(Address::new(CAST, row.get(0)), Object::Cast(cast));
    }
}
