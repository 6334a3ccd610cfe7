//! `function-signature-change`, `volatility-change`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const SIGNATURE: Rule = Rule {
    name: "function-signature-change",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A function that may be called is dropped, or gets other arguments.",
    why: "Programs, views, defaults and other functions call the old one.",
    recipe: "Create the new one beside it, change the callers, then drop the old one:\n\
             CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a + b';",
    checks: &[Check::Up(signature)],
};

pub(in crate::engine::lint) const VOLATILITY: Rule = Rule {
    name: "volatility-change",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A function becomes more or less stable than it was.",
    why: "Less stable, it no longer serves indexes and plans that are there; more stable, its results may be remembered \
          longer than they are true.",
    recipe: "Create another function, and change the callers one by one:\n\
             CREATE FUNCTION public.f_stable(a integer) RETURNS integer STABLE LANGUAGE sql AS 'SELECT a';",
    checks: &[Check::Up(volatility)],
};

fn signature(site: &Site<'_>, found: &mut Found) {
    match &site.placed.action {
        Action::Drop(drop) if drop.kind == Kind::Routine => {
            for name in drop.names.iter().filter(|name| site.is_old(name)) {
                found.at(site, format!("drops the function {name}, which may be called")).of(name);
            }
        }
        Action::Routine(routine) if routine.or_replace => {
            let known = site.world.routines.get(&routine.name.full());
            let same = |old: &&crate::engine::lint::world::Routine| old.arguments == routine.arguments;
            let Some(old) = known.and_then(|known| known.iter().find(same)) else { return };
            if old.returns != routine.returns {
                let message =
                    format!("{} returns {}, and did return {}", routine.name, routine.returns, old.returns);
                found.at(site, message).of(&routine.name);
            }
        }
        _other => {}
    }
}

fn volatility(site: &Site<'_>, found: &mut Found) {
    let (name, arguments, new) = match &site.placed.action {
        Action::Routine(routine) if routine.or_replace => {
            (&routine.name, Some(&routine.arguments), routine.volatility)
        }
        Action::AlterRoutine { name, volatility: Some(volatility), .. } => (name, None, *volatility),
        _other => return,
    };
    let known = site.world.routines.get(&name.full()).into_iter().flatten();
    let mut same = known.filter(|old| arguments.is_none_or(|arguments| old.arguments == *arguments));
    if let Some(old) = same.find(|old| old.volatility != new) {
        found.at(site, format!("{name} is {new}, and was {}", old.volatility)).of(name);
    }
}
