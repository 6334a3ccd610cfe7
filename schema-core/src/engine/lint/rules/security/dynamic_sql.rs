//! `dynamic-sql-opaque`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const DYNAMIC_SQL: Rule = Rule {
    name: "dynamic-sql-opaque",
    group: Group::Security,
    levels: Levels::WARN,
    summary: "A DO block puts SQL together and executes it.",
    why: "Nobody can tell from the text what it does, and what it puts together may come from rows.",
    recipe: "Write the statements out; names in them go through format with %I, values with %L:\n\
             EXECUTE format('ALTER TABLE %I.%I ...', schema, name);",
    checks: &[Check::Action(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Do { body } = &site.placed.action else { return };
    let mut before = "";
    let executes = Words::of(body).identifiers().any(|(word, quoted, _)| {
        let executes =
            !quoted && word.eq_ignore_ascii_case("execute") && !before.eq_ignore_ascii_case("grant");
        before = word;
        executes
    });
    if executes {
        found.at(site, "executes SQL that is put together at run time");
    }
}
