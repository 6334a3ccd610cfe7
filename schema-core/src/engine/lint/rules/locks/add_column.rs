//! What makes ADD COLUMN fail, scan or write the table anew: `add-required-column`, `add-column-volatile-default`,
//! `add-serial-or-identity-column`, `add-stored-generated-column`, `add-domain-constrained-column`,
//! `add-column-inline-unique-or-fk`.

use crate::engine::lint::action::Column;
use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;
use crate::engine::lint::world::World;
use crate::engine::name::QName;

pub(in crate::engine::lint) const REQUIRED: Rule = Rule {
    name: "add-required-column",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column is added NOT NULL without a default.",
    why: "It fails as soon as the table has a row: the row has no value for it.",
    recipe: "Give it a constant default, which costs nothing since PostgreSQL 11; or add it nullable, fill it, then see \
             set-not-null:\nALTER TABLE public.t ADD COLUMN c integer NOT NULL DEFAULT 0;",
    checks: &[Check::Action(required)],
};

pub(in crate::engine::lint) const VOLATILE: Rule = Rule {
    name: "add-column-volatile-default",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column is added with a default that differs from row to row.",
    why: "Every row is written anew, with all indexes, under ACCESS EXCLUSIVE.",
    recipe: "Add it without, set the default for new rows, and fill the old ones in batches:\n\
             ALTER TABLE public.t ADD COLUMN c uuid;\nALTER TABLE public.t ALTER COLUMN c SET DEFAULT gen_random_uuid();\n\
             -- schema:section\nUPDATE public.t SET c = gen_random_uuid() WHERE id BETWEEN 1 AND 10000 AND c IS NULL;",
    checks: &[Check::Action(volatile)],
};

pub(in crate::engine::lint) const SERIAL: Rule = Rule {
    name: "add-serial-or-identity-column",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column is added that numbers the rows.",
    why: "Every row is written anew, with all indexes, under ACCESS EXCLUSIVE.",
    recipe: "Add it nullable with a sequence of its own for new rows, number the old ones in batches, then make it an \
             identity:\nALTER TABLE public.t ADD COLUMN n bigint;\nCREATE SEQUENCE public.t_n_seq OWNED BY public.t.n;\n\
             ALTER TABLE public.t ALTER COLUMN n SET DEFAULT nextval('public.t_n_seq');",
    checks: &[Check::Action(serial)],
};

pub(in crate::engine::lint) const STORED: Rule = Rule {
    name: "add-stored-generated-column",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A stored generated column is added.",
    why: "Every row is written anew, with all indexes, under ACCESS EXCLUSIVE.",
    recipe: "Compute it when it is read (a view, an index on the expression, VIRTUAL since PostgreSQL 18), or keep a plain \
             column up to date with a trigger and fill it in batches:\n\
             CREATE VIEW public.t_full AS SELECT t.*, a + b AS total FROM public.t;",
    checks: &[Check::Action(stored)],
};

pub(in crate::engine::lint) const DOMAIN: Rule = Rule {
    name: "add-domain-constrained-column",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A column is added whose type is a domain with constraints.",
    why: "Every row is written anew or read, to see that the domain allows its value, under ACCESS EXCLUSIVE.",
    recipe: "Take the type below the domain, and a check that is validated later:\n\
             ALTER TABLE public.t ADD COLUMN c text;\n\
             ALTER TABLE public.t ADD CONSTRAINT c_valid CHECK (c ~ '@') NOT VALID;",
    checks: &[Check::Action(domain)],
};

pub(in crate::engine::lint) const INLINE: Rule = Rule {
    name: "add-column-inline-unique-or-fk",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column is added together with a constraint that builds an index or reads all rows.",
    why: "The index is built, the rows are read, under the ACCESS EXCLUSIVE of ADD COLUMN.",
    recipe: "Add the column alone, and the constraint in its safe form (see unique-constraint-blocking, fk-not-valid, \
             check-not-valid):\nALTER TABLE public.t ADD COLUMN u bigint;\n\
             ALTER TABLE public.t ADD CONSTRAINT t_u_fkey FOREIGN KEY (u) REFERENCES public.u (id) NOT VALID;",
    checks: &[Check::Action(inline)],
};

