//! Foreign data wrappers.

use super::foreign::Options;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A foreign data wrapper that belongs to no extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    /// Its name.
    pub name: Ident,
    /// The function that does the work.
    pub handler: Option<String>,
    /// The function that checks options.
    pub validator: Option<String>,
    /// Its options.
    pub options: Options,
}

impl Rules for ForeignDataWrapper {
    fn id(&self) -> ObjectId {
        ObjectId::ForeignDataWrapper(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE FOREIGN DATA WRAPPER {}", self.name);
        if let Some(handler) = &self.handler {
            sql.push_str(&format!(" HANDLER {handler}"));
        }
        if let Some(validator) = &self.validator {
            sql.push_str(&format!(" VALIDATOR {validator}"));
        }
        sql.push_str(&self.options.create_sql());
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP FOREIGN DATA WRAPPER {}", self.name))
                .destroys(self.id()),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name, handler, validator, options }, Object::ForeignDataWrapper(new)) = (self, new)
        else {
            return Alteration::Recreate;
        };
        let mut actions = String::new();
        let mut function = |word: &str, old: &Option<String>, new: &Option<String>| match new {
            _same if old == new => {}
            Some(function) => actions.push_str(&format!(" {word} {function}")),
            None => actions.push_str(&format!(" NO {word}")),
        };
        function("HANDLER", handler, &new.handler);
        function("VALIDATOR", validator, &new.validator);
        actions.push_str(&options.alter_sql(&new.options));
        if actions.is_empty() {
            return Alteration::Same;
        }
        let sql = format!("ALTER FOREIGN DATA WRAPPER {name}{actions}");
        Alteration::in_place(vec![Step::statement(self.id(), sql)])
    }
}
