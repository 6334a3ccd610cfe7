//! Foreign tables: the frame, with the options of the columns; columns and constraints are objects of their own.

use super::foreign::Options;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{LockMode, Sql, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A foreign table. Its address is that of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignTable {
    /// Its name.
    pub name: QName,
    /// The server.
    pub server: Ident,
    /// Its options.
    pub options: Options,
    /// The options of those columns that have any.
    pub columns: BTreeMap<Ident, Options>,
}

/// Whether the catalog has a foreign table of this name.
pub(super) fn is_foreign(table: &QName, catalog: &Catalog) -> bool {
    matches!(catalog.get(&ObjectId::Table(table.clone())), Some(Object::ForeignTable(_)))
}

impl ForeignTable {
    fn alter_table(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER FOREIGN TABLE {} {action}", self.name))
            .locks(LockMode::AccessExclusive, &self.name)
    }

    /// The Steps that give the columns the options of `new`; a column that goes takes its own along.
    fn column_options(&self, old: &BTreeMap<Ident, Options>, new: &Catalog) -> Vec<Step> {
        let none = Options::default();
        let names = old.keys().chain(self.columns.keys().filter(|name| !old.contains_key(*name)));
        let step = |name: &Ident| {
            let column = ObjectId::Column(self.name.clone(), name.clone());
            new.get(&column)?;
            let options = old.get(name).unwrap_or(&none);
            let changes = options.alter_sql(self.columns.get(name).unwrap_or(&none));
            let step = self.alter_table(&format!("ALTER COLUMN {name}{changes}")).needs(column);
            (!changes.is_empty()).then_some(step)
        };
        names.filter_map(step).map(afterthought).collect()
    }
}

/// The columns need the table, and these Steps need the columns.
fn afterthought(mut step: Step) -> Step {
    step.afterthought = true;
    step
}

impl Rules for ForeignTable {
    fn id(&self) -> ObjectId {
        ObjectId::Table(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let head = format!("CREATE FOREIGN TABLE {}", self.name);
        let tail = format!(" SERVER {}{}", self.server, self.options.create_sql());
        let frame = Step::new(self.id(), Sql::Container { head, tail })
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()))
            .builds(ObjectId::TypeName(self.name.clone()));
        let mut steps = vec![frame];
        steps.extend(self.column_options(&BTreeMap::new(), cx.new));
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP FOREIGN TABLE {}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::RelationName(self.name.clone()))
                .destroys(ObjectId::TypeName(self.name.clone()))
                .locks(LockMode::AccessExclusive, &self.name),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { name: _, server, options, columns }, Object::ForeignTable(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *server != new.server {
            return Alteration::Recreate;
        }
        let changes = options.alter_sql(&new.options);
        let mut steps = Vec::new();
        if !changes.is_empty() {
            steps.push(self.alter_table(changes.trim_start()));
        }
        steps.extend(new.column_options(columns, cx.new));
        Alteration::in_place(steps)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Table(to) = new else {
            return Vec::new();
        };
        let why = format!("programs that know the table as {} stop working", self.name.short());
        let steps = super::domain::rename_type(new, "FOREIGN TABLE", &self.name, to);
        steps
            .into_iter()
            .map(|step| step.locks(LockMode::AccessExclusive, &self.name))
            .map(|step| step.hazard(HazardKind::BreaksRunningCode, why.clone()))
            .collect()
    }
}
