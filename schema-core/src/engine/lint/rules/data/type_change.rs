//! `narrowing-type-change`, `lossy-cast`: what a new type does to the values.

use crate::engine::kind::types::{Conversion, conversion};
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const NARROWING: Rule = Rule {
    name: "narrowing-type-change",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A column gets a type that not every old value fits.",
    why: "The migration fails on the first such row, after it has held its lock for as long as it took to find it.",
    recipe: "See first that no row is in the way; better fill a new column and change over to it:\n\
             SELECT count(*) FROM public.t WHERE length(c) > 10;",
    checks: &[Check::Up(narrowing)],
};

pub(in crate::engine::lint) const LOSSY: Rule = Rule {
    name: "lossy-cast",
    group: Group::Data,
    levels: Levels::WARN,
    summary: "A column gets a type in which values mean less.",
    why: "Nothing fails, and afterwards nobody can tell what was there.",
    recipe: "Say the conversion with USING, so that a reader sees what is meant, and keep the old column for a while:\n\
             ALTER TABLE public.t ALTER COLUMN at TYPE timestamp USING at AT TIME ZONE 'UTC';",
    checks: &[Check::Up(lossy)],
};

fn narrowing(site: &Site<'_>, found: &mut Found) {
    // Of enums it is known which labels go; `drop-enum-value` says so.
    check(site, found, |old, conversion| conversion.may_fail.filter(|_| site.world.labels(old).is_none()));
}

fn lossy(site: &Site<'_>, found: &mut Found) {
    check(site, found, |_, conversion| conversion.loses);
}

/// What a conversion does to the values of a column of a table in use, where its old type is known.
fn check(site: &Site<'_>, found: &mut Found, says: impl Fn(&str, Conversion) -> Option<&'static str>) {
    let Action::Alter { table, change: Change::SetType { column, to, .. } } = &site.placed.action else {
        return;
    };
    let Some(known) = site.world.column(table, column).filter(|_| site.is_old(table)) else { return };
    let old = known.data_type.as_str();
    if let Some(why) = says(old, conversion(column.as_str(), old, to)) {
        let message = format!("{table}.{column} becomes {to}, and was {old}: {why}");
        found.at(site, message).of(format!("{table}.{column}"));
    }
}
