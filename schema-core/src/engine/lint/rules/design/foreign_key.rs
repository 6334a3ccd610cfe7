//! `fk-missing-index`, `fk-type-mismatch`, `on-delete-set-null-not-nullable`, `on-delete-set-default-without-default`.

use crate::engine::lint::keys::{Key, column};
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const MISSING_INDEX: Rule = Rule {
    name: "fk-missing-index",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A foreign key has no index on its side.",
    why: "Each delete or change of a key on the other side reads this whole table to see whether it is referenced, and so do \
          joins.",
    recipe: "Declare an index that begins with its columns: #[column(index)], or #[table(index(a, b))].",
    checks: &[Check::Catalog(missing_index)],
};

pub(in crate::engine::lint) const TYPE_MISMATCH: Rule = Rule {
    name: "fk-type-mismatch",
    group: Group::Design,
    levels: Levels::ERROR,
    summary: "A foreign key and what it references have different types.",
    why: "Every lookup converts; the narrower side cannot hold all keys, and joins may not use the index.",
    recipe: "Give both the same type.",
    checks: &[Check::Catalog(type_mismatch)],
};

pub(in crate::engine::lint) const SET_NULL: Rule = Rule {
    name: "on-delete-set-null-not-nullable",
    group: Group::Design,
    levels: Levels::ALWAYS,
    summary: "A foreign key sets a column to NULL that cannot be NULL.",
    why: "Deleting what is referenced fails, with an error about a column that nobody has written.",
    recipe: "Make the column an Option, or choose CASCADE or RESTRICT.",
    checks: &[Check::Catalog(set_null)],
};

pub(in crate::engine::lint) const SET_DEFAULT: Rule = Rule {
    name: "on-delete-set-default-without-default",
    group: Group::Design,
    levels: Levels::ALWAYS,
    summary: "A foreign key sets a column to its default, and it has none.",
    why: "The default is NULL then: a NOT NULL column makes the delete fail, another one loses its reference in silence.",
    recipe: "Give it a default that is referenced, or choose SET NULL, CASCADE or RESTRICT.",
    checks: &[Check::Catalog(set_default)],
};

fn missing_index(site: &CatalogSite<'_>, found: &mut Found) {
    for reference in &site.keys.references {
        let names: Vec<String> = reference.columns.iter().map(ToString::to_string).collect();
        let serves = |key: &Key<'_>| {
            let first: Vec<&str> = key.plain().take(names.len()).collect();
            !key.tail.to_ascii_lowercase().contains("where")
                && first.len() == names.len()
                && names.iter().all(|name| first.contains(&name.as_str()))
        };
        let keys = site.keys.indexes.get(&reference.key.table);
        if !keys.is_some_and(|keys| keys.iter().any(serves)) {
            let (table, names) = (reference.key.table.short(), names.join(", "));
            let message = format!("no index of {table} begins with ({names})");
            found
                .object(site, reference.id, message)
                .instead(format!("Declare an index on it: #[column(index)], or #[table(index({names}))]."));
        }
    }
}

fn type_mismatch(site: &CatalogSite<'_>, found: &mut Found) {
    for reference in &site.keys.references {
        for (own, other) in reference.columns.iter().zip(&reference.others) {
            let types = (
                column(site.catalog, &reference.key.table, own).map(|column| column.data_type.as_str()),
                column(site.catalog, reference.other, other).map(|column| column.data_type.as_str()),
            );
            if let (Some(a), Some(b)) = types
                && a != b
            {
                let to = format!("{}.{other}", reference.other.short());
                found.object(site, reference.id, format!("{own} is {a}, and {to} is {b}"));
            }
        }
    }
}

fn set_null(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, "SET NULL", found, |column| column.not_null.then_some("cannot be NULL"));
}

fn set_default(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, "SET DEFAULT", found, |column| {
        let none = column.default.is_none() && column.identity.is_none();
        none.then_some("has no default")
    });
}

/// Columns that an action of a foreign key sets, and what stands against it.
fn each(
    site: &CatalogSite<'_>,
    action: &str,
    found: &mut Found,
    against: impl Fn(&crate::engine::kind::column::Column) -> Option<&'static str>,
) {
    for reference in &site.keys.references {
        for event in ["ON DELETE", "ON UPDATE"] {
            let Some((_, tail)) = reference.key.definition.split_once(&format!("{event} {action}")) else {
                continue;
            };
            // Only these, where PostgreSQL 15's list follows.
            let only = tail
                .trim_start()
                .strip_prefix('(')
                .and_then(|list| list.split_once(')'))
                .map(|(list, _)| list);
            let meant = |name: &str| only.is_none_or(|only| only.split(',').any(|one| one.trim() == name));
            for name in reference.columns.iter().filter(|name| meant(&name.to_string())) {
                let column = column(site.catalog, &reference.key.table, name);
                if let Some(why) = column.and_then(&against) {
                    found.object(site, reference.id, format!("{event} {action}, and {name} {why}"));
                }
            }
        }
    }
}
