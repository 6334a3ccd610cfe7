//! Event triggers: functions that run at changes of the schema itself.

use super::trigger::Fires;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// An event trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    /// Its name.
    pub name: Ident,
    /// `ddl_command_end`.
    pub event: Ident,
    /// `WHEN TAG IN`: the commands.
    pub tags: Vec<String>,
    /// The function that runs.
    pub function: QName,
    /// When it fires.
    pub fires: Fires,
}

impl EventTrigger {
    fn fire(&self) -> Step {
        Step::statement(self.id(), format!("ALTER EVENT TRIGGER {} {}", self.name, self.fires.words("")))
    }
}

impl Rules for EventTrigger {
    fn id(&self) -> ObjectId {
        ObjectId::EventTrigger(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let tags: Vec<String> = self.tags.iter().map(|tag| literal(tag)).collect();
        let when =
            if tags.is_empty() { String::new() } else { format!("\n    WHEN TAG IN ({})", tags.join(", ")) };
        let sql = format!(
            "CREATE EVENT TRIGGER {} ON {}{when}\n    EXECUTE FUNCTION {}()",
            self.name, self.event, self.function
        );
        let mut steps = vec![Step::statement(self.id(), sql).builds(self.id())];
        if self.fires != Fires::Origin {
            steps.push(self.fire());
        }
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP EVENT TRIGGER {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::EventTrigger(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name: _, event, tags, function, fires } = self;
        if (event, tags, function) != (&new.event, &new.tags, &new.function) {
            Alteration::Recreate
        } else if *fires != new.fires {
            Alteration::in_place(vec![new.fire()])
        } else {
            Alteration::Same
        }
    }
}
