//! Tables: the frame; columns, constraints and indexes are objects of their own.

use super::policy::row_security;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::{LockMode, Sql, Step};
use serde::{Deserialize, Serialize};

/// A plain table. Partitioned, inheriting and foreign tables are not modeled yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: QName,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// Whether its policies count: `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// Whether they count for its owner too: `FORCE ROW LEVEL SECURITY`.
    pub force_row_security: bool,
}

impl Table {
    /// Foreign keys to or from other tables that change too: a logged table must not reference an unlogged one, not
    /// even for a moment.
    fn foreign_keys_among_changing(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let id = self.id();
        let changes = |table: &QName| {
            let id = ObjectId::Table(table.clone());
            match (cx.old.get(&id), cx.new.get(&id)) {
                (Some(Object::Table(old)), Some(Object::Table(new))) => old.unlogged != new.unlogged,
                _not_in_both => false,
            }
        };
        let users = cx.old.edges.iter().filter(|(_, on)| *on == id).map(|(user, _)| user);
        users
            .filter(|user| match cx.old.get(user) {
                Some(Object::Constraint(key)) => key
                    .references
                    .as_ref()
                    .is_some_and(|target| *target != key.table && changes(target) && changes(&key.table)),
                _other_kind => false,
            })
            .cloned()
            .collect()
    }
}

impl Rules for Table {
    fn id(&self) -> ObjectId {
        ObjectId::Table(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let sql =
            Sql::Container { head: format!("CREATE {unlogged}TABLE {}", self.name), tail: String::new() };
        let create = Step::new(self.id(), sql)
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()))
            .builds(ObjectId::TypeName(self.name.clone()));
        let flags = (self.row_security, self.force_row_security);
        std::iter::once(create).chain(row_security(&self.name, (false, false), flags)).collect()
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP TABLE {}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::RelationName(self.name.clone()))
                .destroys(ObjectId::TypeName(self.name.clone()))
                .locks(LockMode::AccessExclusive, &self.name)
                .hazard(HazardKind::DataLoss, format!("all rows of {} are gone", self.name.short())),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { name, unlogged, row_security: secured, force_row_security: forced }, Object::Table(new)) =
            (self, new)
        else {
            return Alteration::Recreate;
        };
        let mut steps = Vec::new();
        if *unlogged != new.unlogged {
            // Not an action beside others: PostgreSQL looks at foreign keys before it drops any.
            let to = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            steps.push(
                Step::statement(self.id(), format!("ALTER TABLE {name} SET {to}"))
                    .locks(LockMode::AccessExclusive, name)
                    .hazard(HazardKind::Rewrite, "the whole table is written anew"),
            );
        }
        let flags = (new.row_security, new.force_row_security);
        steps.extend(row_security(name, (*secured, *forced), flags));
        if steps.is_empty() {
            return Alteration::Same;
        }
        Alteration::InPlace { steps, rebuild: self.foreign_keys_among_changing(cx), touches: Vec::new() }
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Table(to) = new else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        let mut at = self.name.clone();
        if at.schema != to.schema {
            steps.push(Step::alter_table(new.clone(), &at, format!("SET SCHEMA {}", to.schema)));
            at.schema = to.schema.clone();
        }
        if at.name != to.name {
            steps.push(Step::alter_table(new.clone(), &at, format!("RENAME TO {}", to.name)));
        }
        let why = format!("programs that know the table as {} stop working", self.name.short());
        steps.into_iter().map(|step| step.hazard(HazardKind::BreaksRunningCode, why.clone())).collect()
    }

    /// Half of the columns, or more, have the same names and types.
    fn resembles(&self, new: &Object, cx: &Context<'_>) -> bool {
        let Object::Table(new) = new else { return false };
        let (before, after) = (columns(cx.old, &self.name), columns(cx.new, &new.name));
        let common = before.iter().filter(|column| after.contains(column)).count();
        common > 0 && common * 2 >= before.len().min(after.len())
    }
}

fn columns<'a>(catalog: &'a Catalog, table: &QName) -> Vec<(&'a str, &'a str)> {
    let from = ObjectId::Column(table.clone(), "".into());
    catalog
        .objects
        .range(from..)
        .map_while(|(_, object)| {
            let Object::Column(column) = object else {
                return None;
            };
            (column.table == *table).then(|| (column.name.as_str(), column.data_type.as_str()))
        })
        .collect()
}
