//! Procedural languages that come with no extension.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A procedural language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// Its name.
    pub name: Ident,
    /// `TRUSTED`: anyone may write functions in it.
    pub trusted: bool,
    /// What follows the name: `HANDLER public.call_handler VALIDATOR public.validator`.
    pub definition: String,
}

impl Language {
    fn statement(&self, create: &str) -> Step {
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let sql = format!("{create} {trusted}LANGUAGE {} {}", self.name, self.definition);
        Step::statement(self.id(), sql).builds(self.id())
    }
}

impl Rules for Language {
    fn id(&self) -> ObjectId {
        ObjectId::Language(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![self.statement("CREATE")]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP LANGUAGE {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, trusted, definition }, Object::Language(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if (trusted, definition) == (&new.trusted, &new.definition) {
            Alteration::Same
        } else {
            Alteration::in_place(vec![new.statement("CREATE OR REPLACE").destroys(self.id())])
        }
    }
}
