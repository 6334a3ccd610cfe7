//! The order of tables: what is referenced comes first, otherwise by name. A cycle is opened at its first table by
//! name; the foreign keys that then point forward are added later.

use super::qname;
use crate::engine::name::QName;
use crate::engine::record::{ConstraintKind, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Takes the tables sorted by name.
pub(super) fn ordered<'a>(tables: &[&'a Table]) -> Vec<&'a Table> {
    let by_name: BTreeMap<QName, &Table> = tables.iter().map(|table| (qname(&table.name), *table)).collect();
    let mut open: BTreeMap<QName, BTreeSet<QName>> = BTreeMap::new();
    let mut referencing: BTreeMap<QName, Vec<QName>> = BTreeMap::new();
    for (name, table) in &by_name {
        let targets: BTreeSet<QName> = targets(table).filter(|target| target != name).collect();
        for target in &targets {
            referencing.entry(target.clone()).or_default().push(name.clone());
        }
        open.insert(name.clone(), targets);
    }
    let mut ready: BTreeSet<QName> =
        open.iter().filter(|(_, targets)| targets.is_empty()).map(|(name, _)| name.clone()).collect();
    let mut order = Vec::with_capacity(tables.len());
    while let Some(next) = ready.pop_first().or_else(|| in_a_cycle(&open)) {
        open.remove(&next);
        for name in referencing.get(&next).into_iter().flatten() {
            if let Some(targets) = open.get_mut(name)
                && targets.remove(&next)
                && targets.is_empty()
            {
                ready.insert(name.clone());
            }
        }
        order.extend(by_name.get(&next).copied());
    }
    order
}

/// The tables that a table's foreign keys reference.
pub(super) fn targets(table: &Table) -> impl Iterator<Item = QName> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { target, .. } => Some(qname(target)),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclude { .. } => None,
    })
}

/// Every open table waits for another: following first targets ends in a circle. Its first table by name.
fn in_a_cycle(open: &BTreeMap<QName, BTreeSet<QName>>) -> Option<QName> {
    let mut path: Vec<&QName> = Vec::new();
    let mut at = open.keys().next()?;
    let start = loop {
        if let Some(start) = path.iter().position(|name| *name == at) {
            break start;
        }
        path.push(at);
        at = open.get(at)?.first()?;
    };
    path[start..].iter().min().map(|name| (*name).clone())
}
