//! Reads event triggers.

use super::draft::{Address, Draft, EVENT_TRIGGER};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::event_trigger::EventTrigger;
use crate::engine::kind::trigger::Fires;
use crate::engine::name::{Ident, QName};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let trigger = EventTrigger {
            name: Ident::from(row.get::<&str>(1)),
            event: Ident::from(row.get::<&str>(2)),
            tags: row.get(3),
            function: QName::new(row.get::<&str>(4), row.get::<&str>(5)),
            fires: Fires::from_char(row.get(6)),
        };
        draft.add(Address::new(EVENT_TRIGGER, row.get(0)), Object::EventTrigger(trigger));
    }
}
