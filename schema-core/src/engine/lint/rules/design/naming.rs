//! `naming-convention`.

use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::constraint::Form as KeyForm;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const NAMING: Rule = Rule {
    name: "naming-convention",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A name is not as the project wants its names.",
    why: "`[lint.naming]` of schema.toml says how they are written. Without it nothing is asked.",
    recipe: "Rename it, or say the pattern better: `snake_case`, or text with * for anything, {table} and {columns}.",
    checks: &[Check::Catalog(check)],
};

fn check(site: &CatalogSite<'_>, found: &mut Found) {
    let patterns = &site.config.naming.patterns;
    if patterns.is_empty() {
        return;
    }
    let mut names: Vec<(&str, &ObjectId, String, String, String)> = Vec::new();
    for (id, object) in &site.catalog.objects {
        let plain = |what, name: &str| (what, id, name.to_owned(), String::new(), String::new());
        match object {
            Object::Schema(schema) => names.push(plain("schema", schema.name.as_str())),
            Object::Table(table) => names.push(plain("table", table.name.name.as_str())),
            Object::Column(column) => names.push(plain("column", column.name.as_str())),
            Object::Constraint(check) if check.form == KeyForm::Check => {
                let columns: Vec<&str> = check.columns.iter().map(|column| column.as_str()).collect();
                let table = check.table.name.as_str().to_owned();
                names.push(("check", id, check.name.as_str().to_owned(), table, columns.join("_")));
            }
            _other => {}
        }
    }
    for key in site.keys.all() {
        let what = if key.alone { "index" } else { "unique" };
        if key.alone
            || matches!(site.catalog.get(key.id), Some(Object::Constraint(c)) if c.form == KeyForm::Unique)
        {
            let columns: Vec<&str> = key.plain().collect();
            let table = key.table.name.as_str().to_owned();
            names.push((what, key.id, key.name.as_str().to_owned(), table, columns.join("_")));
        }
    }
    for reference in &site.keys.references {
        let columns: Vec<&str> = reference.columns.iter().map(|column| column.as_str()).collect();
        let table = reference.key.table.name.as_str().to_owned();
        names.push(("fk", reference.id, reference.key.name.as_str().to_owned(), table, columns.join("_")));
    }
    for (what, id, name, table, columns) in names {
        let Some(pattern) = patterns.get(what) else { continue };
        let wanted = pattern.replace("{table}", &table).replace("{columns}", &columns);
        if !matches(&wanted, &name) {
            found.object(site, id, format!("the name {name} is not as {what} names are: {pattern}"));
        }
    }
}

/// `snake_case`, or text in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    if pattern == "snake_case" {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        return name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters);
    }
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(matches("snake_case", "user_id2") && !matches("snake_case", "userId"));
        assert!(matches("*_idx", "a_idx") && !matches("*_idx", "a_key") && matches("a*b*c", "aXbYc"));
        assert!(matches("users", "users") && !matches("users", "users2") && !matches("a*a", "a"));
    }
}
