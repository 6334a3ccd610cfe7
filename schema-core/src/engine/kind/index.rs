//! Indexes that stand on their own.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// An index that is not the inside of a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name; an index lives in the schema of its table.
    pub name: QName,
    /// The table.
    pub table: QName,
    /// `UNIQUE`.
    pub unique: bool,
    /// What follows the name in `pg_get_indexdef`: `public.users USING btree (email) WHERE ...`.
    pub on: String,
    /// The table's columns that its key names, in its order; expressions are left out.
    pub columns: Vec<Ident>,
}

impl Index {
    /// Whether it has neither expressions nor a condition, so that PostgreSQL carries it through changes of type.
    pub(super) fn plain(&self) -> bool {
        let keys = self.on.find('(').map_or("", |open| &self.on[open..]);
        !self.on.contains(" WHERE ") && !keys[1.min(keys.len())..].contains('(')
    }
}

impl Rules for Index {
    fn id(&self) -> ObjectId {
        ObjectId::Index(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let step =
            Step::statement(self.id(), format!("CREATE {unique}INDEX {} ON {}", self.name.name, self.on))
                .builds(self.id())
                .builds(ObjectId::RelationName(self.name.clone()))
                .locks(LockMode::Share, &self.table)
                .hazard(HazardKind::LongLock, "writes wait until the index is built");
        vec![if self.unique {
            step.hazard(HazardKind::MayFail, "rows that are equal in these columns stand in the way")
        } else {
            step
        }]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut step = Step::statement(self.id(), format!("DROP INDEX {}", self.name))
            .destroys(self.id())
            .destroys(ObjectId::RelationName(self.name.clone()))
            .locks(LockMode::AccessExclusive, &self.table)
            .hosted_by(ObjectId::Table(self.table.clone()))
            .hosted_by(ObjectId::MaterializedView(self.table.clone()));
        for column in &self.columns {
            step = step.hosted_by(ObjectId::Column(self.table.clone(), column.clone()));
        }
        vec![step]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, table, unique, on, columns: _ }, Object::Index(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if (table, unique, on) == (&new.table, &new.unique, &new.on) {
            Alteration::Same
        } else {
            Alteration::Recreate
        }
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Index(new) if (&self.table, self.unique, &self.on) == (&new.table, new.unique, &new.on))
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Index(to) = new else {
            return Vec::new();
        };
        vec![
            Step::statement(new.clone(), format!("ALTER INDEX {} RENAME TO {}", self.name, to.name))
                .destroys(self.id())
                .destroys(ObjectId::RelationName(self.name.clone()))
                .builds(new.clone())
                .builds(ObjectId::RelationName(to.clone())),
        ]
    }
}
