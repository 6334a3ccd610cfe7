//! Operators.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use arcstr::ArcStr;
use serde::{Deserialize, Serialize};

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Its name; operators are never quoted.
    pub name: QName,
    /// The types of its operands: `integer, integer`, `NONE, integer`.
    pub operands: ArcStr,
    /// `FUNCTION = ..., LEFTARG = ..., RIGHTARG = ..., COMMUTATOR = ...`: what cannot change, and what can only be added.
    pub definition: Vec<String>,
    /// `RESTRICT`: estimates how many rows it lets through.
    pub restrict: Option<String>,
    /// `JOIN`: the same for joins.
    pub join: Option<String>,
}

impl Operator {
    /// `public.===`.
    fn qualified(name: &QName) -> String {
        format!("{}.{}", name.schema, name.name.as_str())
    }

    /// `OPERATOR public.=== (integer, integer)`.
    pub(super) fn target(name: &QName, operands: &str) -> String {
        format!("OPERATOR {} ({operands})", Self::qualified(name))
    }
}

impl Rules for Operator {
    fn id(&self) -> ObjectId {
        ObjectId::Operator(self.name.clone(), self.operands.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut parts = self.definition.clone();
        parts.extend(self.restrict.as_ref().map(|function| format!("RESTRICT = {function}")));
        parts.extend(self.join.as_ref().map(|function| format!("JOIN = {function}")));
        let sql =
            format!("CREATE OPERATOR {} (\n    {}\n)", Self::qualified(&self.name), parts.join(",\n    "));
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP {}", Self::target(&self.name, &self.operands));
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Operator(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name, operands, definition, restrict, join } = self;
        if *definition != new.definition {
            return Alteration::Recreate;
        }
        let mut parts = Vec::new();
        for (word, old, new) in [("RESTRICT", restrict, &new.restrict), ("JOIN", join, &new.join)] {
            if old != new {
                parts.push(format!("{word} = {}", new.as_deref().unwrap_or("NONE")));
            }
        }
        if parts.is_empty() {
            return Alteration::Same;
        }
        let sql = format!("ALTER {} SET ({})", Self::target(name, operands), parts.join(", "));
        Alteration::in_place(vec![Step::statement(self.id(), sql)])
    }
}
