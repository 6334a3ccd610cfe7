//! Access methods that come with no extension.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// An access method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMethod {
    /// Its name.
    pub name: Ident,
    /// What follows the name: `TYPE TABLE HANDLER pg_catalog.heap_tableam_handler`.
    pub definition: String,
}

impl Rules for AccessMethod {
    fn id(&self) -> ObjectId {
        ObjectId::AccessMethod(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE ACCESS METHOD {} {}", self.name, self.definition);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP ACCESS METHOD {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, definition }, Object::AccessMethod(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *definition == new.definition { Alteration::Same } else { Alteration::Recreate }
    }
}
