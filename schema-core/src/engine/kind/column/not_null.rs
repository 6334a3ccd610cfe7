//! NOT NULL: set, dropped, and set online on the proof of a check.

use super::Column;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::kind::foreign_table::is_foreign;
use crate::engine::kind::inherit::lasting;
use crate::engine::kind::online::{passing_check, validate};
use crate::engine::kind::{Context, Rules, facet};
use crate::engine::name::QName;
use crate::engine::step::{LockMode, Step};

impl Column {
    pub(super) fn change_not_null(&self, new: &Self, cx: &Context<'_>) -> Vec<Step> {
        match (self.not_null, new.not_null) {
            (false, true) => vec![self.set_not_null(new, cx)],
            (true, false) => {
                let mut step = self.alter_column("DROP NOT NULL");
                step.destroys.extend(facet::not_null_name(self, cx.old));
                vec![step]
            }
            (true, true) => facet::change_not_null(self, new, cx),
            (false, false) => Vec::new(),
        }
    }

    fn set_not_null(&self, new: &Self, cx: &Context<'_>) -> Step {
        let new = &*facet::with_said_name(new, cx);
        let fix = match &new.default {
            Some(default) if new.generated.is_none() => format!(
                "; UPDATE {} SET {} = {default} WHERE {} IS NULL would give them the default",
                self.table, self.name, self.name
            ),
            Some(_) | None => String::new(),
        };
        let why = format!("rows with NULL stand in the way{fix}");
        let constraint = new.not_null_constraint.as_ref();
        let mut step = match constraint {
            Some(constraint) => Step::alter_table(self.id(), &self.table, constraint.add(&self.name)),
            None => self.alter_column("SET NOT NULL"),
        };
        step.builds.extend(self.not_nulls(cx));
        step.builds.extend(facet::chosen_not_null_name(new, cx.new));
        if constraint.is_some_and(|constraint| !constraint.validated) {
            return step;
        }
        let online =
            if is_foreign(&self.table, cx.old) { Vec::new() } else { self.prove_not_null(new, &why, cx) };
        step.hazard(HazardKind::LongLock, "the table is locked until every row is checked")
            .hazard(HazardKind::MayFail, why)
            .online(online)
    }

    /// It, and those of tables that inherit it.
    fn not_nulls(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let fact = |column: &Self| ObjectId::NotNull(column.table.clone(), column.name.clone());
        std::iter::once(fact(self)).chain(self.heirs(cx).into_iter().map(fact)).collect()
    }

    /// A constraint that is NOT NULL by name can wait for its check (PostgreSQL 18). All others, on every major, find
    /// it done by a check constraint that says the same, and that is not needed any longer.
    fn prove_not_null(&self, new: &Self, why: &str, cx: &Context<'_>) -> Vec<Step> {
        let below = lasting(cx, &self.table);
        let below: Vec<&QName> = below.iter().map(|table| &table.name).collect();
        let check = |name| validate(self.id(), &self.table, name, below.iter().copied(), why.to_owned());
        if let Some(constraint) = &new.not_null_constraint {
            let unchecked = super::NotNull { validated: false, ..(**constraint).clone() };
            let add = Step::alter_table(self.id(), &self.table, unchecked.add(&self.name));
            let mut check = check(&constraint.name);
            check.builds.extend(self.not_nulls(cx));
            return vec![add, check];
        }
        let of = format!("{}_{}", self.table.name.as_str(), self.name.as_str());
        let name = passing_check(&self.table, &of, "not_null_check", cx);
        let proof = ObjectId::Constraint(self.table.clone(), name.clone());
        let add = format!("ADD CONSTRAINT {name} CHECK ({} IS NOT NULL) NOT VALID", self.name);
        // In a statement of its own: one ALTER TABLE would run it first.
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {name}", self.table);
        let mut drop = Step::statement(self.id(), drop)
            .locks(LockMode::AccessExclusive, &self.table)
            .destroys(proof.clone());
        drop.builds.extend(self.not_nulls(cx));
        vec![
            Step::alter_table(self.id(), &self.table, add).builds(proof),
            check(&name),
            self.alter_column("SET NOT NULL"),
            drop,
        ]
    }
}
