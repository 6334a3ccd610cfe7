//! `cached-plan-result-type`.

use crate::engine::findings::Severity;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const CACHED_PLAN: Rule = Rule {
    name: "cached-plan-result-type",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "Prepared statements of programs that run give other columns than before.",
    why: "Drivers keep statements prepared. One that selects * or the changed column fails once in each connection: cached \
          plan must not change result type.",
    recipe: "List columns in queries instead of `*`, and renew the connections of the pool after the change; many drivers \
             prepare anew by themselves outside of a transaction.",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change } = &site.placed.action else { return };
    match change {
        Change::SetType { column, to, .. } if site.is_old(table) => {
            let message = format!("prepared statements that select {table}.{column} do not expect {to}");
            found.at(site, message).of(format!("{table}.{column}"));
        }
        Change::AddColumn { column, .. } if site.is_old(table) => {
            let message = format!("prepared statements with * do not expect {table}.{}", column.name);
            found.at(site, message).of(format!("{table}.{}", column.name)).at_most(Severity::Info);
        }
        _other => {}
    }
}
