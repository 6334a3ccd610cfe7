//! Types: enums, composite types and domains.

use super::interleave::Item;
use super::mention::Mentions;
use super::names::Names;
use super::{BlockId, Declared, clause, location, qname, schema_needed, written};
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::{QName, literal, quoted};
use crate::engine::record::{Base, Composite, Domain, Enum, Name, Records, Type};
use std::collections::{BTreeMap, BTreeSet};

/// A line of `schema.sql` is not longer if that can be.
const LINE: usize = 100;

/// The type that a column has, if it is declared.
pub(super) fn id(base: &Base) -> Option<ObjectId> {
    match base {
        Base::Sql(_) => None,
        Base::Enum(name) => Some(ObjectId::Enum(qname(name))),
        Base::Composite(name) => Some(ObjectId::Composite(qname(name))),
        Base::Domain(name) => Some(ObjectId::Domain(qname(name))),
    }
}

/// What may be made of other types, and of raw SQL before the tables.
#[derive(Clone, Copy)]
pub(super) enum Made<'a> {
    Composite(&'a Composite),
    Domain(&'a Domain),
}

impl<'a> Made<'a> {
    /// All of them, by name.
    pub(super) fn all(records: &'a Records) -> Vec<Self> {
        let composites = records.composites.iter().map(Self::Composite);
        let mut all: Vec<Self> = composites.chain(records.domains.iter().map(Self::Domain)).collect();
        all.sort_by_key(|made| qname(made.name()));
        all
    }

    fn name(self) -> &'a Name {
        match self {
            Self::Composite(composite) => &composite.name,
            Self::Domain(domain) => &domain.name,
        }
    }

    fn types(self) -> Vec<&'a Type> {
        match self {
            Self::Composite(composite) => composite.columns.iter().map(|column| &column.ty).collect(),
            Self::Domain(domain) => vec![&domain.ty],
        }
    }

    /// The SQL inside of it that may name functions.
    fn mentions(self) -> Result<Mentions, Error> {
        let Self::Domain(domain) = self else { return Ok(Mentions::default()) };
        let checks = domain.checks.iter().map(|check| (&check.expression, &check.origin));
        let mut all = Mentions::default();
        for (sql, at) in checks.chain(domain.default.iter().map(|default| (default, &domain.origin))) {
            all.add(Mentions::of(sql).map_err(|error| clause::unreadable(sql, &error, at))?);
        }
        Ok(all)
    }

    /// Adds it to `declared`.
    pub(super) fn create(self, names: &mut Names, declared: &mut Declared) -> Result<(), Error> {
        match self {
            Self::Composite(composite) => create_composite(composite, names, declared),
            Self::Domain(domain) => create_domain(domain, names, declared),
        }
    }
}

/// What they are called and need, for their order.
pub(super) fn items(all: &[Made<'_>]) -> Result<Vec<Item>, Error> {
    let places: BTreeMap<QName, usize> =
        all.iter().enumerate().map(|(at, made)| (qname(made.name()), at)).collect();
    let item = |made: &Made<'_>| {
        let types = made.types().into_iter().filter_map(|ty| ty.base.declared());
        Ok(Item {
            name: qname(made.name()),
            mentions: made.mentions()?,
            needs: types.filter_map(|name| places.get(&qname(name)).copied()).collect(),
        })
    };
    all.iter().map(item).collect()
}

/// Adds the enum to `declared`.
pub(super) fn create_enum(enumeration: &Enum, declared: &mut Declared) {
    let name = qname(&enumeration.name);
    let id = ObjectId::Enum(name.clone());
    let labels: Vec<String> = enumeration.labels.iter().map(|label| literal(&label.name)).collect();
    let sql = listed(&format!("CREATE TYPE {} AS ENUM", written(&name)), &labels);
    let at = location(&enumeration.origin);
    declared.push(id.clone(), sql, schema_needed(&name), at.clone());
    if let Some(text) = &enumeration.comment {
        declared.comment(id.clone(), &id, &format!("TYPE {}", written(&name)), text, at);
    }
}

fn create_composite(composite: &Composite, names: &mut Names, declared: &mut Declared) -> Result<(), Error> {
    let (name, at) = (qname(&composite.name), location(&composite.origin));
    let id = ObjectId::Composite(name.clone());
    names.relation(name.clone(), id.clone(), &composite.origin)?;
    let mut parts = Vec::new();
    for column in &composite.columns {
        let collation = match &column.collation {
            Some(collation) => format!(" COLLATE {}", clause::fragment(collation, &column.origin)?),
            None => String::new(),
        };
        parts.push(format!("{} {}{collation}", quoted(&column.name), clause::column_type(&column.ty)));
    }
    let sql = listed(&format!("CREATE TYPE {} AS", written(&name)), &parts);
    let needs = needs(&name, composite.columns.iter().map(|column| &column.ty));
    declared.push(id.clone(), sql, needs, at.clone());
    if let Some(text) = &composite.comment {
        declared.comment(id.clone(), &id, &format!("TYPE {}", written(&name)), text, at);
    }
    declared.column_comments(&id, &name, &composite.columns);
    Ok(())
}

fn create_domain(domain: &Domain, names: &mut Names, declared: &mut Declared) -> Result<(), Error> {
    let (name, at) = (qname(&domain.name), location(&domain.origin));
    let id = ObjectId::Domain(name.clone());
    let mut head = format!("CREATE DOMAIN {} AS {}", written(&name), clause::column_type(&domain.ty));
    if let Some(collation) = &domain.collation {
        head.push_str(&format!(" COLLATE {}", clause::fragment(collation, &domain.origin)?));
    }
    if let Some(default) = &domain.default {
        head.push_str(&format!(" DEFAULT {}", clause::default(default, &domain.origin)?));
    }
    if domain.not_null {
        head.push_str(" NOT NULL");
    }
    let mut parts = vec![head];
    for check in &domain.checks {
        let sql = format!("CHECK {}", clause::parenthesised(&check.expression, &check.origin)?);
        let given = names.domain_check(&name, check.name.as_deref(), &check.origin)?;
        parts.push(if check.name.is_some() { format!("CONSTRAINT {given} {sql}") } else { sql });
        declared.origins.insert(ObjectId::DomainConstraint(name.clone(), given), location(&check.origin));
    }
    let one_line = format!("{};", parts.join(" "));
    let is_short = one_line.chars().count() <= LINE && !one_line.contains('\n');
    let sql = if is_short { one_line } else { format!("{};", parts.join("\n    ")) };
    declared.push(id.clone(), sql, needs(&name, [&domain.ty]), at.clone());
    if let Some(text) = &domain.comment {
        declared.comment(id.clone(), &id, &format!("DOMAIN {}", written(&name)), text, at);
    }
    Ok(())
}

fn needs<'a>(name: &QName, types: impl IntoIterator<Item = &'a Type>) -> Vec<BlockId> {
    let mut needs: BTreeSet<BlockId> = schema_needed(name).into_iter().collect();
    needs.extend(types.into_iter().filter_map(|ty| id(&ty.base)).map(BlockId::Object));
    needs.into_iter().collect()
}

/// `CREATE TYPE a AS (x, y);`, on several lines if it is long.
fn listed(head: &str, parts: &[String]) -> String {
    let one_line = format!("{head} ({});", parts.join(", "));
    if one_line.chars().count() <= LINE {
        one_line
    } else {
        format!("{head} (\n    {}\n);", parts.join(",\n    "))
    }
}
