//! One view: its query, its options, the columns that its struct has.

use super::mention::Mentions;
use super::names::Names;
use super::table::create_index;
use super::{BlockId, Declared, clause, location, partition, qname, schema_needed, written};
use crate::engine::error::{Error, Location};
use crate::engine::id::ObjectId;
use crate::engine::name::{QName, quoted};
use crate::engine::record::{Records, View};
use std::collections::{BTreeMap, BTreeSet};

/// A line of `schema.sql` is not longer if that can be.
const LINE: usize = 100;

/// The columns that a view must have, because its struct has fields of these types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedView {
    /// The view.
    pub id: ObjectId,
    /// Its name.
    pub name: QName,
    /// The struct.
    pub at: Location,
    /// In the order of the fields.
    pub columns: Vec<TypedColumn>,
}

/// A column that a view must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedColumn {
    /// The column's name, unquoted.
    pub name: String,
    /// Its type, as SQL.
    pub ty: String,
    /// The field, for messages: `ActiveUser.email`.
    pub path: String,
    /// The field.
    pub at: Location,
}

pub(super) fn id(view: &View) -> ObjectId {
    let name = qname(&view.name);
    if view.materialized { ObjectId::MaterializedView(name) } else { ObjectId::View(name) }
}

/// By name without schema: what a query can be made of.
pub(super) type Sources = BTreeMap<String, Vec<(QName, ObjectId)>>;

pub(super) fn sources(records: &Records) -> Sources {
    let tables = records.tables.iter().map(|table| (qname(&table.name), ObjectId::Table(qname(&table.name))));
    let enums = records.enums.iter().map(|e| (qname(&e.name), ObjectId::Enum(qname(&e.name))));
    let views = records.views.iter().map(|view| (qname(&view.name), id(view)));
    let partitions = records.tables.iter().flat_map(|table| partition::all(&table.partitions));
    let tables = tables.chain(partitions.map(|p| (qname(&p.name), ObjectId::Table(qname(&p.name)))));
    let mut sources = Sources::new();
    let composites = records.composites.iter().map(|c| (qname(&c.name), ObjectId::Composite(qname(&c.name))));
    let domains = records.domains.iter().map(|d| (qname(&d.name), ObjectId::Domain(qname(&d.name))));
    for (name, id) in tables.chain(enums).chain(composites).chain(domains).chain(views) {
        sources.entry(name.name.as_str().to_owned()).or_default().push((name, id));
    }
    sources
}

/// By view: the other views, by place, that come before it. What `after` says outweighs what a query seems to name.
pub(super) fn needs(views: &[&View], mentions: &[Mentions]) -> Vec<BTreeSet<usize>> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut places: BTreeMap<QName, usize> = BTreeMap::new();
    for (at, view) in views.iter().enumerate() {
        by_name.entry(view.name.name.clone()).or_default().push(at);
        places.insert(qname(&view.name), at);
    }
    let said: Vec<BTreeSet<usize>> = views
        .iter()
        .map(|view| view.after.iter().filter_map(|name| places.get(&qname(name)).copied()).collect())
        .collect();
    let mut all = said.clone();
    for (at, mentions) in mentions.iter().enumerate() {
        let named = mentions.names().filter_map(|name| by_name.get(name)).flatten();
        for other in named.filter(|other| mentions.has(&qname(&views[**other].name))) {
            if *other != at && !reaches(&said, *other, at) {
                all[at].insert(*other);
            }
        }
    }
    all
}

fn reaches(said: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(&said[at]);
        }
    }
    false
}

/// Adds the view, its indexes and comments to `declared`.
pub(super) fn create_view(
    view: &View,
    mentions: &Mentions,
    sources: &Sources,
    names: &mut Names,
    declared: &mut Declared,
) -> Result<(), Error> {
    let (id, name, at) = (id(view), qname(&view.name), location(&view.origin));
    names.relation(name.clone(), id.clone(), &view.origin)?;
    let mut needs: BTreeSet<BlockId> = schema_needed(&name).into_iter().collect();
    let after = view.after.iter().filter_map(|name| {
        let named = sources.get(&name.name)?.iter().find(|(source, _)| *source == qname(name));
        named.map(|(_, id)| id)
    });
    // What has an origin by now has a block.
    let done = mentions.of_sources(sources).chain(after).filter(|id| declared.origins.contains_key(id));
    needs.extend(done.map(|id| BlockId::Object(id.clone())));
    let columns: Vec<TypedColumn> = view
        .columns
        .iter()
        .map(|column| TypedColumn {
            name: column.name.clone(),
            ty: clause::column_type(&column.ty),
            path: column.origin.path.clone(),
            at: location(&column.origin),
        })
        .collect();
    let sql = format!("{}\n{}", columns_comment(&columns), text(view)?);
    declared.push(id.clone(), sql, needs.into_iter().collect(), at.clone());
    declared.views.push(TypedView { id: id.clone(), name: name.clone(), at: at.clone(), columns });

    for index in &view.indexes {
        create_index(&name, &id, index, &[], names, declared)?;
    }
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    if let Some(text) = &view.comment {
        declared.comment(id.clone(), &id, &format!("{kind} {}", written(&name)), text, at);
    }
    declared.column_comments(&id, &name, &view.columns);
    Ok(())
}

fn text(view: &View) -> Result<String, Error> {
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let with = match &view.with {
        Some(with) => format!(" WITH {}", clause::parenthesised(with, &view.origin)?),
        None => String::new(),
    };
    let head = format!("CREATE {kind} {}{with} AS", written(&qname(&view.name)));
    let query = clause::query(view)?;
    let end = if view.with_no_data { "WITH NO DATA;" } else { ";" };
    let gap = if view.with_no_data { " " } else { "" };
    let one_line = format!("{head} {query}{gap}{end}");
    if one_line.chars().count() <= LINE && !query.contains('\n') {
        return Ok(one_line);
    }
    let gap = if view.with_no_data { "\n" } else { "" };
    Ok(format!("{head}\n{query}{gap}{end}"))
}

/// What the struct says about the columns, for readers; and so that a change of it changes the text.
fn columns_comment(columns: &[TypedColumn]) -> String {
    let mut lines = vec!["-- Columns:".to_owned()];
    for (at, column) in columns.iter().enumerate() {
        let comma = if at + 1 < columns.len() { "," } else { "" };
        let part = format!(" {} {}{comma}", quoted(&column.name), column.ty).replace(char::is_control, " ");
        match lines.last_mut() {
            Some(line) if line.chars().count() + part.chars().count() <= LINE => line.push_str(&part),
            Some(_) | None => lines.push(format!("--  {part}")),
        }
    }
    lines.join("\n")
}
