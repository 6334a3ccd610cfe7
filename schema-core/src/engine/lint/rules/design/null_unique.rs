//! `nullable-unique-nulls-distinct`.

use crate::engine::lint::keys::column;
use crate::engine::lint::prelude::*;
use crate::engine::name::Ident;

pub(in crate::engine::lint) const NULLS_DISTINCT: Rule = Rule {
    name: "nullable-unique-nulls-distinct",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "A key of several columns does not hold where one of them is NULL.",
    why: "NULL is not equal to NULL: rows that differ in nothing pass.",
    recipe: "Make the column NOT NULL, or say NULLS NOT DISTINCT (PostgreSQL 15).",
    checks: &[Check::Catalog(check)],
};

fn check(site: &CatalogSite<'_>, found: &mut Found) {
    for key in site.keys.all().filter(|key| key.unique && key.keys.len() > 1) {
        let tail = key.tail.to_ascii_lowercase();
        if tail.contains("nulls not distinct") || tail.contains("is not null") {
            continue;
        }
        let nullable = key.plain().zip(&key.keys).find(|(name, _)| {
            let name = Ident::from(name.trim_matches('"'));
            column(site.catalog, key.table, &name).is_some_and(|column| !column.not_null)
        });
        if let Some((_, name)) = nullable {
            found.object(site, key.id, format!("{} does not hold where {name} is NULL", key.name));
        }
    }
}
