//! `out-of-order`, `future-timestamp`, `diverged-heads`: ids and parents.

use crate::engine::history::compare;
use crate::engine::lint::prelude::*;
use crate::engine::lint::unit::Unit;
use std::cmp::Ordering;

pub(in crate::engine::lint) const OUT_OF_ORDER: Rule = Rule {
    name: "out-of-order",
    group: Group::History,
    levels: Levels::WARN,
    summary: "A migration stands before one that it builds on, or before one that has run.",
    why: "A new database runs the files in the order of their ids: not in the order in which they were made.",
    recipe: "Generate it anew, so that it comes last; or see that it fits where it stands: `schema check` runs both orders.",
    checks: &[Check::History(out_of_order)],
};

pub(in crate::engine::lint) const FUTURE: Rule = Rule {
    name: "future-timestamp",
    group: Group::History,
    levels: Levels::ERROR,
    summary: "A migration has an id from the future.",
    why: "Every migration that is made before that moment comes before it: out of order as soon as it has run.",
    recipe: "Rename the folder before it runs anywhere; `schema generate` takes this moment.",
    checks: &[Check::History(future)],
};

pub(in crate::engine::lint) const DIVERGED: Rule = Rule {
    name: "diverged-heads",
    group: Group::History,
    levels: Levels::WARN,
    summary: "The last migrations were made on two branches, and neither knows the other.",
    why: "Each was proven on a history without the other. Together they may not add up to what the code says, nor to the \
          same in both orders.",
    recipe: "`schema check` runs them in both orders and compares; if they do not commute, generate one of them anew.",
    checks: &[Check::History(diverged)],
};

fn ups<'a>(site: &HistorySite<'a>) -> Vec<(&'a Unit, &'a str)> {
    let up = |unit: &'a Unit| Some((unit, unit.migration.as_deref()?)).filter(|_| unit.part == Part::Up);
    site.units.iter().filter_map(up).collect()
}

fn out_of_order(site: &HistorySite<'_>, found: &mut Found) {
    for (unit, id) in ups(site) {
        if let Some(parent) = unit.parent.as_deref().filter(|parent| compare(parent, id) == Ordering::Greater)
        {
            found.file(unit, 1, format!("it was made after {parent}, and runs before it")).of(id);
        }
        let status = site.status.iter().flat_map(|status| &status.migrations);
        if status.into_iter().any(|migration| migration.id == id && migration.out_of_order) {
            found.file(unit, 1, "it has not run, and a later migration has").of(id);
        }
    }
}

fn future(site: &HistorySite<'_>, found: &mut Found) {
    let Some(now) = &site.config.now else { return };
    for (unit, id) in ups(site) {
        let digits: String = id.chars().take_while(char::is_ascii_digit).collect();
        // Days are told apart: clocks of colleagues differ, and two made in one second get two numbers.
        if digits.len() == now.len()
            && digits.get(..8) > now.get(..8)
            && compare(&digits, now) == Ordering::Greater
        {
            found.file(unit, 1, format!("its id says {digits}, and it is {now}")).of(id);
        }
    }
}

fn diverged(site: &HistorySite<'_>, found: &mut Found) {
    let ups = ups(site);
    let [.., (before, _), (last, id)] = ups.as_slice() else { return };
    // A migration that was made later, with both in place, has settled it.
    if last.says_parent && before.says_parent && last.parent != before.migration && is_sibling(&ups, last) {
        let parent = last.parent.as_deref().unwrap_or("nothing");
        let other = before.migration.as_deref().unwrap_or_default();
        found
            .file(
                last,
                1,
                format!("it was made on {parent}, and so was another branch, which ends with {other}"),
            )
            .of(id);
    }
}

/// Whether another migration was made on the same parent.
fn is_sibling(ups: &[(&Unit, &str)], last: &Unit) -> bool {
    ups.iter().any(|(unit, _)| !std::ptr::eq(*unit, last) && unit.says_parent && unit.parent == last.parent)
}
