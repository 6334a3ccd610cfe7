//! Which key a foreign key stands on: PostgreSQL takes the first that fits.

use super::{Constraint, Form};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::inherit::{descendants, lasting, table};
use crate::engine::kind::part::constraints;
use crate::engine::kind::{Context, Object};
use crate::engine::lex;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::find;
use std::collections::BTreeSet;

/// Whether a foreign key references the table, before or after.
pub(in crate::engine::kind) fn is_referenced(table: &QName, cx: &Context<'_>) -> bool {
    let id = ObjectId::Table(table.clone());
    [cx.old, cx.new].iter().any(|catalog| {
        let mut users = catalog.edges.users(&id).filter_map(|user| catalog.get(user));
        users.any(|user| matches!(user, Object::Constraint(key) if key.references.as_ref() == Some(table)))
    })
}

/// The tables whose foreign keys reference this one before and after, with those below them: a new partition of it is
/// referenced too.
pub(in crate::engine::kind) fn referencing<'a>(target: &QName, cx: &Context<'a>) -> Vec<&'a QName> {
    let id = ObjectId::Table(target.clone());
    let mut found = Vec::new();
    for user in cx.old.edges.users(&id).filter(|user| cx.new.get(user).is_some()) {
        if let Some(Object::Constraint(key)) = cx.old.get(user)
            && key.references.as_ref() == Some(target)
        {
            found.push(&key.table);
            found.extend(lasting(cx, &key.table).into_iter().map(|table| &table.name));
        }
    }
    found
}

impl Constraint {
    /// The names of the keys that fit and that go: a foreign key that came while they are there would stand on them.
    pub(super) fn keys_that_go(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let (Some(target), Some(columns)) = (&self.references, self.referenced()) else { return Vec::new() };
        let Some(first) = columns.first() else { return Vec::new() };
        let fits = |names: &[Ident]| names.iter().collect::<BTreeSet<_>>() == columns.iter().collect();
        let column = ObjectId::Column(target.clone(), first.clone());
        let key = |id: &ObjectId| {
            let object = cx.old.get(id).filter(|object| cx.new.get(id) != Some(object))?;
            if let Object::Index(index) = object {
                let fits = index.unique && index.table == *target && fits(&index.columns);
                return fits.then(|| ObjectId::RelationName(index.name.clone()));
            }
            let Object::Constraint(key) = object else { return None };
            let fits = matches!(key.form, Form::PrimaryKey | Form::Unique) && fits(&key.columns);
            key.index_name(&key.name).filter(|_| fits)
        };
        cx.old.edges.users(&column).filter_map(key).collect()
    }

    /// Whether its table, or that which it is a partition of, is referenced in turn by what it references, over partitioned
    /// tables alone.
    pub(super) fn goes_round(&self, catalog: &Catalog) -> bool {
        let mut top = &self.table;
        while let Some(parent) = table(catalog, top).and_then(|table| table.parents.first()) {
            top = parent;
        }
        let (mut seen, mut next) = (BTreeSet::new(), Vec::from_iter(&self.references));
        while let Some(name) = next.pop() {
            let partitioned = table(catalog, name).is_some_and(|table| table.partitioned_by.is_some());
            if partitioned && name != top && seen.insert(name) {
                let targets = constraints(catalog, name).filter_map(|key| key.references.as_ref());
                for target in targets {
                    if target == top {
                        return true;
                    }
                    next.push(target);
                }
            }
        }
        false
    }

    /// The names of the partitions of what it references that go: PostgreSQL drops none that is referenced.
    pub(super) fn partitions_that_go(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let Some(target) = &self.references else { return Vec::new() };
        let gone = descendants(cx.old, target).into_iter().filter(|part| table(cx.new, &part.name).is_none());
        gone.map(|part| ObjectId::RelationName(part.name.clone())).collect()
    }

    /// The columns that a foreign key references.
    fn referenced(&self) -> Option<Vec<Ident>> {
        let rest = &self.definition[find(&self.definition, " REFERENCES ")?..];
        let open = find(rest, "(")?;
        let names = &rest[open + 1..open + rest[open..].find(')')?];
        let tokens = lex::tokens(names).ok()?;
        Some(
            tokens
                .iter()
                .filter_map(|token| lex::name(names, token))
                .map(|name| name.as_str().into())
                .collect(),
        )
    }
}
