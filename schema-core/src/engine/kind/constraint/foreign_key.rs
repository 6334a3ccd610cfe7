//! Which key a foreign key stands on: PostgreSQL takes the first that fits.

use super::{Constraint, Form};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::inherit::{descendants, lasting, lasts_as, table};
use crate::engine::kind::part::constraints;
use crate::engine::kind::{Context, Object, Rules};
use crate::engine::lex;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::find;
use std::collections::BTreeSet;

/// The foreign keys that reference the table.
fn keys_to<'a>(catalog: &'a Catalog, target: &QName) -> Vec<&'a Constraint> {
    let id = ObjectId::Table(target.clone());
    let key = |user: &ObjectId| match catalog.get(user) {
        Some(Object::Constraint(key)) if key.references.as_ref() == Some(target) => Some(key),
        _none_or_other => None,
    };
    catalog.edges.users(&id).filter_map(key).collect()
}

/// Whether a foreign key references the table, before or after.
pub(in crate::engine::kind) fn is_referenced(table: &QName, cx: &Context<'_>) -> bool {
    [cx.old, cx.new].iter().any(|catalog| !keys_to(catalog, table).is_empty())
}

/// The tables whose foreign keys reference this one before and after, with those below them: a new partition of it is
/// referenced too.
pub(in crate::engine::kind) fn referencing<'a>(target: &QName, cx: &Context<'a>) -> Vec<&'a QName> {
    let stay = keys_to(cx.old, target).into_iter().filter(|key| cx.new.get(&key.id()).is_some());
    let with_those_below = |key: &'a Constraint| {
        std::iter::once(&key.table).chain(lasting(cx, &key.table).into_iter().map(|table| &table.name))
    };
    stay.flat_map(with_those_below).collect()
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

    /// Whether the key that it stands on stays, be it under another name: no statement moves it to another.
    pub(super) fn keeps_its_key(&self, cx: &Context<'_>) -> bool {
        let id = self.id();
        let is_key = |on: &&ObjectId| matches!(on, ObjectId::Constraint(..) | ObjectId::Index(_));
        let lasts = |old| cx.new.needs(&id).filter(is_key).any(|new| lasts_as(cx, old, new));
        cx.old.needs(&id).filter(is_key).all(lasts)
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
