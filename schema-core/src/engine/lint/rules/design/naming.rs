//! `naming-convention`.

use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::constraint::Form as KeyForm;
use crate::engine::lint::pattern::Pattern;
use crate::engine::lint::prelude::*;
use crate::engine::name::Ident;
use std::collections::BTreeMap;

pub(in crate::engine::lint) const NAMING: Rule = Rule {
    name: "naming-convention",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A name is not as the project wants its names.",
    why: "`[lint.naming]` of schema.toml says how they are written. Without it nothing is asked.",
    recipe: "Rename it, or say the pattern better: `snake_case`, text with * for anything, or a regular expression between \
             slashes; {table} and {columns} stand for the names.",
    checks: &[Check::Catalog(check)],
};

/// A name, and what it is about.
struct Named<'a> {
    what: &'static str,
    id: &'a ObjectId,
    name: &'a Ident,
    table: &'a str,
    columns: String,
}

fn check(site: &CatalogSite<'_>, found: &mut Found) {
    // What cannot be read was said where it stands.
    let parse = |(what, written): (&'_ String, &'_ String)| {
        Some((what.clone(), (written.clone(), Pattern::parse(written).ok()?)))
    };
    let patterns: BTreeMap<String, (String, Pattern)> =
        site.config.naming.patterns.iter().filter_map(parse).collect();
    if patterns.is_empty() {
        return;
    }
    for Named { what, id, name, table, columns } in names(site) {
        let Some((written, pattern)) = patterns.get(what) else { continue };
        if !pattern.matches(name.as_str(), table, &columns) {
            let name = name.as_str();
            found.object(site, id, format!("the name {name} is not as {what} names are: {written}"));
        }
    }
}

fn names<'a>(site: &CatalogSite<'a>) -> Vec<Named<'a>> {
    let mut names = Vec::new();
    for (id, object) in &site.catalog.objects {
        let plain = |what, name| Named { what, id, name, table: "", columns: String::new() };
        match object {
            Object::Schema(schema) => names.push(plain("schema", &schema.name)),
            Object::Table(table) => names.push(plain("table", &table.name.name)),
            Object::Column(column) => names.push(plain("column", &column.name)),
            Object::Constraint(check) if check.form == KeyForm::Check => {
                let columns = joined(check.columns.iter().map(Ident::as_str));
                names.push(Named {
                    table: check.table.name.as_str(),
                    columns,
                    ..plain("check", &check.name)
                });
            }
            _other => {}
        }
    }
    for key in site.keys.all() {
        let unique =
            matches!(site.catalog.get(key.id), Some(Object::Constraint(c)) if c.form == KeyForm::Unique);
        if key.alone || unique {
            let what = if key.alone { "index" } else { "unique" };
            let (table, columns) = (key.table.name.as_str(), joined(key.plain()));
            names.push(Named { what, id: key.id, name: key.name, table, columns });
        }
    }
    for reference in &site.keys.references {
        let columns = joined(reference.columns.iter().map(Ident::as_str));
        let (key, table) = (reference.key, reference.key.table.name.as_str());
        names.push(Named { what: "fk", id: reference.id, name: &key.name, table, columns });
    }
    names
}

fn joined<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    columns.collect::<Vec<_>>().join("_")
}
