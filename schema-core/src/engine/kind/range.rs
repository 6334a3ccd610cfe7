//! Range types, with the multirange types that come with them.

use super::base_type::after_shell;
use super::domain::rename_type;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A range type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Its name.
    pub name: QName,
    /// The type of the bounds.
    pub subtype: String,
    /// The operator class, where it is not the default of the subtype.
    pub operator_class: Option<QName>,
    /// The collation, where it differs from the subtype's own.
    pub collation: Option<QName>,
    /// The function that brings values into their canonical form.
    pub canonical: Option<String>,
    /// The function that subtracts two bounds.
    pub difference: Option<String>,
    /// The multirange type.
    pub multirange: QName,
}

impl Rules for Range {
    fn id(&self) -> ObjectId {
        ObjectId::Range(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let mut parts = vec![format!("SUBTYPE = {}", self.subtype)];
        parts.extend(self.operator_class.iter().map(|class| format!("SUBTYPE_OPCLASS = {class}")));
        parts.extend(self.collation.iter().map(|collation| format!("COLLATION = {collation}")));
        parts.extend(self.canonical.iter().map(|function| format!("CANONICAL = {function}")));
        parts.extend(self.difference.iter().map(|function| format!("SUBTYPE_DIFF = {function}")));
        parts.push(format!("MULTIRANGE_TYPE_NAME = {}", self.multirange));
        let id = self.id();
        let sql = format!("CREATE TYPE {} AS RANGE (\n    {}\n)", self.name, parts.join(",\n    "));
        let whole = Step::statement(id.clone(), sql)
            .builds(id.clone())
            .builds(ObjectId::TypeName(self.multirange.clone()));
        if self.canonical.is_some() {
            after_shell(&self.name, whole, &id, cx)
        } else {
            vec![whole.builds(ObjectId::TypeName(self.name.clone()))]
        }
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        // With the function that takes it and that it is made of.
        let cascade = if self.canonical.is_some() { " CASCADE" } else { "" };
        vec![
            Step::statement(self.id(), format!("DROP TYPE {}{cascade}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::TypeName(self.name.clone()))
                .destroys(ObjectId::TypeName(self.multirange.clone())),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Range(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name: _, subtype, operator_class, collation, canonical, difference, multirange: _ } = self;
        let same = *subtype == new.subtype
            && *operator_class == new.operator_class
            && *collation == new.collation
            && *canonical == new.canonical
            && *difference == new.difference;
        if !same {
            return Alteration::Recreate;
        }
        Alteration::in_place(rename_type(&self.id(), "TYPE", &self.multirange, &new.multirange))
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Range(to) = new else {
            return Vec::new();
        };
        rename_type(new, "TYPE", &self.name, to)
    }
}
