//! `change-column-type`, `int-to-bigint`.

use crate::engine::kind::types::conversion;
use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const CHANGE_TYPE: Rule = Rule {
    name: "change-column-type",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column gets another type, for which all rows are written anew or checked.",
    why: "The table and all its indexes are written anew under ACCESS EXCLUSIVE. Only where every old value is a new one as \
          it stands does nothing happen: varchar to a longer one or to text, numeric to more digits of the same scale, \
          cidr to inet.",
    recipe: "Add a column of the new type, write both from the program, fill it in batches, then change over:\n\
             ALTER TABLE public.t ADD COLUMN c_new timestamptz;",
    checks: &[Check::Action(change_type)],
};

pub(in crate::engine::lint) const INT_TO_BIGINT: Rule = Rule {
    name: "int-to-bigint",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A column of integers becomes wider.",
    why: "The table and all its indexes are written anew under ACCESS EXCLUSIVE, and columns that reference it must follow.",
    recipe: "Add a bigint beside it, kept equal by a trigger; fill it in batches; build its index concurrently; then \
             exchange names and key in one short transaction:\n\
             ALTER TABLE public.t ADD COLUMN id_new bigint;\n\
             CREATE FUNCTION public.t_id_new() RETURNS trigger LANGUAGE plpgsql AS\n\
             $$ BEGIN NEW.id_new := NEW.id; RETURN NEW; END $$;\n\
             CREATE TRIGGER t_id_new BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.t_id_new();",
    checks: &[Check::Action(int_to_bigint)],
};

fn change_type(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetType { column, to, using } } = &site.placed.action else {
        return;
    };
    if !site.is_old(table) || is_wider_integer(site).is_some() {
        return;
    }
    let object = format!("{table}.{column}");
    if let Some(observed) = site.statement.observed.as_ref().filter(|observed| observed.failed.is_none()) {
        if observed.rewritten.contains(&table.full()) {
            found.at(site, format!("writes {table} anew (observed): {column} becomes {to}")).of(object);
        }
        return;
    }
    let old = site.world.column(table, column).map(|column| column.data_type.as_str());
    match old {
        None => {
            let message = format!(
                "{table}.{column} becomes {to}; what it was is not known here, so it may be a rewrite"
            );
            found.at(site, message).of(object);
        }
        Some(old) if writes_anew(site, column.as_str(), old, to, using.as_deref()) => {
            found.at(site, format!("writes {table} anew: {column} becomes {to}, and was {old}")).of(object);
        }
        Some(_) => {
            let known = site.world.table(table);
            let checks = known.iter().flat_map(|known| known.constraints.values());
            let mentions = |constraint: &&Constraint| {
                let text = constraint.expression.as_deref().unwrap_or_default();
                Words::of(text).identifiers().any(|(word, ..)| word.trim_matches('"') == column.as_str())
            };
            if checks
                .filter(|constraint| constraint.form == Form::Check)
                .any(|constraint| mentions(&constraint))
            {
                let message = format!("checks all rows of {table} again, for a CHECK on {column}");
                found.at(site, message).of(object);
            }
        }
    }
}

/// Whether the values must be converted, as far as the types tell.
pub(super) fn converts(column: &str, old: &str, to: &str) -> bool {
    !(old == "cidr" && to == "inet") && conversion(column, old, to).rewrite
}

/// Whether the values must be converted.
fn writes_anew(site: &Site<'_>, column: &str, old: &str, to: &str, using: Option<&str>) -> bool {
    if let Some(using) = using {
        let mut words = Words::of(using);
        let itself = words.ident().is_some_and(|name| name.as_str() == column);
        if !(itself && (words.at_end() || words.next_are("::"))) {
            return true;
        }
    }
    let zone = |name: &str| name.starts_with("timestamp");
    // With UTC as the session's zone a timestamp is stored as it was.
    let precise =
        |name: &str| name.find('(').map(|at| name[at..].split(')').next().unwrap_or_default().to_owned());
    if zone(old) && zone(to) && precise(old) == precise(to) && old != to && in_utc(site) {
        return false;
    }
    converts(column, old, to)
}

fn in_utc(site: &Site<'_>) -> bool {
    let before = site.section.statements.iter().take_while(|statement| statement.line < site.statement.line);
    let zone = before.flat_map(|statement| statement.actions()).filter_map(|action| match action {
        Action::Set { name, value, .. } if name == "timezone" => {
            Some(value.trim_matches('\'').to_ascii_uppercase())
        }
        _other => None,
    });
    zone.last().is_some_and(|zone| zone == "UTC")
}

/// The old type, where integers become wider integers.
fn is_wider_integer<'a>(site: &'a Site<'_>) -> Option<&'a str> {
    let Action::Alter { table, change: Change::SetType { column, to, .. } } = &site.placed.action else {
        return None;
    };
    let old = site.world.column(table, column)?.data_type.as_str();
    let rank = |name: &str| ["smallint", "integer", "bigint"].iter().position(|integer| *integer == name);
    (rank(old)? < rank(to)?).then_some(old)
}

fn int_to_bigint(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetType { column, to, .. } } = &site.placed.action else {
        return;
    };
    if let Some(old) = is_wider_integer(site).filter(|_| site.is_old(table)) {
        let message = format!("writes {table} anew: {column} becomes {to}, and was {old}");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}
