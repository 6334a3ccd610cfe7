//! Reads functions, procedures and aggregates.

use super::draft::{Address, Draft, PROC};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::routine::{Form, Routine};
use crate::engine::printed::stable;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let (printed, text_body): (&str, bool) = (row.get(5), row.get(9));
        let definition = printed.strip_prefix("CREATE OR REPLACE ").unwrap_or(printed);
        let routine = Routine {
            name,
            form: match row.get(3) {
                "p" => Form::Procedure,
                "w" => Form::Window,
                _ => Form::Function,
            },
            arguments: row.text(4),
            // A text is the user's, whatever it looks like.
            definition: if text_body { definition.to_owned() } else { stable(definition) },
            inputs: row.get(7),
            defaults: row.get(6),
            returns: row.get(8),
            text_body,
        };
        draft.add(Address::new(PROC, row.get(0)), Object::Routine(Box::new(routine)));
    }
}

pub(super) fn read_aggregates(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let (arguments, parts): (&str, Vec<&str>) = (row.get(4), row.get(7));
        let routine = Routine {
            definition: format!("AGGREGATE {name}({arguments}) (\n    {}\n)", parts.join(",\n    ")),
            name,
            form: Form::Aggregate,
            arguments: row.text(3),
            // Where the direct arguments end is part of what cannot change.
            inputs: vec![format!("{} {arguments}", row.get::<&str>(6))],
            defaults: 0,
            returns: row.get(5),
            text_body: false,
        };
        draft.add(Address::new(PROC, row.get(0)), Object::Routine(Box::new(routine)));
    }
}
