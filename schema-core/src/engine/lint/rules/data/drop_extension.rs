//! `drop-extension`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DROP_EXTENSION: Rule = Rule {
    name: "drop-extension",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "An extension is dropped.",
    why: "Its types go, and with CASCADE every column of these types with its values.",
    recipe: "Turn columns of its types into others first, and drop it without CASCADE:\n\
             ALTER TABLE public.t ALTER COLUMN c TYPE text;\nDROP EXTENSION citext;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Drop(drop) = &site.placed.action else { return };
    if drop.kind == Kind::Extension {
        for name in &drop.names {
            found.at(site, format!("drops the extension {name}")).of(name);
        }
    }
}
