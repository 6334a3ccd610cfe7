//! Reads triggers. Must come after the relations.

use super::draft::{Address, CLASS, CONSTRAINT, Draft, TRIGGER};
use super::rows::Rows;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::trigger::{Fires, Form, Trigger};
use crate::engine::name::Ident;
use crate::engine::printed::Printed;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(target) = draft.target(Address::new(CLASS, row.get(1))) else {
            draft.unmodeled("trigger", row.get(7));
            continue;
        };
        let (ObjectId::Table(relation) | ObjectId::View(relation) | ObjectId::MaterializedView(relation)) =
            draft.object(target.object).id()
        else {
            continue;
        };
        let printed: &str = row.get(3);
        let definition = Printed::of(printed.strip_prefix("CREATE ").unwrap_or(printed));
        let trigger = Trigger {
            relation,
            name: Ident::from(row.get::<&str>(2)),
            form: match row.get::<Option<&str>>(6) {
                Some(usual) => Form::Inherited { usual: Fires::from_char(usual) },
                None => Form::Own { definition },
            },
            fires: Fires::from_char(row.get(4)),
        };
        if let Some(place) = draft.add(Address::new(TRIGGER, row.get(0)), Object::Trigger(trigger)) {
            // A constraint trigger has a constraint inside, which says nothing more.
            draft.add_inside(Address::new(CONSTRAINT, row.get(5)), place);
        }
    }
}
