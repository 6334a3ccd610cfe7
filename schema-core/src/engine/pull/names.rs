//! Rust names for the names of a database: identifiers that rustc takes, that read well, and that are free.

use super::words::{pascal, singular, snake, words};
use std::collections::{BTreeMap, BTreeSet};

/// Keywords, which a field can be with `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that nothing can be.
const NEVER: &[&str] = &["crate", "self", "super", "_"];

/// Names of types that the code uses: no struct may hide them.
const TYPES: &[&str] = &[
    "Box",
    "Composite",
    "DateTime",
    "Decimal",
    "Domain",
    "Enum",
    "Option",
    "PgType",
    "Self",
    "String",
    "Table",
    "Utc",
    "Uuid",
    "Vec",
    "View",
];

/// Identifiers of one scope.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// The scope of structs and enums.
    pub(super) fn types() -> Self {
        Self { taken: TYPES.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The first of these that is free, else the last one with a number.
    pub(super) fn take(&mut self, wishes: &[String]) -> String {
        let free = wishes.iter().find(|wish| !self.taken.contains(*wish)).cloned();
        let name = free.unwrap_or_else(|| {
            let last = wishes.last().map_or("Unnamed", String::as_str);
            let numbered = (2_u32..).map(|n| format!("{last}{n}"));
            numbered.into_iter().find(|name| !self.taken.contains(name)).unwrap_or_default()
        });
        self.taken.insert(name.clone());
        name
    }

    fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

/// How many tables would like each name: `user` and `users` both want `User`.
pub(super) fn wanted<'a>(tables: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut wanted = BTreeMap::new();
    for table in tables {
        let own = words(table);
        for name in BTreeSet::from([type_name(&own, "Table"), type_name(&singular(&own), "Table")]) {
            *wanted.entry(name).or_insert(0) += 1;
        }
    }
    wanted
}

/// What the struct of a table would like to be called: a row's name, if no other table wants it too.
pub(super) fn table_wishes(table: &str, wanted: &BTreeMap<String, usize>) -> Vec<String> {
    let own = words(table);
    let (one, whole) = (type_name(&singular(&own), "Table"), type_name(&own, "Table"));
    let shared = wanted.get(&one).is_some_and(|tables| *tables > 1);
    let row = format!("{whole}Row");
    if shared && one != whole { vec![whole, row] } else { vec![one, whole, row] }
}

/// What a Rust enum, or another type, would like to be called.
pub(super) fn type_wishes(name: &str) -> Vec<String> {
    let name = type_name(&words(name), "Type");
    let other = format!("{name}Type");
    vec![name, other]
}

/// A variant's name, apart from those that are taken.
pub(super) fn variant(label: &str, scope: &mut Scope) -> String {
    let mut name = type_name(&words(label), "V");
    if name == "Self" {
        name.push_str("Value");
    }
    scope.take(&[name])
}

/// An identifier of words. One that would be empty or start with a digit begins with `head`.
fn type_name(words: &[String], head: &str) -> String {
    let name = pascal(words);
    match name.chars().next() {
        Some(first) if unicode_ident::is_xid_start(first) => name,
        Some(_) => format!("{}{name}", &head[..1]),
        None => head.to_owned(),
    }
}

/// The fields of a table's columns. A column whose name is a field's as it is comes before those that would take it.
pub(super) fn fields(columns: &[&str]) -> Vec<String> {
    let mut scope = Scope::default();
    let mut fields = vec![String::new(); columns.len()];
    for plain in [true, false] {
        for (column, field) in columns.iter().zip(&mut fields).filter(|(c, _)| is_plain_field(c) == plain) {
            *field = self::field(column, &mut scope);
        }
    }
    fields
}

/// Neither the field nor its const is taken yet in the scope of the struct.
fn field(column: &str, scope: &mut Scope) -> String {
    let mut name = words(column).join("_");
    // PostgreSQL has columns such as `_id`; as long as Rust takes it, the name stays.
    if is_plain_field(column) {
        name = column.to_owned();
    }
    if !name.chars().next().is_some_and(unicode_ident::is_xid_start) && !name.starts_with('_') {
        name = if name.is_empty() { "column".to_owned() } else { format!("_{name}") };
    }
    if NEVER.contains(&name.as_str()) {
        name.push('_');
    }
    let wanted = name.clone();
    let mut number = 2_u32;
    // The derive makes a const of every field; two fields must not share one.
    while scope.has(&snake(&name).to_uppercase()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    scope.take(&[snake(&name).to_uppercase()]);
    name
}

/// Whether the column's name is a field's as it is.
fn is_plain_field(column: &str) -> bool {
    column.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !column.starts_with(|c: char| c.is_ascii_digit())
        && column.bytes().any(|b| b != b'_')
        && !column.trim_matches('_').contains("__")
}

/// The identifier as code: `r#type`.
pub(super) fn code(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The module of a PostgreSQL schema, which is also the name of a file.
pub(super) fn module(schema: &str, scope: &mut Scope) -> String {
    let mut name = words(schema).join("_");
    if !name.chars().next().is_some_and(unicode_ident::is_xid_start) {
        name = format!("schema_{name}").trim_end_matches('_').to_owned();
    }
    if KEYWORDS.contains(&name.as_str()) || NEVER.contains(&name.as_str()) {
        name.push('_');
    }
    scope.take(&[name])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs() {
        let mut scope = Scope::types();
        let all = ["user", "users", "order_items", "options", "table", "2fa_codes", "🦀", "🐘", "Users!"];
        let mut names = Vec::new();
        let wanted = wanted(all.into_iter());
        for table in all {
            names.push(scope.take(&table_wishes(table, &wanted)));
        }
        assert_eq!(
            names,
            [
                "User",
                "Users",
                "OrderItem",
                "Options",
                "TableRow",
                "T2faCode",
                "TableRow2",
                "TableRow3",
                "UsersRow"
            ]
        );
    }

    #[test]
    fn fields_of_a_table() {
        let names = [
            "id",
            "type",
            "self",
            "createdAt",
            "created_at",
            "2fa",
            "_id",
            "with space",
            "a__b",
            "🦀",
            "🐘",
            "__",
            "größe",
            "ID",
        ];
        let names: Vec<String> = fields(&names).iter().map(|field| code(field)).collect();
        assert_eq!(
            names,
            [
                "id",
                "r#type",
                "self_",
                "created_at_2",
                "created_at",
                "_2fa",
                "_id",
                "with_space",
                "a_b",
                "column",
                "column_2",
                "column_3",
                "größe",
                "id_2"
            ]
        );
    }

    #[test]
    fn variants_and_modules() {
        let mut scope = Scope::default();
        let names = ["in-flight", "IN_FLIGHT", "2", "Self", "+", "-"].map(|label| variant(label, &mut scope));
        assert_eq!(names, ["InFlight", "InFlight2", "V2", "SelfValue", "V", "V3"]);
        let mut scope = Scope::default();
        let names = ["public", "type", "My Schema", "my-schema", "1"].map(|name| module(name, &mut scope));
        assert_eq!(names, ["public", "type_", "my_schema", "my_schema2", "schema_1"]);
    }
}
