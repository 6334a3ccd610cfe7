//! `set-not-null`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;
use crate::engine::lint::world::World;
use crate::engine::name::Ident;

pub(in crate::engine::lint) const SET_NOT_NULL: Rule = Rule {
    name: "set-not-null",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "NOT NULL reads all rows while readers and writers wait.",
    why: "SET NOT NULL holds ACCESS EXCLUSIVE while it looks for a NULL, unless a validated check already says that there \
          is none.",
    recipe: "Prove it with a check first, which lets everybody in:\n\
             ALTER TABLE public.t ADD CONSTRAINT c_is CHECK (c IS NOT NULL) NOT VALID;\n\
             -- schema:section\nALTER TABLE public.t VALIDATE CONSTRAINT c_is;\n\
             -- schema:section\nALTER TABLE public.t ALTER COLUMN c SET NOT NULL;\n\
             ALTER TABLE public.t DROP CONSTRAINT c_is;",
    checks: &[Check::Action(check)],
};

const EIGHTEEN: &str = "PostgreSQL 18 has a NOT NULL that does not look at once:\n\
                        ALTER TABLE public.t ADD CONSTRAINT t_c_not_null NOT NULL c NOT VALID;\n\
                        -- schema:section\nALTER TABLE public.t VALIDATE CONSTRAINT t_c_not_null;";

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change } = &site.placed.action else { return };
    let column = match change {
        Change::SetNotNull(column) => Some(column),
        Change::AddConstraint(constraint) if constraint.form == Form::NotNull && !constraint.not_valid => {
            constraint.columns.first()
        }
        _other => None,
    };
    let Some(column) = column else { return };
    if !site.is_old(table) || is_proven(site.world, table, column) {
        return;
    }
    let message = format!("looks for a NULL in {table}.{column} while nobody can read or write it");
    let hit = found.at(site, message).of(format!("{table}.{column}"));
    if site.has_postgres(18) {
        hit.instead(EIGHTEEN);
    }
}

/// A validated check (or NOT NULL) says it already.
pub(super) fn is_proven(world: &World, table: &Name, column: &Ident) -> bool {
    let Some(known) = world.table(table) else { return false };
    known.columns.get(column).is_some_and(|column| column.not_null)
        || known.constraints.values().filter(|constraint| !constraint.not_valid).any(|constraint| {
            let says = constraint.expression.as_deref().is_some_and(|text| implies(text, column));
            says || (constraint.form == Form::NotNull && constraint.columns.contains(column))
        })
}

/// `c IS NOT NULL`, alone or with AND.
pub(in crate::engine::lint) fn implies(expression: &str, column: &Ident) -> bool {
    let mut words = Words::of(expression);
    if let Some(inside) = words.group()
        && words.at_end()
    {
        return implies(inside, column);
    }
    let mut words = Words::of(expression);
    if words.has("or") {
        return false;
    }
    loop {
        let part = words.until(&["and"]);
        let mut is = Words::of(part);
        if is.ident().as_ref() == Some(column) && is.take("is not null") && is.at_end() {
            return true;
        }
        if part.starts_with('(') && part != expression && implies(part, column) {
            return true;
        }
        if !words.take("and") {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_implies_not_null() {
        let column = Ident::from("c");
        for yes in
            ["c IS NOT NULL", "(c IS NOT NULL)", "(c is not null) AND (d > 0)", "d > 0 and c is not null"]
        {
            assert!(implies(yes, &column), "{yes}");
        }
        for no in ["d IS NOT NULL", "c IS NOT NULL OR d > 0", "(c IS NOT NULL) = true", "c IS NULL", ""] {
            assert!(!implies(no, &column), "{no}");
        }
    }
}
