//! Comments on objects.

use super::target::target;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
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
    fn statement(&self, text: &str, catalog: &Catalog) -> Vec<Step> {
        let Some(target) = target(&self.on, catalog) else {
            return Vec::new();
        };
        let step = Step::statement(self.id(), format!("COMMENT ON {target} IS {text}"));
        let locked = if let ObjectId::Table(table)
        | ObjectId::Column(table, _)
        | ObjectId::Constraint(table, _) = &self.on
        {
            Some(table)
        } else {
            None
        };
        vec![match locked {
            Some(table) => step.locks(LockMode::ShareUpdateExclusive, table),
            None => step,
        }]
    }
}

impl Rules for Comment {
    fn id(&self) -> ObjectId {
        ObjectId::Comment(Box::new(self.on.clone()))
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        self.statement(&literal(&self.text), cx.new).into_iter().map(|step| step.builds(self.id())).collect()
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        self.statement("NULL", cx.old)
            .into_iter()
            .map(|step| step.destroys(self.id()).hosted_by(self.on.clone()))
            // What has a name inside another object goes with that, or with its table.
            .map(|mut step| {
                if let ObjectId::Index(name) | ObjectId::Sequence(name) = &self.on {
                    step.hosts.push(ObjectId::RelationName(name.clone()));
                } else {
                    step.hosts.extend(self.on.table().map(|table| ObjectId::Table(table.clone())));
                }
                step
            })
            .collect()
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { on: _, text }, Object::Comment(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *text == new.text {
            Alteration::Same
        } else {
            Alteration::in_place(self.statement(&literal(&new.text), cx.new))
        }
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Comment(new) if new.text == self.text)
    }
}
