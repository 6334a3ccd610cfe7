//! `view-column-change`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const VIEW_COLUMN: Rule = Rule {
    name: "view-column-change",
    group: Group::Code,
    levels: Levels::WARN,
    summary: "A view loses a column, or its columns come in another order.",
    why: "CREATE OR REPLACE refuses it. With DROP and CREATE the view also loses its grants, owner, comment and options, and \
          programs that read the column fail.",
    recipe: "Add columns at the end only; else drop and create it in one transaction, with everything that hangs on it:\n\
             DROP VIEW public.v;\nCREATE VIEW public.v WITH (security_invoker) AS SELECT id FROM public.t;\n\
             GRANT SELECT ON public.v TO app;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down || !site.any(|action| matches!(action, Action::CreateView(_))) {
        return;
    }
    site.replay(|world, index, step| {
        let Action::CreateView(view) = &step.placed.action else { return };
        let dropped = site.walked[..index].iter().any(|earlier| match &earlier.placed.action {
            Action::Drop(drop) => drop.names.iter().any(|name| name.full() == view.name.full()),
            _other => false,
        });
        let before = if view.or_replace { world } else { site.before };
        let old = before.views.get(&view.name.full()).and_then(Option::as_ref);
        let (Some(old), Some(new), true) = (old, &view.columns, view.or_replace || dropped) else { return };
        let lost: Vec<&str> = old.iter().filter(|name| !new.contains(name)).map(String::as_str).collect();
        if !lost.is_empty() {
            let message = format!("{} has no column {} any more", view.name, lost.join(", "));
            found.step(site.unit, step, message).of(&view.name);
        } else if view.or_replace && !new.starts_with(old) {
            let message = format!("the columns of {} come in another order", view.name);
            found.step(site.unit, step, message).of(&view.name);
        }
    });
}
