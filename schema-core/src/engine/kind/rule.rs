//! Rules of tables and views. The rule that is a view's query belongs to the view.

use super::trigger::Fires;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A rewrite rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The table or view.
    pub relation: QName,
    /// Its name.
    pub name: Ident,
    /// What follows the name in `pg_get_ruledef`: `AS ON DELETE TO ... DO INSTEAD NOTHING`, without the semicolon.
    pub definition: Printed,
    /// When it fires.
    pub fires: Fires,
}

impl Rule {
    fn set_fires(&self, fires: Fires) -> Step {
        Step::alter_table(self.id(), &self.relation, format!("{} {}", fires.words(" RULE"), self.name))
    }
}

impl Rules for Rule {
    fn id(&self) -> ObjectId {
        ObjectId::Rule(self.relation.clone(), self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let create = Step::statement(self.id(), format!("CREATE RULE {} {}", self.name, self.definition))
            .builds(self.id())
            .locks(LockMode::AccessExclusive, &self.relation);
        if self.fires == Fires::Origin { vec![create] } else { vec![create, self.set_fires(self.fires)] }
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP RULE {} ON {}", self.name, self.relation))
                .destroys(self.id())
                .locks(LockMode::AccessExclusive, &self.relation)
                .hosted_by(ObjectId::Table(self.relation.clone()))
                .hosted_by(ObjectId::View(self.relation.clone())),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { relation, name, definition, fires }, Object::Rule(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        let mut steps = Vec::new();
        if *definition != new.definition {
            let sql = format!("CREATE OR REPLACE RULE {name} {}", new.definition);
            steps.push(Step::statement(self.id(), sql).locks(LockMode::AccessExclusive, relation));
        }
        if *fires != new.fires {
            steps.push(self.set_fires(new.fires));
        }
        Alteration::in_place(steps)
    }
}
