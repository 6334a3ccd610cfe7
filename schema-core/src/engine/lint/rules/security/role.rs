//! `superuser-or-bypassrls-role`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const ROLE: Rule = Rule {
    name: "superuser-or-bypassrls-role",
    group: Group::Security,
    levels: Levels::ALWAYS,
    summary: "A role may do everything, or is not bound by row security.",
    why: "Whoever gets hold of its password has the server, or all rows of all tenants.",
    recipe: "Grant what it needs, by name:\nCREATE ROLE app LOGIN;\nGRANT SELECT ON public.t TO app;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Role { name, superuser, bypassrls } = &site.placed.action else { return };
    match (superuser, bypassrls) {
        (true, _) => found.at(site, format!("the role {name} is a superuser")).of(name),
        (false, true) => found.at(site, format!("the role {name} is not bound by row security")).of(name),
        (false, false) => return,
    };
}
