//! `grant-too-broad`, `revoke-breaks-app-role`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const BROAD: Rule = Rule {
    name: "grant-too-broad",
    group: Group::Security,
    levels: Levels::WARN,
    summary: "More is granted than a program needs: to PUBLIC, ALL, or with the right to grant on.",
    why: "PUBLIC is every role there is and will be; ALL holds TRUNCATE, REFERENCES and TRIGGER too.",
    recipe: "Name the privileges and the role:\nGRANT SELECT, INSERT, UPDATE, DELETE ON public.t TO app;",
    checks: &[Check::Up(broad)],
};

pub(in crate::engine::lint) const REVOKE: Rule = Rule {
    name: "revoke-breaks-app-role",
    group: Group::Security,
    levels: Levels::WARN,
    summary: "A role loses a privilege.",
    why: "If programs that run use it, their statements fail from now on.",
    recipe: "See that nobody uses it before it goes; to try it, revoke it in a transaction and roll back:\n\
             BEGIN;\nREVOKE UPDATE ON public.t FROM app;\nROLLBACK;",
    checks: &[Check::Up(revoke)],
};

fn broad(site: &Site<'_>, found: &mut Found) {
    let Action::Privileges(said) = &site.placed.action else { return };
    if !said.grant {
        return;
    }
    let on = said.on.as_deref().unwrap_or("a role");
    // To be a member of a role is to have what it has, and no more.
    let all = said.on.is_some() && said.privileges.starts_with("ALL");
    let why = match (said.to.iter().any(|role| role == "public"), all, said.option) {
        (true, ..) => format!("everybody gets {} on {on}", said.privileges),
        (false, true, _) => format!("{} gets all there is on {on}", said.to.join(", ")),
        (false, false, true) => {
            format!("{} may grant {} on {on} to others", said.to.join(", "), said.privileges)
        }
        (false, false, false) => return,
    };
    found.at(site, why).of(on);
}

fn revoke(site: &Site<'_>, found: &mut Found) {
    let Action::Privileges(said) = &site.placed.action else { return };
    let roles: Vec<&str> = said.to.iter().map(String::as_str).filter(|role| *role != "public").collect();
    if !said.grant && !roles.is_empty() {
        let on = said.on.as_deref().unwrap_or("a role");
        found.at(site, format!("{} loses {} on {on}", roles.join(", "), said.privileges)).of(on);
    }
}
