//! Casts.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::step::Step;
use arcstr::ArcStr;
use serde::{Deserialize, Serialize};

/// A cast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// The source type.
    pub from: ArcStr,
    /// The target type.
    pub to: ArcStr,
    /// What follows the types: `WITH FUNCTION public.f(text) AS IMPLICIT`.
    pub definition: String,
}

impl Rules for Cast {
    fn id(&self) -> ObjectId {
        ObjectId::Cast(self.from.clone(), self.to.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE CAST ({} AS {}) {}", self.from, self.to, self.definition);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP CAST ({} AS {})", self.from, self.to))
                .destroys(self.id()),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { from: _, to: _, definition }, Object::Cast(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *definition == new.definition { Alteration::Same } else { Alteration::Recreate }
    }
}
