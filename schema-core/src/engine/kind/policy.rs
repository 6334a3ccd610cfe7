//! Policies of tables. Whether a table heeds them is said by the table.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A row security policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// `PERMISSIVE`, else `RESTRICTIVE`.
    pub permissive: bool,
    /// `FOR`: `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// `TO`, in alphabetical order; none are all, `PUBLIC`.
    pub roles: Vec<Ident>,
    /// `USING`, as `pg_get_expr` prints it.
    pub using: Option<Printed>,
    /// `WITH CHECK`.
    pub check: Option<Printed>,
}

impl Policy {
    fn to(&self) -> String {
        let roles: Vec<String> = self.roles.iter().map(ToString::to_string).collect();
        if roles.is_empty() { "PUBLIC".to_owned() } else { roles.join(", ") }
    }

    fn needs_roles(&self, mut step: Step) -> Step {
        step.needs.extend(self.roles.iter().cloned().map(ObjectId::Role));
        step
    }

    fn releases_roles(&self, mut step: Step) -> Step {
        step.releases.extend(self.roles.iter().cloned().map(ObjectId::Role));
        step
    }
}

impl Rules for Policy {
    fn id(&self) -> ObjectId {
        ObjectId::Policy(self.table.clone(), self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let Self { table, name, permissive, command, roles, using, check } = self;
        let mut sql = format!("CREATE POLICY {name} ON {table}");
        if !permissive {
            sql.push_str(" AS RESTRICTIVE");
        }
        if command != "ALL" {
            sql.push_str(&format!(" FOR {command}"));
        }
        if !roles.is_empty() {
            sql.push_str(&format!(" TO {}", self.to()));
        }
        if let Some(using) = using {
            sql.push_str(&format!(" USING ({using})"));
        }
        if let Some(check) = check {
            sql.push_str(&format!(" WITH CHECK ({check})"));
        }
        let step = Step::statement(self.id(), sql).builds(self.id()).locks(LockMode::AccessExclusive, table);
        vec![self.needs_roles(step)]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let step = Step::statement(self.id(), format!("DROP POLICY {} ON {}", self.name, self.table))
            .destroys(self.id())
            .locks(LockMode::AccessExclusive, &self.table)
            .hosted_by(ObjectId::Table(self.table.clone()));
        vec![self.releases_roles(step)]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Policy(new) = new else {
            return Alteration::Recreate;
        };
        let Self { table, name, permissive, command, roles, using, check } = self;
        // An expression can be changed, but not be removed.
        let removed = using.is_some() && new.using.is_none() || check.is_some() && new.check.is_none();
        if (permissive, command) != (&new.permissive, &new.command) || removed {
            return Alteration::Recreate;
        }
        let mut actions = String::new();
        if *roles != new.roles {
            actions.push_str(&format!(" TO {}", new.to()));
        }
        if let Some(changed) = new.using.as_ref().filter(|_| *using != new.using) {
            actions.push_str(&format!(" USING ({changed})"));
        }
        if let Some(changed) = new.check.as_ref().filter(|_| *check != new.check) {
            actions.push_str(&format!(" WITH CHECK ({changed})"));
        }
        if actions.is_empty() {
            return Alteration::Same;
        }
        let step = Step::statement(self.id(), format!("ALTER POLICY {name} ON {table}{actions}"))
            .locks(LockMode::AccessExclusive, table);
        Alteration::in_place(vec![self.releases_roles(new.needs_roles(step))])
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Policy(new) if Self { name: self.name.clone(), ..(**new).clone() } == *self)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Policy(_, to) = new else {
            return Vec::new();
        };
        let sql = format!("ALTER POLICY {} ON {} RENAME TO {to}", self.name, self.table);
        vec![
            Step::statement(new.clone(), sql)
                .destroys(self.id())
                .builds(new.clone())
                .locks(LockMode::AccessExclusive, &self.table),
        ]
    }
}

/// The Steps that make a table heed its policies, or no longer: `before` and `after` say whether, and whether the owner
/// does too.
pub(super) fn row_security(table: &QName, before: (bool, bool), after: (bool, bool)) -> Vec<Step> {
    let id = ObjectId::Table(table.clone());
    let step = |action: &str| Step::alter_table(id.clone(), table, format!("{action} ROW LEVEL SECURITY"));
    let mut steps = Vec::new();
    match (before.0, after.0) {
        (false, true) => steps.push(step("ENABLE").hazard(
            HazardKind::BreaksRunningCode,
            "programs see and write only the rows that a policy lets them",
        )),
        (true, false) => steps.push(step("DISABLE")),
        (true, true) | (false, false) => {}
    }
    match (before.1, after.1) {
        (false, true) => steps.push(step("FORCE")),
        (true, false) => steps.push(step("NO FORCE")),
        (true, true) | (false, false) => {}
    }
    steps
}
