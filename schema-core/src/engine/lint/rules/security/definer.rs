//! `security-definer-no-search-path`.

use crate::engine::kind::Object;
use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const DEFINER: Rule = Rule {
    name: "security-definer-no-search-path",
    group: Group::Security,
    levels: Levels::ERROR,
    summary: "A SECURITY DEFINER function takes the search_path of whoever calls it.",
    why: "The caller can put tables and operators of their own in front, and they run with the rights of the owner.",
    recipe: "Fix it, with pg_temp last:\n\
             CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql SECURITY DEFINER\n\
             SET search_path = public, pg_temp AS 'SELECT 1';",
    checks: &[Check::Up(check), Check::Catalog(declared)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let name = match &site.placed.action {
        Action::Routine(routine) if routine.definer && !routine.search_path => &routine.name,
        Action::AlterRoutine { name, definer: true, search_path: false, .. } => name,
        _other => return,
    };
    found
        .at(site, format!("{name} runs with the rights of its owner and the search_path of its caller"))
        .of(name);
}

fn declared(site: &CatalogSite<'_>, found: &mut Found) {
    for (id, object) in &site.catalog.objects {
        let Object::Routine(routine) = object else { continue };
        let words = Words::of(&routine.definition);
        if words.has("security definer") && !words.has("set search_path") {
            let name = routine.name.short();
            let message =
                format!("{name} runs with the rights of its owner and the search_path of its caller");
            found.object(site, id, message);
        }
    }
}
