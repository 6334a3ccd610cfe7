//! Reads casts.

use super::draft::{Address, CAST, Draft};
use crate::engine::kind::Object;
use crate::engine::kind::cast::Cast;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let cast = Cast { from: row.get(1), to: row.get(2), definition: row.get(3) };
        draft.add(Address::new(CAST, row.get(0)), Object::Cast(cast));
    }
}
