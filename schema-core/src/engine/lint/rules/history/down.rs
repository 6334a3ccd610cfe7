//! `downgrade-missing`, `irreversible-without-reason`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const MISSING: Rule = Rule {
    name: "downgrade-missing",
    group: Group::History,
    levels: Levels::WARN,
    summary: "A migration has no way back, and does not say that there is none.",
    why: "When it must be undone in a hurry, somebody will write SQL on the live database.",
    recipe: "Write down.sql, and prove it; or say why there is none, in down.sql:\n\
             -- schema:irreversible the values of t.c are gone",
    checks: &[Check::History(missing)],
};

pub(in crate::engine::lint) const WITHOUT_REASON: Rule = Rule {
    name: "irreversible-without-reason",
    group: Group::History,
    levels: Levels::WARN,
    summary: "A migration says that there is no way back, and not why.",
    why: "Whoever wants to go back must know what would be lost.",
    recipe: "Say it in down.sql:\n-- schema:irreversible the values of t.c are gone",
    checks: &[Check::Unit(without_reason)],
};

fn missing(site: &HistorySite<'_>, found: &mut Found) {
    for up in site.units.iter().filter(|unit| unit.part == Part::Up && !unit.sections.is_empty()) {
        let has = |down: &crate::engine::lint::unit::Unit| {
            down.part == Part::Down
                && down.migration == up.migration
                && (!down.sections.is_empty() || down.irreversible.is_some())
        };
        if !site.units.iter().any(has) {
            found.file(up, 1, "it has no down.sql").of(up.migration.as_deref().unwrap_or_default());
        }
    }
}

fn without_reason(site: &UnitSite<'_>, found: &mut Found) {
    if let Some((reason, line)) = &site.unit.irreversible
        && reason.is_empty()
    {
        found.file(site.unit, *line, "it does not say why there is no way back");
    }
}
