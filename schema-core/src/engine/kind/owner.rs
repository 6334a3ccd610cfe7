//! Owners, where they are managed: who owns an object, if it is not the role that reads and runs all this.

use super::privilege::{ITSELF, role_sql};
use super::target::target;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// Who owns an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The object.
    pub of: ObjectId,
    /// The role.
    pub role: Ident,
}

impl Owner {
    fn steps(&self, role: &str, catalog: &Catalog, held: bool) -> Vec<Step> {
        let Some(target) = target(&self.of, catalog) else {
            return Vec::new();
        };
        let sql = format!("ALTER {target} OWNER TO {}", role_sql(&Ident::from(role), "CURRENT_USER"));
        let mut step = Step::statement(self.id(), sql);
        if let ObjectId::Table(relation) | ObjectId::View(relation) | ObjectId::MaterializedView(relation) =
            &self.of
        {
            step = step.locks(LockMode::AccessExclusive, relation);
        }
        if held {
            step = step
                .hazard(HazardKind::BreaksRunningCode, "what the owner alone may do fails for the old one");
        }
        vec![step]
    }
}

impl Rules for Owner {
    fn id(&self) -> ObjectId {
        ObjectId::Owner(Box::new(self.of.clone()))
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let held = cx.old.get(&self.of).is_some();
        let steps = self.steps(self.role.as_str(), cx.new, held);
        // There is always an owner before: who waits for that one's end comes first.
        steps.into_iter().map(|step| step.builds(self.id()).destroys(self.id())).collect()
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let steps = self.steps(ITSELF, cx.old, true);
        steps.into_iter().map(|step| step.destroys(self.id()).hosted_by(self.of.clone())).collect()
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { of: _, role }, Object::Owner(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *role == new.role {
            return Alteration::Same;
        }
        Alteration::in_place(self.steps(new.role.as_str(), cx.new, true))
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Owner(new) if new.role == self.role)
    }
}
