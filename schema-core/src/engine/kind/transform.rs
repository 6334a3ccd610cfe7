//! Transforms.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use arcstr::ArcStr;
use serde::{Deserialize, Serialize};

/// How values of a type come to the functions of a language, and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transform {
    /// The type.
    pub of: ArcStr,
    /// The language.
    pub language: Ident,
    /// What stands in the parentheses: `FROM SQL WITH FUNCTION public.f(internal)`.
    pub functions: String,
}

impl Transform {
    fn create_sql(&self, create: &str) -> Step {
        let Self { of, language, functions } = self;
        Step::statement(self.id(), format!("{create} TRANSFORM FOR {of} LANGUAGE {language} ({functions})"))
    }
}

impl Rules for Transform {
    fn id(&self) -> ObjectId {
        ObjectId::Transform(self.of.clone(), self.language.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![self.create_sql("CREATE").builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP TRANSFORM FOR {} LANGUAGE {}", self.of, self.language);
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    /// In place: functions depend on it.
    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { of: _, language: _, functions }, Object::Transform(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *functions == new.functions {
            Alteration::Same
        } else {
            Alteration::in_place(vec![new.create_sql("CREATE OR REPLACE")])
        }
    }
}
