//! Rules of lint that do not count for something: what each `allow(...)` in the code is about.

use super::names::{Names, Part};
use super::{location, partition, qname, view};
use crate::engine::error::Location;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::{Allow, Column, Records};
use std::collections::BTreeSet;

/// One `allow(...)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The rule's name.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds: `2027-01-31`.
    pub until: Option<String>,
    /// The attribute.
    pub at: Location,
    /// What it is about. On a field: the column, and the constraints and indexes that the field declares. On a struct: the
    /// relation with all that belongs to it, its partitions too.
    pub of: BTreeSet<ObjectId>,
}

/// All that the code says.
pub(super) fn allowed(records: &Records, names: &Names) -> Vec<Allowed> {
    let tables = records.tables.iter().map(|table| Relation {
        name: qname(&table.name),
        id: ObjectId::Table(qname(&table.name)),
        partitions: partition::all(&table.partitions).into_iter().map(|part| qname(&part.name)).collect(),
        allow: &table.allow,
        columns: &table.columns,
    });
    let views = records.views.iter().map(|view| Relation {
        name: qname(&view.name),
        id: view::id(view),
        partitions: Vec::new(),
        allow: &view.allow,
        columns: &view.columns,
    });
    let mut all: Vec<Allowed> = tables.chain(views).flat_map(|relation| relation.allowed(names)).collect();
    all.sort_by(|one, other| (&one.at, &one.rule).cmp(&(&other.at, &other.rule)));
    all
}

/// What a struct declares.
struct Relation<'a> {
    name: QName,
    id: ObjectId,
    partitions: Vec<QName>,
    allow: &'a [Allow],
    columns: &'a [Column],
}

impl Relation<'_> {
    fn allowed(&self, names: &Names) -> Vec<Allowed> {
        let of_struct = self.allow.iter().map(|allow| one(allow, self.whole(names)));
        let of_fields = self
            .columns
            .iter()
            .flat_map(|column| column.allow.iter().map(move |allow| one(allow, self.field(column, names))));
        of_struct.chain(of_fields).collect()
    }

    fn column(&self, column: &Column) -> ObjectId {
        ObjectId::Column(self.name.clone(), Ident::from(column.name.as_str()))
    }

    fn whole(&self, names: &Names) -> BTreeSet<ObjectId> {
        let inside = |part: &&Part| part.of == self.name || self.partitions.contains(&part.of);
        let parts = names.parts.iter().filter(inside).map(|part| part.id.clone());
        let columns = self.columns.iter().map(|column| self.column(column));
        let partitions = self.partitions.iter().cloned().map(ObjectId::Table);
        partitions.chain(columns).chain(parts).chain([self.id.clone()]).collect()
    }

    fn field(&self, column: &Column, names: &Names) -> BTreeSet<ObjectId> {
        let said = |part: &&Part| part.of == self.name && part.path == column.origin.path;
        let parts = names.parts.iter().filter(said).map(|part| part.id.clone());
        parts.chain([self.column(column)]).collect()
    }
}

fn one(allow: &Allow, of: BTreeSet<ObjectId>) -> Allowed {
    let Allow { origin, rule, reason, until } = allow.clone();
    Allowed { rule, reason, until, at: location(&origin), of }
}
