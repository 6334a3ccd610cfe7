//! `drop-enum-value`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_ENUM_VALUE: Rule = Rule {
    name: "drop-enum-value",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A column gets an enum type that lacks a label of the old one.",
    why: "Rows that hold the label make the change fail, or are changed by USING. Deleting it from pg_enum breaks \
          indexes and rows.",
    recipe: "Move the rows off the label in a migration before, then change the type:\n\
             UPDATE public.t SET status = 'open' WHERE id BETWEEN 1 AND 1000 AND status = 'new';",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    match &site.placed.action {
        Action::Alter { table, change: Change::SetType { column, to, .. } } if site.is_old(table) => {
            let old = site.world.column(table, column).map(|column| column.data_type.as_str());
            let (old, new) = (old.and_then(|old| site.world.labels(old)), site.world.labels(to));
            let (Some(old), Some(new)) = (old, new) else { return };
            let lost: Vec<&str> =
                old.iter().filter(|label| !new.contains(label)).map(String::as_str).collect();
            if !lost.is_empty() {
                let message = format!("{table}.{column} can no longer hold {}", lost.join(", "));
                found.at(site, message).of(format!("{table}.{column}"));
            }
        }
        Action::Write { verb: Verb::Delete, table, .. } if table.name.as_str() == "pg_enum" => {
            found.at(site, "deletes a label from pg_enum");
        }
        _other => {}
    }
}
