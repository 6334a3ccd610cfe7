//! Which key a foreign key stands on: PostgreSQL takes the first that fits.

use super::{Constraint, Form};
use crate::engine::id::ObjectId;
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
