//! Publications: what is sent to subscribers.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName, literal};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Its name.
    pub name: Ident,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// `FOR TABLE`, in alphabetical order.
    pub tables: Vec<Published>,
    /// `TABLES IN SCHEMA` (PostgreSQL 15), in alphabetical order.
    pub schemas: BTreeSet<Ident>,
    /// The operations that are sent: `insert, update, delete, truncate`.
    pub publish: String,
    /// `publish_via_partition_root`.
    pub via_root: bool,
    /// Whether stored generated columns are sent (PostgreSQL 18).
    pub generated_columns: bool,
}

/// A table of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The table.
    pub table: QName,
    /// The columns that are sent, in alphabetical order (PostgreSQL 15); `None` are all.
    pub columns: Option<Vec<Ident>>,
    /// `WHERE` (PostgreSQL 15).
    pub condition: Option<Printed>,
}

const EVERYTHING: &str = "insert, update, delete, truncate";

impl Published {
    fn sql(&self) -> String {
        let Self { table, columns, condition } = self;
        let columns = columns.as_ref().map(|columns| format!(" ({})", join(columns))).unwrap_or_default();
        let condition =
            condition.as_ref().map(|condition| format!(" WHERE ({condition})")).unwrap_or_default();
        format!("ONLY {table}{columns}{condition}")
    }
}

fn join<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `TABLE ONLY a, ONLY b, TABLES IN SCHEMA c`; nothing for nothing.
fn members(tables: &[&Published], schemas: &BTreeSet<&Ident>) -> String {
    let mut parts = Vec::new();
    if !tables.is_empty() {
        let tables: Vec<String> = tables.iter().map(|table| table.sql()).collect();
        parts.push(format!("TABLE {}", tables.join(", ")));
    }
    if !schemas.is_empty() {
        parts.push(format!("TABLES IN SCHEMA {}", join(schemas.iter().copied())));
    }
    parts.join(", ")
}

impl Publication {
    fn alter_publication(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER PUBLICATION {} {action}", self.name))
    }

    /// `name = value` of what differs from the other.
    fn differing(&self, from: &Self) -> Vec<String> {
        let mut options = Vec::new();
        if self.publish != from.publish {
            options.push(format!("publish = {}", literal(&self.publish)));
        }
        if self.via_root != from.via_root {
            options.push(format!("publish_via_partition_root = {}", self.via_root));
        }
        if self.generated_columns != from.generated_columns {
            let value = if self.generated_columns { "stored" } else { "none" };
            options.push(format!("publish_generated_columns = {value}"));
        }
        options
    }

    /// As it is if nothing is said.
    fn usual(&self) -> Self {
        Self { publish: EVERYTHING.to_owned(), via_root: false, generated_columns: false, ..self.clone() }
    }

    /// The tables and schemas that the other does not have like this.
    fn beyond<'a>(&'a self, other: &Self) -> (Vec<&'a Published>, BTreeSet<&'a Ident>) {
        let tables = self.tables.iter().filter(|table| !other.tables.contains(table));
        (tables.collect(), self.schemas.iter().filter(|schema| !other.schemas.contains(*schema)).collect())
    }
}

fn lock(mut step: Step, tables: &[&Published]) -> Step {
    for published in tables {
        step = step.locks(LockMode::ShareUpdateExclusive, &published.table);
    }
    step
}

impl Rules for Publication {
    fn id(&self) -> ObjectId {
        ObjectId::Publication(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let tables: Vec<&Published> = self.tables.iter().collect();
        let mut sql = format!("CREATE PUBLICATION {}", self.name);
        let members = members(&tables, &self.schemas.iter().collect());
        if self.all_tables {
            sql.push_str(" FOR ALL TABLES");
        } else if !members.is_empty() {
            sql.push_str(&format!(" FOR {members}"));
        }
        let options = self.differing(&self.usual());
        if !options.is_empty() {
            sql.push_str(&format!(" WITH ({})", options.join(", ")));
        }
        vec![lock(Step::statement(self.id(), sql).builds(self.id()), &tables)]
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let step = Step::statement(self.id(), format!("DROP PUBLICATION {}", self.name)).destroys(self.id());
        vec![if cx.new.get(&self.id()).is_some() {
            step
        } else {
            step.hazard(HazardKind::BreaksRunningCode, "subscriptions to it stop working")
        }]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Publication(new) = new else {
            return Alteration::Recreate;
        };
        // The others are compared one by one in `beyond` and `differing`.
        let Self {
            name: _,
            all_tables,
            tables: _,
            schemas: _,
            publish: _,
            via_root: _,
            generated_columns: _,
        } = self;
        if *all_tables != new.all_tables {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        let (gone, gone_schemas) = self.beyond(new);
        if !gone.is_empty() || !gone_schemas.is_empty() {
            let mut parts = Vec::new();
            if !gone.is_empty() {
                let names: Vec<String> = gone.iter().map(|table| format!("ONLY {}", table.table)).collect();
                parts.push(format!("TABLE {}", names.join(", ")));
            }
            if !gone_schemas.is_empty() {
                parts.push(format!("TABLES IN SCHEMA {}", join(gone_schemas.iter().copied())));
            }
            let mut step = self.alter_publication(&format!("DROP {}", parts.join(", ")));
            for published in &gone {
                step.releases.insert(ObjectId::Table(published.table.clone()));
                let columns = published.columns.iter().flatten();
                step.releases.extend(columns.map(|c| ObjectId::Column(published.table.clone(), c.clone())));
            }
            step.releases.extend(gone_schemas.into_iter().cloned().map(ObjectId::Schema));
            steps.push(lock(step, &gone));
        }
        let options = new.differing(self);
        if !options.is_empty() {
            steps.push(self.alter_publication(&format!("SET ({})", options.join(", "))));
        }
        let (added, added_schemas) = new.beyond(self);
        if !added.is_empty() || !added_schemas.is_empty() {
            let mut step = self.alter_publication(&format!("ADD {}", members(&added, &added_schemas)));
            for published in &added {
                step.needs.insert(ObjectId::Table(published.table.clone()));
                let columns = published.columns.iter().flatten();
                step.needs.extend(columns.map(|c| ObjectId::Column(published.table.clone(), c.clone())));
            }
            step.needs.extend(added_schemas.into_iter().cloned().map(ObjectId::Schema));
            steps.push(lock(step, &added));
        }
        Alteration::in_place(steps)
    }
}
