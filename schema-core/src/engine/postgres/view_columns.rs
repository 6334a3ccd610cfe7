//! Whether views have the columns that their structs have. Asked where the declared SQL has just run.

use crate::engine::declared::{TypedColumn, TypedView};
use crate::engine::error::Error;
use postgres::Client;
use std::collections::BTreeMap;

const COLUMNS: &str = "
    select n.nspname::text, c.relname::text, a.attname::text, a.atttypid, format_type(a.atttypid, a.atttypmod)
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      join unnest($1::text[], $2::text[]) as wanted (schema, name) on n.nspname = schema and c.relname = name
     where a.attnum > 0 and not a.attisdropped
     order by a.attnum";

/// All that a Rust `String` reads; a length or precision is no difference either.
const TEXTS: [u32; 3] = [25, 1042, 1043];

/// A column as it is: name, type, type in words.
type Found = (String, u32, String);

/// Compares.
///
/// # Errors
/// When a column is missing, is one too many or has another type, with the field's place.
pub(super) fn check(client: &mut Client, views: &[&TypedView]) -> Result<(), Error> {
    if views.is_empty() {
        return Ok(());
    }
    let failed = |error| Error::failed(format!("cannot read views: {}", super::failure::explain(&error)));
    let schemas: Vec<&str> = views.iter().map(|view| view.name.schema.as_str()).collect();
    let names: Vec<&str> = views.iter().map(|view| view.name.name.as_str()).collect();
    let mut found: BTreeMap<(String, String), Vec<Found>> = BTreeMap::new();
    for row in client.query(COLUMNS, &[&schemas, &names]).map_err(failed)? {
        found.entry((row.get(0), row.get(1))).or_default().push((row.get(2), row.get(3), row.get(4)));
    }
    let mut types = BTreeMap::new();
    for view in views {
        let key = (view.name.schema.as_str().to_owned(), view.name.name.as_str().to_owned());
        compare(client, view, found.get(&key).map_or(&[][..], Vec::as_slice), &mut types)?;
    }
    Ok(())
}

/// The types of fields by their SQL.
type Types = BTreeMap<String, Option<u32>>;

fn compare(client: &mut Client, view: &TypedView, found: &[Found], types: &mut Types) -> Result<(), Error> {
    for column in &view.columns {
        let Some((_, actual, words)) = found.iter().find(|(name, ..)| *name == column.name) else {
            let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
            return Err(Error::failed(format!(
                "`{}` is a field, but the query of {} gives no column `{}`; it gives {}",
                column.path,
                view.name.short(),
                column.name,
                names.join(", ")
            ))
            .at(column.at.file.clone(), column.at.line)
            .next("select it in the query, or remove the field"));
        };
        let wanted = match types.get(&column.ty) {
            Some(known) => *known,
            None => *types.entry(column.ty.clone()).or_insert(type_of(client, column)?),
        };
        if wanted != Some(*actual) && !wanted.is_some_and(|wanted| is_alike(wanted, *actual)) {
            return Err(Error::failed(format!(
                "`{}` is {}, but the column `{}` of {} is {words}",
                column.path,
                column.ty,
                column.name,
                view.name.short()
            ))
            .at(column.at.file.clone(), column.at.line)
            .next(format!(
                "change the field's type, say it (`sql_type = \"{words}\"`), or cast in the query (`{}::{}`)",
                column.name, column.ty
            )));
        }
    }
    match found.iter().find(|(name, ..)| view.columns.iter().all(|column| column.name != *name)) {
        None => Ok(()),
        Some((name, _, words)) => Err(Error::failed(format!(
            "the query of {} gives a column `{name}` ({words}), but its struct has no such field",
            view.name.short()
        ))
        .at(view.at.file.clone(), view.at.line)
        .next("add the field, or leave the column out of the query")),
    }
}

fn is_alike(wanted: u32, actual: u32) -> bool {
    TEXTS.contains(&wanted) && TEXTS.contains(&actual)
}

/// The type that the SQL of a field means.
fn type_of(client: &mut Client, column: &TypedColumn) -> Result<Option<u32>, Error> {
    let row = client.query_one("select to_regtype($1)::oid", &[&column.ty]).map_err(|error| {
        let why = super::failure::explain(&error);
        Error::failed(format!("`{}` has a type that PostgreSQL refuses: {why}", column.path))
            .at(column.at.file.clone(), column.at.line)
    })?;
    Ok(row.get(0))
}
