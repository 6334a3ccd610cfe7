//! PostgreSQL schemas (namespaces).

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A PostgreSQL schema. `public` is one like any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Its name.
    pub name: Ident,
}

impl Rules for Schema {
    fn id(&self) -> ObjectId {
        ObjectId::Schema(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("CREATE SCHEMA {}", self.name)).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP SCHEMA {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _ }, Object::Schema(Self { name: _ })) = (self, new) else {
            return Alteration::Recreate;
        };
        Alteration::Same
    }
}
