//! Comments on objects.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::literal;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// The comment on an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// What it is on.
    pub on: ObjectId,
    /// The text.
    pub text: String,
}

impl Comment {
    fn id(&self) -> ObjectId {
        ObjectId::Comment(Box::new(self.on.clone()))
    }

    fn statement(&self, text: &str) -> Vec<Step> {
        let Some(target) = target(&self.on) else {
            return Vec::new();
        };
        let sql = format!("COMMENT ON {target} IS {text}");
        let step = Step::statement(self.id(), sql);
        let table = match &self.on {
            ObjectId::Table(table) | ObjectId::Column(table, _) | ObjectId::Constraint(table, _) => {
                Some(table)
            }
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Enum(_)
            | ObjectId::Sequence(_)
            | ObjectId::Index(_)
            | ObjectId::Comment(_)
            | ObjectId::RelationName(_)
            | ObjectId::TypeName(_) => None,
        };
        vec![match table {
            Some(table) => step.locks(LockMode::ShareUpdateExclusive, table),
            None => step,
        }]
    }
}

/// The object as `COMMENT ON` addresses it.
fn target(on: &ObjectId) -> Option<String> {
    Some(match on {
        ObjectId::Schema(name) => format!("SCHEMA {name}"),
        ObjectId::Extension(name) => format!("EXTENSION {name}"),
        ObjectId::Enum(name) => format!("TYPE {name}"),
        ObjectId::Sequence(name) => format!("SEQUENCE {name}"),
        ObjectId::Table(name) => format!("TABLE {name}"),
        ObjectId::Column(table, name) => format!("COLUMN {table}.{name}"),
        ObjectId::Constraint(table, name) => format!("CONSTRAINT {name} ON {table}"),
        ObjectId::Index(name) => format!("INDEX {name}"),
        ObjectId::Comment(_) | ObjectId::RelationName(_) | ObjectId::TypeName(_) => return None,
    })
}

impl Rules for Comment {
    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        self.statement(&literal(&self.text)).into_iter().map(|step| step.builds(self.id())).collect()
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        self.statement("NULL")
            .into_iter()
            .map(|step| step.destroys(self.id()).hosted_by(self.on.clone()))
            .collect()
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { on: _, text }, Object::Comment(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *text == new.text {
            Alteration::Same
        } else {
            Alteration::in_place(self.statement(&literal(&new.text)))
        }
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Comment(new) if new.text == self.text)
    }
}
