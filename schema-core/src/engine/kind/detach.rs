//! How a column outlives what it depends on: a type, a collation or a default's function that is dropped and created
//! again. Its values go another way for the time.

use super::column::Column;
use super::foreign_table::is_foreign;
use super::types::conversion;
use super::{Context, Detachment, Object, Rules, row_type};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::step::Step;

/// Whether the column's type, or the type of its elements, is this object.
pub(super) fn is_of_type(column: &Column, on: &ObjectId, catalog: &Catalog) -> bool {
    let element = column.data_type.trim_end_matches("[]");
    if let ObjectId::Range(_) = on
        && let Some(Object::Range(range)) = catalog.get(on)
        && element == range.multirange.to_string()
    {
        return true;
    }
    // Types without a schema are PostgreSQL's own.
    if let ObjectId::Extension(_) = on {
        return element.contains('.');
    }
    let (ObjectId::Enum(name)
    | ObjectId::Composite(name)
    | ObjectId::Domain(name)
    | ObjectId::Range(name)
    | ObjectId::BaseType(name)
    | ObjectId::Table(name)
    | ObjectId::View(name)
    | ObjectId::MaterializedView(name)) = on
    else {
        return false;
    };
    element == name.to_string()
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
    let (typed, same_type) = (is_of_type(column, on, cx.old), column.data_type == new.data_type);
    let alteration_does_it = !same_type || (!typed && column != new);
    if alteration_does_it && !cx.new.edges.contains(&new.id(), on) {
        return None;
    }
    let mut detached = Detachment::default();
    if column.default.is_some() {
        detached.before.push(column.alter_column("DROP DEFAULT"));
    }
    let same_collation = column.collation == new.collation;
    if typed && is_foreign(&column.table, cx.old) {
        detached.before.push(column.alter_column("TYPE text"));
        detached.after.push(column.alter_column(&format!("TYPE {}{}", new.data_type, new.collate())));
    } else if typed {
        let (wait, back) = way(column, on, cx);
        let away = match wait.as_str() {
            "jsonb" => format!("TYPE jsonb USING to_jsonb({})", column.name),
            wait => format!("TYPE {wait} USING {}::{wait}", column.name),
        };
        let back = format!("TYPE {}{} USING {back}", new.data_type, new.collate());
        let rewritten = "the whole table is written anew";
        detached.before.push(column.alter_column(&away).hazard(HazardKind::Rewrite, rewritten));
        let refused = "values that the new form of the type refuses stand in the way";
        let back = column.alter_column(&back).hazard(HazardKind::Rewrite, rewritten);
        detached.after.push(back.hazard(HazardKind::MayFail, refused));
        detached.rebuild = column.dependents_of_type(cx, false);
    } else if column.collation.as_deref().is_some_and(|name| *on == ObjectId::Collation(name.clone())) {
        let anew = |step: Step| step.hazard(HazardKind::Rewrite, "indexes are written anew");
        let away = format!("TYPE {} COLLATE pg_catalog.\"default\"", column.data_type);
        let back = format!("TYPE {}{}", new.data_type, new.collate());
        detached.before.push(anew(column.alter_column(&away)));
        if same_collation {
            detached.after.push(anew(column.alter_column(&back)));
        }
        detached.rebuild = column.dependents_of_type(cx, false);
    }
    // Another default is the column's own change.
    if let Some(default) = new.default.as_ref().filter(|_| column.default == new.default) {
        detached.after.push(column.alter_column(&format!("SET DEFAULT {default}")));
    }
    if !same_type {
        // The column's own change does the rest.
        detached.after.clear();
    }
    let does_something = !detached.before.is_empty();
    let between =
        |steps: Vec<Step>| steps.into_iter().map(|step| row_type::between(step, &column.table, cx)).collect();
    detached.before = between(detached.before);
    detached.after = between(detached.after);
    does_something.then_some(detached)
}
