//! Domains: base type, default, NOT NULL. Their constraints are objects of their own.

use super::column::Column;
use super::detach::is_of_type;
use super::{Alteration, Context, Detachment, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::default_name::object_name;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Sql, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Its name.
    pub name: QName,
    /// The type that it is over, as `format_type` prints it.
    pub base: String,
    /// `COLLATE`, where it differs from the base type's own.
    pub collation: Option<QName>,
    /// `DEFAULT`.
    pub default: Option<Printed>,
    /// `NOT NULL`.
    pub not_null: bool,
    /// The name of that constraint, where it is not the one that PostgreSQL chooses (PostgreSQL 17).
    pub not_null_name: Option<Ident>,
    /// The definitions of its valid constraints: where PostgreSQL refuses to check rows for a new one, the domain is made
    /// anew.
    pub checks: BTreeSet<String>,
}

impl Domain {
    /// What its NOT NULL constraint is called.
    fn not_null_name(&self) -> Ident {
        self.not_null_name.clone().unwrap_or_else(|| usual_not_null_name(&self.name))
    }

    fn alter_domain(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER DOMAIN {} {action}", self.name))
    }
}

/// The type of a column's values: what a domain, or a domain over it, is over.
pub(super) fn base_type(column: &Column, catalog: &Catalog) -> String {
    let (mut name, mut on) = (column.data_type.to_string(), column.id());
    let domain_of = |on: &ObjectId, name: &str| {
        catalog.needs(on).find_map(|on| match catalog.get(on) {
            Some(Object::Domain(domain)) if domain.name.to_string() == name => Some(domain),
            _another_or_none => None,
        })
    };
    while let Some(domain) = domain_of(&on, &name) {
        (name, on) = (domain.base.clone(), domain.id());
    }
    name
}

