//! `view-not-security-invoker-over-rls`.

use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const NOT_INVOKER: Rule = Rule {
    name: "view-not-security-invoker-over-rls",
    group: Group::Security,
    levels: Levels::ERROR,
    summary: "A view shows a table with row security to everybody who may read the view.",
    why: "A view reads with the rights of its owner: the policies of the table ask about the owner, not about the reader.",
    recipe: "Let it read with the rights of the reader (PostgreSQL 15):\n\
             CREATE VIEW public.v WITH (security_invoker = true) AS SELECT id FROM public.t;",
    checks: &[Check::Up(check), Check::Catalog(declared)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    match &site.placed.action {
        Action::CreateView(view) if !view.invoker && !view.materialized => {
            let secured = |name: &&Name| site.world.table(name).is_some_and(|table| table.row_security);
            if let Some(table) = view.reads.iter().find(secured) {
                let message = format!("{} shows {table} past its row security", view.name);
                found.at(site, message).of(&view.name);
            }
        }
        Action::ViewOption { view, invoker: Some(false) } => {
            found.at(site, format!("{view} reads with the rights of its owner from now on")).of(view);
        }
        _other => {}
    }
}

fn declared(site: &CatalogSite<'_>, found: &mut Found) {
    for (id, object) in &site.catalog.objects {
        let Object::View(view) = object else { continue };
        let invoker = |option: &String| option.starts_with("security_invoker") && !option.ends_with("false");
        if view.options.iter().any(invoker) {
            continue;
        }
        // A view depends on the columns that it reads.
        let table = |id: &ObjectId| match id {
            ObjectId::Table(name) | ObjectId::Column(name, _) => Some(name.clone()),
            _other => None,
        };
        let mut tables = site.catalog.needs(id).filter_map(table);
        let secured = |name: &crate::engine::name::QName| matches!(site.catalog.get(&ObjectId::Table(name.clone())), Some(Object::Table(table)) if table.row_security);
        if let Some(table) = tables.find(secured) {
            let message = format!("{} shows {} past its row security", view.name.short(), table.short());
            found.object(site, id, message);
        }
    }
}
