//! `no-primary-key`, `int4-or-int2-primary-key`, `serial-instead-of-identity`.

use crate::engine::kind::Object;
use crate::engine::kind::constraint::Form as KeyForm;
use crate::engine::lint::keys::{column, columns};
use crate::engine::lint::prelude::*;
use std::collections::BTreeSet;

pub(in crate::engine::lint) const NO_PRIMARY_KEY: Rule = Rule {
    name: "no-primary-key",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A table has no primary key.",
    why: "Rows cannot be told apart; logical replication cannot update them; batches have nothing to go by.",
    recipe: "Declare one: #[column(primary_key)].",
    checks: &[Check::Catalog(no_primary_key)],
};

pub(in crate::engine::lint) const SMALL: Rule = Rule {
    name: "int4-or-int2-primary-key",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "The only column of a primary key is a small integer with a sequence.",
    why: "It ends after two thousand million inserts (32767 for smallint), failed ones count too; to make it wider then means \
          to write the table anew.",
    recipe: "Take i64: four bytes more a row.",
    checks: &[Check::Catalog(small)],
};

pub(in crate::engine::lint) const SERIAL: Rule = Rule {
    name: "serial-instead-of-identity",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column takes its numbers from a sequence by its default.",
    why: "The sequence has privileges of its own that must be granted, and the default is lost when a table is copied LIKE it.",
    recipe: "Declare an identity: #[column(identity)].",
    checks: &[Check::Catalog(serial)],
};

fn no_primary_key(site: &CatalogSite<'_>, found: &mut Found) {
    let keys = site.catalog.objects.values().filter_map(|object| match object {
        Object::Constraint(key) if key.form == KeyForm::PrimaryKey => Some(&key.table),
        _other => None,
    });
    let with: BTreeSet<_> = keys.collect();
    for (id, object) in &site.catalog.objects {
        let Object::Table(table) = object else { continue };
        // A partition has what its parent has.
        if table.bound.is_none() && !with.contains(&table.name) {
            found.object(site, id, format!("{} has no primary key", table.name.short()));
        }
    }
}

fn small(site: &CatalogSite<'_>, found: &mut Found) {
    for object in site.catalog.objects.values() {
        let Object::Constraint(key) = object else { continue };
        let [name] = key.columns.as_slice() else { continue };
        let Some(column) = column(site.catalog, &key.table, name).filter(|_| key.form == KeyForm::PrimaryKey)
        else {
            continue;
        };
        let counts =
            column.identity.is_some() || column.default.as_deref().is_some_and(|d| d.starts_with("nextval("));
        if counts && ["integer", "smallint"].contains(&column.data_type.as_str()) {
            let id = crate::engine::id::ObjectId::Column(key.table.clone(), name.clone());
            let message = format!("{}.{name} is {}, and counts up", key.table.short(), column.data_type);
            found.object(site, &id, message);
        }
    }
}

fn serial(site: &CatalogSite<'_>, found: &mut Found) {
    for (id, column) in columns(site.catalog) {
        let default = column.default.as_deref().unwrap_or_default();
        if default.starts_with("nextval(") && column.generated.is_none() {
            found.object(site, id, format!("{}.{} counts by {default}", column.table.short(), column.name));
        }
    }
}
