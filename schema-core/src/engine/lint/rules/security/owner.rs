//! `owner-change`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const OWNER: Rule = Rule {
    name: "owner-change",
    group: Group::Security,
    levels: Levels::WARN,
    summary: "Something that is there gets another owner.",
    why: "The old owner can no longer change it and loses what owners may do; views and SECURITY DEFINER functions run with \
          other rights; row security does not bind the new one.",
    recipe: "Let one role own everything, and grant to others what they need:\nGRANT SELECT ON public.t TO app;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Owner { of, to } = &site.placed.action else { return };
    let name = of.rsplit(' ').next().and_then(|name| Words::of(name).name());
    if name.is_none_or(|name| site.is_old(&name)) {
        found.at(site, format!("{of} belongs to {to} from now on")).of(of);
    }
}
