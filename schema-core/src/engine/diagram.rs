//! What an entity-relationship diagram shows of a Catalog: tables, their columns, and which row points to which.

use super::catalog::Catalog;
use super::kind::Object;
use super::kind::constraint::{Constraint, Form};
use super::name::{Ident, QName};
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The tables, by name.
    pub tables: Vec<Entity>,
    /// The foreign keys, by table and name.
    pub relations: Vec<Relation>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: QName,
    /// Its columns in their order.
    pub columns: Vec<Attribute>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Ident,
    /// Its type, as short as PostgreSQL knows it: `varchar(20)`.
    pub data_type: String,
    /// Whether it can be NULL.
    pub nullable: bool,
    /// `PK`, `FK`, `UK`: what it is a part of.
    pub marks: Vec<&'static str>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Its name.
    pub name: Ident,
    /// The table that has it.
    pub from: QName,
    /// Its columns.
    pub columns: Vec<Ident>,
    /// The table that it references.
    pub to: QName,
    /// Whether a row may point to none.
    pub optional: bool,
    /// Whether only one row may point to a row.
    pub single: bool,
}

impl Diagram {
    /// What of the Catalog is drawn.
    pub fn of(catalog: &Catalog) -> Self {
        let mut columns: BTreeMap<&QName, Vec<(i16, Attribute)>> = BTreeMap::new();
        let mut constraints: Vec<&Constraint> = Vec::new();
        let mut tables: BTreeSet<&QName> = BTreeSet::new();
        for object in catalog.objects.values() {
            if let Object::Table(table) = object {
                tables.insert(&table.name);
            } else if let Object::Column(column) = object {
                let attribute = Attribute {
                    name: column.name.clone(),
                    data_type: short_type(&column.data_type),
                    nullable: !column.not_null,
                    marks: Vec::new(),
                };
                columns.entry(&column.table).or_default().push((column.position, attribute));
            } else if let Object::Constraint(constraint) = object {
                constraints.push(constraint);
            }
        }
        constraints.sort_by_key(|constraint| (&constraint.table, &constraint.name));
        for constraint in &constraints {
            let Some(mark) = mark(constraint.form) else { continue };
            for (_, attribute) in columns.get_mut(&constraint.table).into_iter().flatten() {
                if constraint.columns.contains(&attribute.name) && !attribute.marks.contains(&mark) {
                    attribute.marks.push(mark);
                    attribute.marks.sort_by_key(|mark| ["PK", "FK", "UK"].iter().position(|one| one == mark));
                }
            }
        }
        let mut relations = Vec::new();
        for key in &constraints {
            let Some(to) = key.references.as_ref().filter(|to| tables.contains(to)) else { continue };
            let nullable = |name: &Ident| {
                let attributes = columns.get(&key.table).into_iter().flatten();
                attributes.clone().any(|(_, attribute)| attribute.name == *name && attribute.nullable)
            };
            let unique = |other: &&Constraint| -> bool {
                other.table == key.table
                    && matches!(other.form, Form::PrimaryKey | Form::Unique)
                    && other.columns.iter().all(|column| key.columns.contains(column))
            };
            relations.push(Relation {
                name: key.name.clone(),
                from: key.table.clone(),
                columns: key.columns.to_vec(),
                to: to.clone(),
                optional: key.columns.iter().any(nullable),
                single: constraints.iter().any(unique),
            });
        }
        let entity = |name: &QName| {
            let mut columns = columns.get(name).cloned().unwrap_or_default();
            columns.sort_by_key(|(position, _)| *position);
            Entity {
                name: name.clone(),
                columns: columns.into_iter().map(|(_, attribute)| attribute).collect(),
            }
        };
        Self { tables: tables.into_iter().map(entity).collect(), relations }
    }
}

fn mark(form: Form) -> Option<&'static str> {
    match form {
        Form::PrimaryKey => Some("PK"),
        Form::ForeignKey => Some("FK"),
        Form::Unique => Some("UK"),
        Form::Check | Form::Exclude => None,
    }
}

/// The other name that PostgreSQL has for a type, where that is shorter; `public` is left out.
fn short_type(full: &str) -> String {
    let full = full.strip_prefix("public.").unwrap_or(full);
    let (base, array) = full.split_at(full.find("[]").unwrap_or(full.len()));
    let (head, arguments) = match base.split_once('(') {
        Some((head, rest)) => {
            let (arguments, tail) = rest.split_once(')').unwrap_or((rest, ""));
            (format!("{head}{tail}"), format!("({arguments})"))
        }
        None => (base.to_owned(), String::new()),
    };
    let short = match head.as_str() {
        "character varying" => "varchar",
        "character" => "char",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => return format!("{}{array}", if other.is_empty() { full } else { base }),
    };
    format!("{short}{arguments}{array}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A diagram with hostile names.
    pub(in crate::engine) fn hostile() -> Diagram {
        let attribute = |name: &str, data_type: &str, nullable, marks: &[&'static str]| Attribute {
            name: name.into(),
            data_type: data_type.to_owned(),
            nullable,
            marks: marks.to_vec(),
        };
        let users = QName::new("public", "users");
        let odd = QName::new("my \"schema\"", "a <b>\n&\\ 50% #1; é");
        Diagram {
            tables: vec![
                Entity {
                    name: odd.clone(),
                    columns: vec![
                        attribute("user", "bigint", true, &["PK", "FK"]),
                        attribute("two words \"x\"", "my \"schema\".\"t|y\"", false, &[]),
                        attribute("1st", "numeric(12,2)[]", false, &["UK"]),
                    ],
                },
                Entity { name: users.clone(), columns: vec![attribute("id", "bigint", false, &["PK"])] },
                Entity { name: QName::new("public", "none"), columns: Vec::new() },
            ],
            relations: vec![
                Relation {
                    name: "say \"hi\"".into(),
                    from: odd.clone(),
                    columns: vec!["user".into()],
                    to: users.clone(),
                    optional: true,
                    single: true,
                },
                Relation {
                    name: "plain".into(),
                    from: users.clone(),
                    columns: vec!["id".into()],
                    to: users,
                    optional: false,
                    single: false,
                },
            ],
        }
    }

    #[test]
    fn types_are_short() {
        for (full, short) in [
            ("character varying(20)", "varchar(20)"),
            ("timestamp(3) with time zone[]", "timestamptz(3)[]"),
            ("time without time zone", "time"),
            ("numeric(12,2)", "numeric(12,2)"),
            ("public.\"odd(\"", "\"odd(\""),
            ("shop.state[]", "shop.state[]"),
            ("\"character varying\"", "\"character varying\""),
            ("double precision[]", "double precision[]"),
        ] {
            assert_eq!(short_type(full), short);
        }
    }
}
