//! How a column outlives what it depends on: a type, a collation or a default's function that is dropped and created
//! again. Its values go another way for the time.

use super::column::Column;
use super::types::conversion;
use super::{Context, Detachment, Object};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;

/// Whether the column's type, or the type of its elements, is this object.
pub(super) fn is_of_type(column: &Column, on: &ObjectId, catalog: &Catalog) -> bool {
    let element = column.data_type.trim_end_matches("[]");
    match on {
        ObjectId::Enum(name)
        | ObjectId::Composite(name)
        | ObjectId::Domain(name)
        | ObjectId::BaseType(name)
        | ObjectId::Table(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name) => element == name.to_string(),
        ObjectId::Range(name) => {
            let multirange = match catalog.get(on) {
                Some(Object::Range(range)) => element == range.multirange.to_string(),
                _not_there => false,
            };
            multirange || element == name.to_string()
        }
        // Types without a schema are PostgreSQL's own.
        ObjectId::Extension(_) => element.contains('.'),
        _no_type => false,
    }
}

/// The type that values wait in, and the expression that brings them back.
fn way(column: &Column, on: &ObjectId, cx: &Context<'_>) -> (String, String) {
    let (name, to) = (&column.name, &column.data_type);
    let array = if to.ends_with("[]") { "[]" } else { "" };
    let by_text = (format!("text{array}"), format!("{name}::text{array}::{to}"));
    match (cx.old.get(on), cx.new.get(on)) {
        // By the names of the attributes: there can be others, in another order.
        (Some(Object::Composite(_)), Some(Object::Composite(_))) if array.is_empty() => {
            ("jsonb".to_owned(), format!("jsonb_populate_record(NULL::{to}, {name})"))
        }
        (Some(Object::Domain(old)), Some(Object::Domain(new)))
            if array.is_empty() && !old.base.contains('.') =>
        {
            let using = conversion(&name.to_string(), &old.base, &new.base).using;
            let value = using.unwrap_or_else(|| name.to_string());
            let value = if value.contains(' ') { format!("({value})") } else { value };
            (old.base.clone(), format!("{value}::{to}"))
        }
        (_, _) => by_text,
    }
}

/// How the column lets go of what it depends on, and takes hold again; `None` if it must go along.
pub(super) fn detach(column: &Column, new: &Column, on: &ObjectId, cx: &Context<'_>) -> Option<Detachment> {
    if column.generated.is_some() || new.generated.is_some() || on.as_table() == Some(&column.table) {
        return None;
    }
    let mut detached = Detachment::default();
    if column.default.is_some() {
        detached.before.push(column.alter_column("DROP DEFAULT"));
    }
    if is_of_type(column, on, cx.old) {
        let (wait, back) = way(column, on, cx);
        let away = match wait.as_str() {
            "jsonb" => format!("TYPE jsonb USING to_jsonb({})", column.name),
            wait => format!("TYPE {wait} USING {}::{wait}", column.name),
        };
        let rewritten = "the whole table is written anew";
        detached.before.push(column.alter_column(&away).hazard(HazardKind::Rewrite, rewritten));
        // Another type is the column's own change, which comes in between.
        if column.data_type == new.data_type {
            let back = format!("TYPE {}{} USING {back}", new.data_type, new.collate());
            detached.after.push(column.alter_column(&back).hazard(HazardKind::Rewrite, rewritten).hazard(
                HazardKind::MayFail,
                "values that the new form of the type refuses stand in the way",
            ));
        }
        detached.rebuild = column.dependents_of_type(cx, false);
    } else if let ObjectId::Collation(name) = on
        && column.collation.as_ref() == Some(name)
    {
        let away = format!("TYPE {} COLLATE pg_catalog.\"default\"", column.data_type);
        detached
            .before
            .push(column.alter_column(&away).hazard(HazardKind::Rewrite, "indexes are written anew"));
        if column.data_type == new.data_type && new.collation == column.collation {
            let back = format!("TYPE {}{}", new.data_type, new.collate());
            detached
                .after
                .push(column.alter_column(&back).hazard(HazardKind::Rewrite, "indexes are written anew"));
        }
        detached.rebuild = column.dependents_of_type(cx, false);
    }
    if let Some(default) = &new.default {
        detached.after.push(column.alter_column(&format!("SET DEFAULT {default}")));
    }
    let does_something = !detached.before.is_empty();
    does_something.then_some(detached)
}