/// The table, and the column that is added to it, where the table is old.
fn added<'a>(site: &'a Site<'_>) -> Option<(&'a Name, &'a Column, &'a [Constraint])> {
    let Action::Alter { table, change: Change::AddColumn { column, constraints, .. } } = &site.placed.action
    else {
        return None;
    };
    site.is_old(table).then_some((table, column, constraints))
}

/// Whether rows get nothing for it by themselves.
pub(in crate::engine::lint) fn is_required(column: &Column) -> bool {
    let filled = column.default.is_some() || column.identity || column.serial || column.generated.is_some();
    column.not_null && !filled
}

fn required(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, _)) = added(site) else { return };
    if is_required(column) {
        let message =
            format!("{table}.{} is NOT NULL, and the rows of {table} have no value for it", column.name);
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

fn volatile(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, _)) = added(site) else { return };
    let default = column.default.as_deref().filter(|_| column.generated.is_none());
    if let Some(call) = default.and_then(|default| volatile_call(default, site.world)) {
        let message = format!("writes every row of {table} anew: {call}() differs from row to row");
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

/// Functions of PostgreSQL and of its usual extensions that give another value for each row.
const VOLATILE_FUNCTIONS: &[&str] = &[
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "gen_random_bytes",
    "clock_timestamp",
    "timeofday",
    "random",
    "random_normal",
    "nextval",
    "currval",
    "lastval",
    "setval",
    "pg_current_xact_id",
    "txid_current",
];

/// The first function in an expression that is volatile; one of the user's own is, unless it says otherwise.
fn volatile_call(expression: &str, world: &World) -> Option<String> {
    let is_volatile = |call: &Name| {
        let own = world.routines.get(&call.full());
        match own {
            Some(routines) => routines.iter().any(|routine| routine.volatility == "VOLATILE"),
            None => {
                let system = call.schema.as_ref().is_none_or(|schema| schema.as_str() == "pg_catalog");
                !system || VOLATILE_FUNCTIONS.contains(&call.name.as_str())
            }
        }
    };
    Words::of(expression).calls().iter().find(|call| is_volatile(call)).map(ToString::to_string)
}

fn serial(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, _)) = added(site) else { return };
    if column.serial || column.identity {
        let message = format!("writes every row of {table} anew, to number it");
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

fn stored(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, _)) = added(site) else { return };
    if column.generated == Some(true) {
        let message = format!("writes every row of {table} anew, to store {}", column.name);
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

fn domain(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, _)) = added(site) else { return };
    let named = |name: &QName| name.to_string() == column.data_type.trim_end_matches("[]");
    if site.world.domains.iter().any(|(name, constrained)| *constrained && named(name)) {
        let message = format!("asks the domain {} about every row of {table}", column.data_type);
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

fn inline(site: &Site<'_>, found: &mut Found) {
    let Some((table, column, constraints)) = added(site) else { return };
    for constraint in constraints.iter().filter(|constraint| !constraint.not_enforced) {
        let what = match constraint.form {
            Form::PrimaryKey | Form::Unique => "builds an index on",
            Form::ForeignKey => "looks up all rows of",
            Form::Check | Form::Exclude | Form::NotNull => "checks all rows of",
        };
        let message = format!("{} {what} {table} while nobody can read or write it", constraint.form.word());
        found.at(site, message).of(format!("{table}.{}", column.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lint::read::read;

    #[test]
    fn which_defaults_differ_from_row_to_row() {
        let mut world = World::default();
        for sql in [
            "CREATE FUNCTION fixed() RETURNS int IMMUTABLE AS 'select 1' LANGUAGE sql",
            "CREATE FUNCTION next_code() RETURNS int AS 'select 1' LANGUAGE sql",
        ] {
            read(sql, 1).actions.iter().for_each(|placed| world.apply(&placed.action));
        }
        for (expression, volatile) in [
            ("now()", false),
            ("'{}'::jsonb", false),
            ("lower('A')", false),
            ("gen_random_uuid()", true),
            ("1 + (random() * 2)::int", true),
            ("nextval('s')", true),
            ("fixed()", false),
            ("next_code()", true),
            ("app.other()", true),
        ] {
            assert_eq!(volatile_call(expression, &world).is_some(), volatile, "{expression}");
        }
    }
}
