//! Foreign tables: where their rows are, with the options of the columns. The frame is that of a table; columns and
//! constraints are objects of their own.

use super::foreign::Options;
use super::table::Table;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A foreign table. Its address is that of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignTable {
    /// The frame: its name, what it inherits from, its bound.
    pub table: Table,
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
        Step::statement(self.id(), format!("ALTER FOREIGN TABLE {} {action}", self.table.name))
            .locks(LockMode::AccessExclusive, &self.table.name)
    }

    /// The Steps that give the columns the options of `new`; a column that goes takes its own along.
    fn column_options(&self, old: &BTreeMap<Ident, Options>, new: &Catalog) -> Vec<Step> {
        let none = Options::default();
        let names = old.keys().chain(self.columns.keys().filter(|name| !old.contains_key(*name)));
        let step = |name: &Ident| {
            let column = ObjectId::Column(self.table.name.clone(), name.clone());
            new.get(&column)?;
            let options = old.get(name).unwrap_or(&none);
            let changes = options.alter_sql(self.columns.get(name).unwrap_or(&none));
            let step = self.alter_table(&format!("ALTER COLUMN {name}{changes}")).needs(column);
            (!changes.is_empty()).then_some(step)
        };
        names.filter_map(step).map(afterthought).collect()
    }
}

/// The columns need the table, and these Steps need the columns or what they inherit.
fn afterthought(mut step: Step) -> Step {
    step.afterthought = true;
    step
}

impl Rules for ForeignTable {
    fn id(&self) -> ObjectId {
        self.table.id()
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let tail = format!(" SERVER {}{}", self.server, self.options.create_sql());
        let mut steps = self.table.create_frame("FOREIGN TABLE", |_| tail.clone(), cx);
        steps.extend(self.column_options(&BTreeMap::new(), cx.new));
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![self.table.drop_frame("FOREIGN TABLE")]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { table, server, options, columns }, Object::ForeignTable(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *server != new.server {
            return Alteration::Recreate;
        }
        let changes = options.alter_sql(&new.options);
        let (away, to) = table.move_to(&new.table, cx);
        let mut steps: Vec<Step> = away.into_iter().map(afterthought).collect();
        if !changes.is_empty() {
            steps.push(self.alter_table(changes.trim_start()));
        }
        steps.extend(new.column_options(columns, cx.new));
        steps.extend(to.into_iter().map(afterthought));
        Alteration::in_place(steps)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Table(to) = new else {
            return Vec::new();
        };
        let name = &self.table.name;
        let why = format!("programs that know the table as {} stop working", name.short());
        let steps = super::domain::rename_type(new, "FOREIGN TABLE", name, to);
        steps
            .into_iter()
            .map(|step| step.locks(LockMode::AccessExclusive, name))
            .map(|step| step.hazard(HazardKind::BreaksRunningCode, why.clone()))
            .collect()
    }
}
