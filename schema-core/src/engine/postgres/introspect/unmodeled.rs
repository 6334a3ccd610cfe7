//! Counts what is there but not modeled, by kind and name, so that nothing is skipped silently: whole objects, and
//! facets of objects that are modeled.

use super::draft::Draft;
use super::rows::Rows;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        draft.unmodeled(row.get(0), row.get(1));
    }
}
