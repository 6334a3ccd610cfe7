//! Constraints of domains.

use super::domain::checked;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A CHECK constraint of a domain. NOT NULL belongs to the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// The domain.
    pub domain: QName,
    /// Its name.
    pub name: Ident,
    /// `pg_get_constraintdef`: `CHECK ((VALUE > 0))`.
    pub definition: Printed,
    /// `convalidated`.
    pub validated: bool,
}

const BROKEN: &str = "values that break it";

impl Rules for DomainConstraint {
    fn id(&self) -> ObjectId {
        ObjectId::DomainConstraint(self.domain.clone(), self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let text = format!("CONSTRAINT {} {}", self.name, self.definition);
        let not_valid = if self.validated { "" } else { " NOT VALID" };
        let sql = format!("ALTER DOMAIN {} ADD {text}{not_valid}", self.domain);
        let mut step = Step::statement(self.id(), sql).builds(self.id());
        if self.validated {
            step =
                checked(step, &self.domain, BROKEN, cx).line_of(ObjectId::Domain(self.domain.clone()), &text);
        }
        vec![step]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("ALTER DOMAIN {} DROP CONSTRAINT {}", self.domain, self.name);
        vec![
            Step::statement(self.id(), sql)
                .destroys(self.id())
                .hosted_by(ObjectId::Domain(self.domain.clone())),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::DomainConstraint(new) = new else {
            return Alteration::Recreate;
        };
        let Self { domain, name, definition, validated } = self;
        match (*validated, new.validated) {
            _other if *definition != new.definition => Alteration::Recreate,
            (false, true) => {
                let sql = format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}");
                Alteration::in_place(vec![checked(Step::statement(self.id(), sql), domain, BROKEN, cx)])
            }
            (true, false) => Alteration::Recreate,
            (true, true) | (false, false) => Alteration::Same,
        }
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::DomainConstraint(new) if self.domain == new.domain
            && self.definition == new.definition && self.validated == new.validated)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::DomainConstraint(_, to) = new else {
            return Vec::new();
        };
        let sql = format!("ALTER DOMAIN {} RENAME CONSTRAINT {} TO {to}", self.domain, self.name);
        vec![Step::statement(new.clone(), sql).destroys(self.id()).builds(new.clone())]
    }
}
