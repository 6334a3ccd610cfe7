//! Comments on objects.

use super::extension::Extension;
use super::target::target;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::{QName, literal};
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
        let composite = |relation: &QName| catalog.get(&ObjectId::Composite(relation.clone())).is_some();
        let locked = self.on.table().filter(|relation| !composite(relation));
        vec![match locked {
            Some(table) => step.locks(LockMode::ShareUpdateExclusive, table),
            None => step,
        }]
    }
}

impl Comment {
    /// What is there without a comment of ours: what every new database says of schema public, and what an extension
    /// says of itself.
    fn without(&self, new: &Catalog) -> String {
        match new.get(&self.on) {
            Some(Object::Schema(schema)) if schema.name.as_str() == "public" => {
                literal("standard public schema")
            }
            Some(Object::Extension(Extension { comment: Some(comment), .. })) => literal(comment),
            _nothing => "NULL".to_owned(),
        }
    }

    /// What takes the comment along besides the object that it is on, which need be none: a column of a view, an
    /// attribute of a type, the index inside a constraint.
    fn hosts(&self) -> Vec<ObjectId> {
        if let ObjectId::Index(name) | ObjectId::Sequence(name) = &self.on {
            return vec![ObjectId::RelationName(name.clone())];
        }
        if let ObjectId::Constraint(table, _) = &self.on {
            return vec![ObjectId::Table(table.clone())];
        }
        let ObjectId::Column(relation, _) = &self.on else { return Vec::new() };
        vec![
            ObjectId::Composite(relation.clone()),
            ObjectId::View(relation.clone()),
            ObjectId::MaterializedView(relation.clone()),
        ]
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
        self.statement(&self.without(cx.new), cx.old)
            .into_iter()
            .map(|step| step.destroys(self.id()).hosted_by(self.on.clone()))
            .map(|step| self.hosts().into_iter().fold(step, Step::hosted_by))
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
