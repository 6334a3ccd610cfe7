//! Statistics objects: what `ANALYZE` finds out about several columns together.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A statistics object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Its name.
    pub name: QName,
    /// The table.
    pub table: QName,
    /// What follows the name in `pg_get_statisticsobjdef`: `(ndistinct) ON a, b FROM public.t`.
    pub definition: String,
    /// `SET STATISTICS`.
    pub target: Option<i32>,
}

impl Statistics {
    fn set_target(&self) -> Step {
        let target = self.target.unwrap_or(-1);
        Step::statement(self.id(), format!("ALTER STATISTICS {} SET STATISTICS {target}", self.name))
    }
}

impl Rules for Statistics {
    fn id(&self) -> ObjectId {
        ObjectId::Statistics(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE STATISTICS {} {}", self.name, self.definition);
        let create = Step::statement(self.id(), sql)
            .builds(self.id())
            .locks(LockMode::ShareUpdateExclusive, &self.table);
        let target = self.target.map(|_| self.set_target());
        std::iter::once(create).chain(target).collect()
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP STATISTICS {}", self.name))
                .destroys(self.id())
                .locks(LockMode::ShareUpdateExclusive, &self.table)
                .hosted_by(ObjectId::Table(self.table.clone())),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, table, definition, target }, Object::Statistics(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if (table, definition) != (&new.table, &new.definition) {
            return Alteration::Recreate;
        }
        let steps = if *target == new.target { Vec::new() } else { vec![new.set_target()] };
        Alteration::in_place(steps)
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Statistics(new) if self.name.schema == new.name.schema
            && (&self.table, &self.definition, self.target) == (&new.table, &new.definition, new.target))
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Statistics(to) = new else {
            return Vec::new();
        };
        vec![
            Step::statement(new.clone(), format!("ALTER STATISTICS {} RENAME TO {}", self.name, to.name))
                .destroys(self.id())
                .builds(new.clone()),
        ]
    }
}
