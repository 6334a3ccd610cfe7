//! Which key a foreign key stands on: PostgreSQL takes the first that fits.

use super::{Constraint, Form};
use crate::engine::id::ObjectId;
use crate::engine::kind::{Context, Object};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::find;
use std::collections::BTreeSet;

/// Whether a foreign key references the table, before or after.
pub(in crate::engine::kind) fn is_referenced(table: &QName, cx: &Context<'_>) -> bool {
    let mut objects = cx.old.objects.values().chain(cx.new.objects.values());
    objects.any(|object| matches!(object, Object::Constraint(key) if key.references.as_ref() == Some(table)))
}

impl Constraint {
    /// The names of the keys that fit and that go: a foreign key that came while they are there would stand on them.
    pub(super) fn keys_that_go(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let (Some(target), Some(columns)) = (&self.references, self.referenced()) else { return Vec::new() };
        let fits =
            |names: &[Ident]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>() == columns;
        let mut names = Vec::new();
        for (id, object) in &cx.old.objects {
            let name = match object {
                Object::Index(index) if index.unique && index.table == *target && fits(&index.columns) => {
                    index.name.clone()
                }
                Object::Constraint(key)
                    if matches!(key.form, Form::PrimaryKey | Form::Unique)
                        && key.table == *target
                        && fits(&key.columns) =>
                {
                    key.table.sibling(&key.name)
                }
                _other_kind_or_table => continue,
            };
            if cx.new.get(id) != Some(object) {
                names.push(ObjectId::RelationName(name));
            }
        }
        names
    }

    /// The columns that a foreign key references, quoted where needed.
    fn referenced(&self) -> Option<BTreeSet<String>> {
        let rest = &self.definition[find(&self.definition, " REFERENCES ")?..];
        let open = find(rest, "(")?;
        let close = open + rest[open..].find(')')?;
        Some(rest[open + 1..close].split(", ").map(str::to_owned).collect())
    }
}
