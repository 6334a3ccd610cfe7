//! `non-commutative-heads`, `snapshot-does-not-replay`, `models-ahead-of-history`, `history-ahead-of-models`: what needs a
//! run on scratch, and is said by `schema check`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const NON_COMMUTATIVE: Rule = Rule {
    name: "non-commutative-heads",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "Migrations of two branches add up to another schema in another order.",
    why: "Databases that ran one branch first differ from those that ran the other first, for good.",
    recipe: "Generate one of them anew, on top of the other.",
    checks: &[Check::By("`schema check`")],
};

pub(in crate::engine::lint) const SNAPSHOT: Rule = Rule {
    name: "snapshot-does-not-replay",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "The migrations do not add up to schema.sql.",
    why: "A migration was edited by hand, or schema.sql was: one of them says what is not so.",
    recipe: "Correct the migration if it has not run anywhere; else generate another one.",
    checks: &[Check::By("`schema check`")],
};

pub(in crate::engine::lint) const MODELS_AHEAD: Rule = Rule {
    name: "models-ahead-of-history",
    group: Group::History,
    levels: Levels::ALWAYS,
    summary: "The code declares what no migration makes.",
    why: "The program will ask the database for what it does not have.",
    recipe: "Write the migration: `schema generate`.",
    checks: &[Check::By("`schema check`")],
};

pub(in crate::engine::lint) const HISTORY_AHEAD: Rule = Rule {
    name: "history-ahead-of-models",
    group: Group::History,
    levels: Levels::WARN,
    summary: "Migrations make what the code does not declare.",
    why: "The next `schema generate` will want to drop it.",
    recipe: "Declare it, or drop it.",
    checks: &[Check::By("`schema check`")],
};
