//! `enable-rls`, `force-rls`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const ENABLE: Rule = Rule {
    name: "enable-rls",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "Row security is switched on before there is a policy.",
    why: "It takes ACCESS EXCLUSIVE; and until a policy exists, everybody but the owner sees no row.",
    recipe: "Create the policies first, in the same section:\n\
             CREATE POLICY p ON public.t USING (owner_id = current_setting('app.user')::bigint);\n\
             ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;",
    checks: &[Check::Unit(enable)],
};

pub(in crate::engine::lint) const FORCE: Rule = Rule {
    name: "force-rls",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "Row security is forced on the table's owner before there is a policy.",
    why: "It takes ACCESS EXCLUSIVE; and until a policy exists the owner, often the program itself, sees no row.",
    recipe: "Create the policies first, in the same section:\n\
             CREATE POLICY p ON public.t USING (true);\nALTER TABLE public.t FORCE ROW LEVEL SECURITY;",
    checks: &[Check::Unit(force)],
};

fn enable(site: &UnitSite<'_>, found: &mut Found) {
    check(
        site,
        &Change::RowSecurity(true),
        "until a policy exists nobody but the owner sees a row of",
        found,
    );
}

fn force(site: &UnitSite<'_>, found: &mut Found) {
    check(
        site,
        &Change::ForceRowSecurity(true),
        "until a policy exists not even the owner sees a row of",
        found,
    );
}

fn check(site: &UnitSite<'_>, wanted: &Change, message: &str, found: &mut Found) {
    for step in site.walked.iter().filter(|step| !step.fresh) {
        let Action::Alter { table, change } = &step.placed.action else { continue };
        let had = site.before.table(table).is_some_and(|table| !table.policies.is_empty());
        if change == wanted && !had && !policy_in_section(site, step, table) {
            found.step(site.unit, step, format!("{message} {table}")).of(table);
        }
    }
}

fn policy_in_section(site: &UnitSite<'_>, step: &Walked<'_>, table: &Name) -> bool {
    let same = |other: &&Walked<'_>| other.section == step.section;
    site.walked.iter().filter(same).any(|other| match &other.placed.action {
        Action::Policy(policy) => policy.create && policy.table.full() == table.full(),
        _other => false,
    })
}
