//! `long-running-blocker-present`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const LONG_RUNNING: Rule = Rule {
    name: "long-running-blocker-present",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A long transaction stands in the way of a schema change.",
    why: "The change queues behind it, and everybody else queues behind the change.",
    recipe: "`schema migrate` waits for a lock for a short time only, says who holds it, tries again later and gives up in \
             the end; it never ends anybody's session.",
    checks: &[Check::By("`schema migrate`, when it could not get a lock")],
};
