//! Conversions between encodings.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// Its name.
    pub name: QName,
    /// `DEFAULT`: the one that is taken for its encodings in its schema.
    pub default: bool,
    /// What follows the name: `FOR 'LATIN1' TO 'UTF8' FROM pg_catalog.iso8859_1_to_utf8`.
    pub definition: String,
}

impl Rules for Conversion {
    fn id(&self) -> ObjectId {
        ObjectId::Conversion(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let default = if self.default { "DEFAULT " } else { "" };
        let sql = format!("CREATE {default}CONVERSION {} {}", self.name, self.definition);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP CONVERSION {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, default, definition }, Object::Conversion(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if (default, definition) == (&new.default, &new.definition) {
            Alteration::Same
        } else {
            Alteration::Recreate
        }
    }
}
