//! `rls-disabled`, `rls-enabled-no-policy`, `policy-without-rls`.

use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::policy::Policy;
use crate::engine::lint::prelude::*;
use crate::engine::name::QName;
use std::collections::BTreeSet;

pub(in crate::engine::lint) const DISABLED: Rule = Rule {
    name: "rls-disabled",
    group: Group::Security,
    levels: Levels::ERROR,
    summary: "Row security is switched off.",
    why: "Its policies stay and do nothing: everybody who may read the table reads all of it.",
    recipe: "Change or add a policy instead:\nCREATE POLICY p_staff ON public.t FOR SELECT TO staff USING (true);",
    checks: &[Check::Up(disabled)],
};

pub(in crate::engine::lint) const NO_POLICY: Rule = Rule {
    name: "rls-enabled-no-policy",
    group: Group::Security,
    levels: Levels::WARN,
    summary: "A table has row security and no policy.",
    why: "Nobody but the owner sees or writes a row, which is seldom what is meant.",
    recipe: "Say who may see what:\n\
             CREATE POLICY p ON public.t USING (owner_id = current_setting('app.user')::bigint);",
    checks: &[Check::Unit(no_policy), Check::Catalog(no_policy_declared)],
};

pub(in crate::engine::lint) const WITHOUT_RLS: Rule = Rule {
    name: "policy-without-rls",
    group: Group::Security,
    levels: Levels::ERROR,
    summary: "A table has a policy and no row security.",
    why: "The policy does nothing; whoever reads it believes that rows are kept apart.",
    recipe: "Switch it on:\nALTER TABLE public.t ENABLE ROW LEVEL SECURITY;",
    checks: &[Check::Unit(without_rls), Check::Catalog(without_rls_declared)],
};

fn disabled(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change } = &site.placed.action else { return };
    if *change == Change::RowSecurity(false) && site.is_old(table) {
        found.at(site, format!("everybody who may read {table} reads all its rows from now on")).of(table);
    }
}

fn no_policy(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down {
        return;
    }
    for step in site.walked {
        let Action::Alter { table, change: Change::RowSecurity(true) } = &step.placed.action else {
            continue;
        };
        let has = site.after.table(table).is_some_and(|table| !table.policies.is_empty());
        let had = site.any(|action| match action {
            Action::Policy(policy) => policy.table.full() == table.full(),
            _other => false,
        });
        if !has && !had {
            found.step(site.unit, step, format!("{table} has row security and no policy")).of(table);
        }
    }
}

fn without_rls(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down {
        return;
    }
    for step in site.walked {
        let Action::Policy(policy) = &step.placed.action else { continue };
        // Of a table that nobody here has made nothing is known.
        let known = site.after.table(&policy.table).filter(|table| !table.columns.is_empty());
        if policy.create && known.is_some_and(|table| !table.row_security) {
            let message =
                format!("the policy {} does nothing: {} has no row security", policy.name, policy.table);
            found.step(site.unit, step, message).of(&policy.table);
        }
    }
}

fn no_policy_declared(site: &CatalogSite<'_>, found: &mut Found) {
    let with: BTreeSet<&QName> = policies(site).map(|(policy, _)| &policy.table).collect();
    for (id, object) in &site.catalog.objects {
        let Object::Table(table) = object else { continue };
        if table.row_security && !with.contains(&table.name) {
            found.object(site, id, format!("{} has row security and no policy", table.name.short()));
        }
    }
}

fn without_rls_declared(site: &CatalogSite<'_>, found: &mut Found) {
    for (policy, id) in policies(site) {
        let table = site.catalog.get(&ObjectId::Table(policy.table.clone()));
        if let Some(Object::Table(table)) = table
            && !table.row_security
        {
            let name = table.name.short();
            let message = format!("the policy {} does nothing: {name} has no row security", policy.name);
            found.object(site, id, message);
        }
    }
}

fn policies<'a>(site: &CatalogSite<'a>) -> impl Iterator<Item = (&'a Policy, &'a ObjectId)> {
    let policy = |(id, object): (&'a ObjectId, &'a Object)| {
        if let Object::Policy(policy) = object { Some((policy.as_ref(), id)) } else { None }
    };
    site.catalog.objects.iter().filter_map(policy)
}
