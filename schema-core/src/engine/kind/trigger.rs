//! Triggers of tables and views. Those that enforce constraints belong to the constraints.

use super::inherit::{lasting, once_detached, stays_attached, table};
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The table or view.
    pub relation: QName,
    /// Its name.
    pub name: Ident,
    /// Where it comes from.
    pub form: Form,
    /// When it fires.
    pub fires: Fires,
}

/// Where a trigger comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// It stands on its own.
    Own {
        /// What follows `CREATE` in `pg_get_triggerdef`: `TRIGGER audit AFTER INSERT ON public.users ...`.
        definition: Printed,
    },
    /// The partition's part of a trigger on the partitioned table; only there where it fires differently.
    Inherited {
        /// When that one fires.
        usual: Fires,
    },
}

/// When a trigger or rule fires, by `session_replication_role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fires {
    /// As usual.
    Origin,
    /// `DISABLE`.
    Never,
    /// `ENABLE REPLICA`.
    Replica,
    /// `ENABLE ALWAYS`.
    Always,
}

impl Fires {
    /// From `tgenabled`, `evtenabled` or `ev_enabled`.
    pub(crate) fn from_char(letter: &str) -> Self {
        match letter {
            "D" => Self::Never,
            "R" => Self::Replica,
            "A" => Self::Always,
            _ => Self::Origin,
        }
    }

    pub(super) fn words(self, what: &str) -> String {
        match self {
            Self::Origin => format!("ENABLE{what}"),
            Self::Never => format!("DISABLE{what}"),
            Self::Replica => format!("ENABLE REPLICA{what}"),
            Self::Always => format!("ENABLE ALWAYS{what}"),
        }
    }
}

impl Trigger {
    /// `ALTER TABLE ... DISABLE TRIGGER`.
    fn fire(&self, fires: Fires, cx: &Context<'_>) -> Step {
        let action = format!("{} {}", fires.words(" TRIGGER"), self.name);
        let step = Step::alter_table(self.id(), &self.relation, action);
        self.locked(
            step.relocked(LockMode::ShareRowExclusive, &self.relation),
            LockMode::ShareRowExclusive,
            cx,
        )
    }

    fn statement(&self, create: &str, definition: &str, cx: &Context<'_>) -> Step {
        let step = Step::statement(self.id(), format!("{create} {definition}"));
        self.locked(step, LockMode::ShareRowExclusive, cx)
    }

    /// The relation, and the partitions that have their parts of it.
    fn locked(&self, step: Step, mode: LockMode, cx: &Context<'_>) -> Step {
        let for_rows = match &self.form {
            Form::Own { definition } => {
                definition.split_once(" FOR EACH ").is_some_and(|(_, rest)| rest.starts_with("ROW"))
            }
            Form::Inherited { .. } => true,
        };
        let step = step.locks(mode, &self.relation);
        if !for_rows || table(cx.old, &self.relation).is_none_or(|table| table.partitioned_by.is_none()) {
            return step;
        }
        let partitions = lasting(cx, &self.relation).into_iter();
        partitions.fold(step, |step, partition| step.locks(mode, &partition.name))
    }

    /// The partitions' parts that fire differently: what is said of the whole is said of them too.
    fn parts(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let id = self.id();
        let users = cx.old.edges.users(&id);
        users.filter(|user| matches!(user, ObjectId::Trigger(..))).cloned().collect()
    }
}

impl Rules for Trigger {
    fn id(&self) -> ObjectId {
        ObjectId::Trigger(self.relation.clone(), self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        match &self.form {
            Form::Own { definition } => {
                let mut create = self.statement("CREATE", definition, cx).builds(self.id());
                // Its part of a parent's trigger can have the name until then.
                create.needs.extend(once_detached(cx, &self.relation));
                let mut steps = vec![create];
                if self.fires != Fires::Origin {
                    steps.push(self.fire(self.fires, cx));
                }
                steps
            }
            Form::Inherited { .. } => {
                let attached = ObjectId::Attached(self.relation.clone());
                vec![self.fire(self.fires, cx).builds(self.id()).needs(attached)]
            }
        }
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        if matches!(self.form, Form::Inherited { .. }) && !stays_attached(cx, &self.relation) {
            // The part goes when the table is detached.
            return Vec::new();
        }
        let step = match &self.form {
            Form::Own { .. } => {
                let sql = format!("DROP TRIGGER {} ON {}", self.name, self.relation);
                self.locked(Step::statement(self.id(), sql), LockMode::AccessExclusive, cx)
            }
            Form::Inherited { usual } => self.fire(*usual, cx),
        };
        // The relation is a table or a view, and a part's whole a trigger.
        let id = self.id();
        let whole =
            cx.old.needs(&id).filter(|on| on.table().is_some() && !matches!(on, ObjectId::Column(..)));
        vec![whole.fold(step.destroys(id.clone()), |step, on| step.hosted_by(on.clone()))]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Trigger(new) = new else {
            return Alteration::Recreate;
        };
        let Self { relation: _, name: _, form, fires } = self;
        let mut steps = Vec::new();
        match (form, &new.form) {
            (Form::Own { definition }, Form::Own { definition: other }) if definition != other => {
                if [definition, other].iter().any(|text| text.starts_with("CONSTRAINT ")) {
                    return Alteration::Recreate;
                }
                steps.push(new.statement("CREATE OR REPLACE", other, cx));
                // What is replaced fires as usual.
                if new.fires != Fires::Origin {
                    steps.push(new.fire(new.fires, cx));
                }
            }
            (Form::Own { .. }, Form::Own { .. }) | (Form::Inherited { .. }, Form::Inherited { .. }) => {
                if *fires != new.fires {
                    steps.push(new.fire(new.fires, cx));
                }
            }
            (Form::Own { .. }, Form::Inherited { .. }) | (Form::Inherited { .. }, Form::Own { .. }) => {
                return Alteration::Recreate;
            }
        }
        if steps.is_empty() {
            return Alteration::Same;
        }
        Alteration::InPlace { steps, rebuild: self.parts(cx), touches: Vec::new() }
    }
}
