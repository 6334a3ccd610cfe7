//! `validate-in-same-tx`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::world::name_of;

pub(in crate::engine::lint) const VALIDATE: Rule = Rule {
    name: "validate-in-same-tx",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A constraint is added NOT VALID and validated in the same transaction.",
    why: "The strong lock of ADD CONSTRAINT is held until the transaction ends, so through the whole scan: nothing is won.",
    recipe: "Validate in a section of its own:\n\
             -- schema:section\nALTER TABLE public.t VALIDATE CONSTRAINT t_c_check;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    for (index, step) in site.walked.iter().enumerate() {
        let Action::Alter { table, change: Change::Validate(name) } = &step.placed.action else { continue };
        if step.fresh || !site.unit.sections[step.section].transaction {
            continue;
        }
        let added = |earlier: &&Walked<'_>| match &earlier.placed.action {
            Action::Alter { table: on, change: Change::AddConstraint(constraint) } => {
                earlier.section == step.section
                    && on.full() == table.full()
                    && name_of(&on.full(), constraint) == *name
            }
            _other => false,
        };
        if let Some(earlier) = site.walked[..index].iter().find(added) {
            let message = format!(
                "{name} is validated under the lock that adding it on line {} took",
                earlier.placed.line
            );
            found.step(site.unit, step, message).of(format!("{table}.{name}"));
        }
    }
}
