//! `lock-without-timeout`, `no-statement-timeout`, `no-idle-in-tx-timeout`.

use super::timeout::{is_without_limit, waits_without_end};
use crate::engine::lint::prelude::*;
use crate::engine::step::LockMode;

pub(in crate::engine::lint) const LOCK: Rule = Rule {
    name: "lock-without-timeout",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A statement waits for a lock without end.",
    why: "While it waits behind one long transaction, everybody else waits behind it: the table is down.",
    recipe: "Let it give up and try again later. `schema migrate` does so for every migration; a file that is run by \
             something else must say it:\nSET lock_timeout = '5s';",
    checks: &[Check::Unit(lock)],
};

pub(in crate::engine::lint) const STATEMENT: Rule = Rule {
    name: "no-statement-timeout",
    group: Group::Locks,
    levels: Levels::WARN_PROD,
    summary: "Strong locks are taken in a file that puts no limit to its statements.",
    why: "A statement that takes longer than anybody thought holds its lock as long.",
    recipe: "Say how long is too long:\nSET statement_timeout = '15min';",
    checks: &[Check::Unit(statement)],
};

pub(in crate::engine::lint) const IDLE: Rule = Rule {
    name: "no-idle-in-tx-timeout",
    group: Group::Locks,
    levels: Levels::WARN_PROD,
    summary: "Strong locks are taken in a transaction that may be left open.",
    why: "If whoever runs the file is suspended between two statements, the locks stay.",
    recipe: "Let the server end it:\nSET idle_in_transaction_session_timeout = '1min';",
    checks: &[Check::Unit(idle)],
};

fn is_strong(step: &Walked<'_>) -> bool {
    step.locks.iter().any(|(mode, _)| *mode >= LockMode::Share)
}

fn lock(site: &UnitSite<'_>, found: &mut Found) {
    let unlimited = |step: &&Walked<'_>| is_strong(step) && waits_without_end(site.unit, step.placed.line);
    if let Some(step) = site.walked.iter().find(unlimited)
        && let Some((mode, table)) = step.locks.iter().max()
    {
        let message = format!("waits for {mode} on {} without end", table.short());
        found.step(site.unit, step, message).of(table.short());
    }
}

fn statement(site: &UnitSite<'_>, found: &mut Found) {
    unlimited(site, "statement_timeout", "no statement_timeout is set", found);
}

fn idle(site: &UnitSite<'_>, found: &mut Found) {
    let setting = "idle_in_transaction_session_timeout";
    unlimited(site, setting, "no idle_in_transaction_session_timeout is set", found);
}

fn unlimited(site: &UnitSite<'_>, setting: &str, message: &str, found: &mut Found) {
    if let Some(step) = site.walked.iter().find(|step| is_strong(step))
        && is_without_limit(site.unit, setting, step.placed.line)
    {
        found.step(site.unit, step, message);
    }
}