impl Rules for Domain {
    fn id(&self) -> ObjectId {
        ObjectId::Domain(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE DOMAIN {} AS {}", self.name, self.base);
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = &self.default {
            sql.push_str(&format!(" DEFAULT {default}"));
        }
        if self.not_null {
            let name = self.not_null_name.as_ref().map(|name| format!(" CONSTRAINT {name}"));
            sql.push_str(&format!("{} NOT NULL", name.unwrap_or_default()));
        }
        vec![
            Step::new(self.id(), Sql::Clauses(sql))
                .builds(self.id())
                .builds(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP DOMAIN {}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Domain(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name: _, base, collation, default, not_null, not_null_name: _, checks } = self;
        let stricter = !checks.is_superset(&new.checks) || (!not_null && new.not_null);
        if *base != new.base || *collation != new.collation || (stricter && in_containers(&self.name, cx)) {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        match (default, &new.default) {
            (before, Some(after)) if before.as_ref() != Some(after) => {
                steps.push(self.alter_domain(&format!("SET DEFAULT {after}")));
            }
            (Some(_), None) => steps.push(self.alter_domain("DROP DEFAULT")),
            (_, _) => {}
        }
        match (*not_null, new.not_null) {
            (false, true) => {
                let named = new.not_null_name.as_ref().map(|name| format!("ADD CONSTRAINT {name} NOT NULL"));
                let step = self.alter_domain(named.as_deref().unwrap_or("SET NOT NULL"));
                steps.push(checked(step, &self.name, "rows with NULL", cx));
            }
            (true, false) => steps.push(self.alter_domain("DROP NOT NULL")),
            (true, true) if self.not_null_name() != new.not_null_name() => {
                let (from, to) = (self.not_null_name(), new.not_null_name());
                steps.push(self.alter_domain(&format!("RENAME CONSTRAINT {from} TO {to}")));
            }
            (_, _) => {}
        }
        Alteration::in_place(steps)
    }

    /// By the default, unless it is the base type that goes.
    fn detach(&self, new: &Object, on: &ObjectId, _cx: &Context<'_>) -> Option<Detachment> {
        let Object::Domain(new) = new else { return None };
        self.default.as_ref()?;
        if !matches!(on, ObjectId::Routine(..) | ObjectId::Sequence(_) | ObjectId::Operator(..)) {
            return None;
        }
        let after = new.default.as_ref().map(|default| self.alter_domain(&format!("SET DEFAULT {default}")));
        Some(Detachment {
            before: vec![self.alter_domain("DROP DEFAULT")],
            after: after.into_iter().collect(),
            rebuild: Vec::new(),
        })
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Domain(to) = new else {
            return Vec::new();
        };
        rename_type(new, "DOMAIN", &self.name, to)
    }
}

/// The name that PostgreSQL gives the NOT NULL constraint of a domain.
pub(in crate::engine) fn usual_not_null_name(domain: &QName) -> Ident {
    Ident::new(object_name(domain.name.as_str(), None, "not_null"))
}

/// The Steps that give a type another name.
pub(super) fn rename_type(new: &ObjectId, kind: &str, from: &QName, to: &QName) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut at = from.clone();
    if at.schema != to.schema {
        steps.push(Step::statement(new.clone(), format!("ALTER {kind} {at} SET SCHEMA {}", to.schema)));
        at.schema = to.schema.clone();
    }
    if at.name != to.name {
        steps.push(Step::statement(new.clone(), format!("ALTER {kind} {at} RENAME TO {}", to.name)));
    }
    steps
}

/// A Step for which PostgreSQL reads every row of every table with a column of the domain.
pub(super) fn checked(step: Step, domain: &QName, rows: &str, cx: &Context<'_>) -> Step {
    let tables = tables(domain, cx);
    if tables.is_empty() {
        return step;
    }
    let step = step
        .hazard(HazardKind::LongLock, "writes wait until every row is checked")
        .hazard(HazardKind::MayFail, format!("{rows} stand in the way"));
    tables.iter().fold(step, |step, table| step.locks(LockMode::Share, table))
}

/// The domain and the types over it of which this holds, in the old Catalog.
fn over(domain: &QName, holds: fn(&ObjectId) -> bool, cx: &Context<'_>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::from([ObjectId::Domain(domain.clone())]);
    let mut open: Vec<ObjectId> = found.iter().cloned().collect();
    while let Some(on) = open.pop() {
        for user in cx.old.edges.users(&on).filter(|user| holds(user)) {
            if found.insert(user.clone()) {
                open.push(user.clone());
            }
        }
    }
    found
}

/// The domain and those over it.
fn family(domain: &QName, cx: &Context<'_>) -> BTreeSet<ObjectId> {
    over(domain, |user| matches!(user, ObjectId::Domain(_)), cx)
}

/// As types of columns are printed.
fn names(domains: &BTreeSet<ObjectId>) -> BTreeSet<String> {
    let name = |id: &ObjectId| if let ObjectId::Domain(name) = id { Some(name.to_string()) } else { None };
    domains.iter().filter_map(name).collect()
}

/// The tables with columns of the domain or of one over it.
fn tables(domain: &QName, cx: &Context<'_>) -> BTreeSet<QName> {
    let family = family(domain, cx);
    let names = names(&family);
    let columns = family.iter().flat_map(|domain| cx.old.edges.users(domain));
    columns
        .filter_map(|user| match cx.old.get(user) {
            Some(Object::Column(column)) if names.contains(column.data_type.as_str()) => {
                Some(column.table.clone())
            }
            _other_kind => None,
        })
        .collect()
}

/// Whether a table has a column with the domain inside its type, as an array has: then PostgreSQL refuses to check
/// the rows.
fn in_containers(domain: &QName, cx: &Context<'_>) -> bool {
    let names = names(&family(domain, cx));
    let is_type =
        |user: &ObjectId| matches!(user, ObjectId::Composite(_) | ObjectId::Range(_) | ObjectId::Domain(_));
    let types = over(domain, is_type, cx);
    let holds = |user: &ObjectId, on: &ObjectId| match cx.old.get(user) {
        Some(Object::Column(column)) => {
            is_of_type(column, on, cx.old)
                && !names.contains(column.data_type.as_str())
                && cx.new.get(user).is_some()
        }
        _other_kind => false,
    };
    types.iter().any(|on| cx.old.edges.users(on).any(|user| holds(user, on)))
}
