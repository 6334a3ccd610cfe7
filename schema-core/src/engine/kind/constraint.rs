//! Constraints: primary key, unique, foreign key, check, exclusion. NOT NULL belongs to the column.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A constraint of a table. The index inside a primary key, unique or exclusion constraint is part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// Which of the five it is.
    pub form: Form,
    /// `pg_get_constraintdef` with an empty search_path: `CHECK ((amount > 0))`.
    pub definition: String,
    /// The columns of the table that it names, in its order.
    pub columns: Vec<Ident>,
    /// The table that a foreign key references.
    pub references: Option<QName>,
    /// `convalidated`.
    pub validated: bool,
}

/// The forms of constraints, in the order in which people write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `FOREIGN KEY`.
    ForeignKey,
    /// `CHECK`.
    Check,
    /// `EXCLUDE`.
    Exclude,
}

impl Constraint {
    /// The name of the index inside, which takes a name that relations share.
    fn index_name(&self, name: &Ident) -> Option<ObjectId> {
        match self.form {
            Form::PrimaryKey | Form::Unique | Form::Exclude => {
                Some(ObjectId::RelationName(self.table.sibling(name)))
            }
            Form::ForeignKey | Form::Check => None,
        }
    }
}

impl Rules for Constraint {
    fn id(&self) -> ObjectId {
        ObjectId::Constraint(self.table.clone(), self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let text = format!("CONSTRAINT {} {}", self.name, self.definition);
        let not_valid = if self.validated { "" } else { " NOT VALID" };
        let mut step =
            Step::alter_table(self.id(), &self.table, format!("ADD {text}{not_valid}")).builds(self.id());
        step.builds.extend(self.index_name(&self.name));
        step = match self.form {
            Form::PrimaryKey => step
                .hazard(HazardKind::LongLock, "the table is locked until the index is built")
                .hazard(HazardKind::MayFail, "rows that are equal or null in these columns stand in the way"),
            Form::Unique | Form::Exclude => step
                .hazard(HazardKind::LongLock, "the table is locked until the index is built")
                .hazard(HazardKind::MayFail, "rows that conflict with each other stand in the way"),
            Form::ForeignKey => {
                let mut step = step.relocked(LockMode::ShareRowExclusive, &self.table);
                if let Some(target) = &self.references {
                    step = step.locks(LockMode::ShareRowExclusive, target);
                }
                if self.validated {
                    step.hazard(HazardKind::LongLock, "writes wait until every row is checked")
                        .hazard(HazardKind::MayFail, "rows that point to nothing stand in the way")
                } else {
                    step
                }
            }
            Form::Check if self.validated => step
                .hazard(HazardKind::LongLock, "the table is locked until every row is checked")
                .hazard(HazardKind::MayFail, "rows that break it stand in the way"),
            Form::Check => step,
        };
        step.position = self.form as i16;
        if self.validated {
            step = step.hosted_by(ObjectId::Table(self.table.clone()));
            step.inline = Some(text);
        }
        vec![step]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut step = Step::alter_table(self.id(), &self.table, format!("DROP CONSTRAINT {}", self.name))
            .destroys(self.id())
            .hosted_by(ObjectId::Table(self.table.clone()));
        step.destroys.extend(self.index_name(&self.name));
        if let Some(target) = &self.references {
            step = step.locks(LockMode::AccessExclusive, target);
        }
        for column in &self.columns {
            step = step.hosted_by(ObjectId::Column(self.table.clone(), column.clone()));
        }
        vec![step]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Constraint(new) = new else {
            return Alteration::Recreate;
        };
        let Self { table: _, name: _, form, definition, columns: _, references: _, validated } = self;
        if *form != new.form || *definition != new.definition {
            return Alteration::Recreate;
        }
        match (*validated, new.validated) {
            (true, true) | (false, false) => Alteration::Same,
            (false, true) => Alteration::in_place(vec![
                Step::alter_table(self.id(), &self.table, format!("VALIDATE CONSTRAINT {}", self.name))
                    .relocked(LockMode::ShareUpdateExclusive, &self.table)
                    .hazard(HazardKind::MayFail, "rows that break it stand in the way"),
            ]),
            (true, false) => Alteration::Recreate,
        }
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Constraint(new) if self.table == new.table
            && self.form == new.form && self.definition == new.definition && self.validated == new.validated)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Constraint(_, to) = new else {
            return Vec::new();
        };
        let action = format!("RENAME CONSTRAINT {} TO {to}", self.name);
        let sql = format!("ALTER TABLE {} {action}", self.table);
        let mut step = Step::statement(new.clone(), sql)
            .locks(LockMode::AccessExclusive, &self.table)
            .destroys(self.id())
            .builds(new.clone());
        step.destroys.extend(self.index_name(&self.name));
        step.builds.extend(self.index_name(to));
        vec![step]
    }
}
