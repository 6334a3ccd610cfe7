//! `fk-dropped`, `unique-dropped`, `constraint-dropped`.

use super::super::locks::set_not_null::implies;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const FK: Rule = Rule {
    name: "fk-dropped",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A foreign key is dropped.",
    why: "Nobody keeps references whole any more, and rows that ON DELETE would have removed stay.",
    recipe: "If it is meant, say so:\n-- schema:allow fk-dropped: the program does it since 4.2",
    checks: &[Check::Unit(fk)],
};

pub(in crate::engine::lint) const UNIQUE: Rule = Rule {
    name: "unique-dropped",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A unique constraint or a primary key is dropped.",
    why: "Duplicates can come in, and `INSERT ... ON CONFLICT` of programs that run fails without its target.",
    recipe: "See that no program names it in ON CONFLICT; if it is meant, say so:\n\
             -- schema:allow unique-dropped: replaced by the index below",
    checks: &[Check::Unit(unique)],
};

pub(in crate::engine::lint) const CONSTRAINT: Rule = Rule {
    name: "constraint-dropped",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A constraint is dropped.",
    why: "What it kept out can come in, and programs may count on it.",
    recipe: "If it is meant, say so:\n-- schema:allow constraint-dropped: negative amounts are refunds now",
    checks: &[Check::Unit(constraint)],
};

fn fk(site: &UnitSite<'_>, found: &mut Found) {
    check(site, &[Some(Form::ForeignKey)], "the foreign key", found);
}

fn unique(site: &UnitSite<'_>, found: &mut Found) {
    check(site, &[Some(Form::Unique), Some(Form::PrimaryKey), Some(Form::Exclude)], "the key", found);
}

fn constraint(site: &UnitSite<'_>, found: &mut Found) {
    // What nobody here has made may be anything.
    check(site, &[Some(Form::Check), Some(Form::NotNull), None], "the constraint", found);
}

fn check(site: &UnitSite<'_>, meant: &[Option<Form>], what: &str, found: &mut Found) {
    let drops =
        |action: &Action| matches!(action, Action::Alter { change: Change::DropConstraint { .. }, .. });
    if site.unit.part == Part::Down || !site.any(drops) {
        return;
    }
    site.replay(|world, index, step| {
        let Action::Alter { table, change: Change::DropConstraint { name, .. } } = &step.placed.action else {
            return;
        };
        let known = world.table(table).and_then(|table| table.constraints.get(name));
        let again = site.walked[index + 1..].iter().any(|later| adds(later, table, name));
        let spent = known.is_some_and(|known| is_spent(site, table, known));
        if meant.contains(&known.map(|constraint| constraint.form)) && !step.fresh && !again && !spent {
            found
                .step(site.unit, step, format!("drops {what} {name} of {table}"))
                .of(format!("{table}.{name}"));
        }
    });
}

fn adds(step: &Walked<'_>, table: &Name, name: &crate::engine::name::Ident) -> bool {
    if let Action::Alter { table: on, change: Change::AddConstraint(new) } = &step.placed.action {
        on.full() == table.full() && new.name.as_ref() == Some(name)
    } else {
        false
    }
}

/// A check that says what NOT NULL, or the bound of a partition, says by now.
fn is_spent(site: &UnitSite<'_>, table: &Name, constraint: &Constraint) -> bool {
    if site.attaches(table) {
        return true;
    }
    let text = constraint.expression.as_deref().unwrap_or_default();
    let columns = site.after.table(table).into_iter().flat_map(|table| table.columns.values());
    columns.into_iter().any(|column| column.not_null && implies(text, &column.name))
}
