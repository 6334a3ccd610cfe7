//! Which names need not be written, because PostgreSQL gives them anyway. The declared side knows: it is asked.

use super::model::{FILE, Model};
use crate::engine::declared::declare;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::record::Records;
use std::collections::{BTreeMap, BTreeSet};

/// Takes away the names that are those that PostgreSQL chooses.
pub(super) fn forget(model: &mut Model) {
    let wanted = names(model);
    let mut written: BTreeSet<u32> =
        wanted.iter().filter(|(_, name)| !looks_chosen(name)).map(|(line, _)| *line).collect();
    // Each round writes at least one more; what is chosen for one depends on what is written for others.
    while let Some(wrong) = wrong_names(model, &wanted, &written) {
        if wrong.is_empty() {
            for_each_name(model, |line, name| {
                if !written.contains(&line) {
                    *name = None;
                }
            });
            return;
        }
        written.extend(wrong);
    }
}

/// Names that do not look like this are nobody's choice but a person's.
fn looks_chosen(name: &str) -> bool {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
    ["_pkey", "_key", "_fkey", "_check", "_excl", "_idx"].iter().any(|label| plain.ends_with(label))
}

/// The names that would not be those that are wanted; `None` if there is no schema without them.
fn wrong_names(
    model: &Model,
    wanted: &BTreeMap<u32, String>,
    written: &BTreeSet<u32>,
) -> Option<BTreeSet<u32>> {
    let mut trial = model.clone();
    for_each_name(&mut trial, |line, name| {
        if !written.contains(&line) {
            *name = None;
        }
    });
    let declared = declare(&records(&trial)).ok()?;
    let mut found = BTreeMap::new();
    for (id, at) in &declared.origins {
        let (ObjectId::Constraint(_, name) | ObjectId::Index(QName { name, .. })) = id else { continue };
        if at.file == FILE {
            found.insert(at.line, name.as_str());
        }
    }
    let wrong = |(line, name): (&u32, &String)| (found.get(line) != Some(&name.as_str())).then_some(*line);
    Some(wanted.iter().filter_map(wrong).filter(|line| !written.contains(line)).collect())
}

fn names(model: &mut Model) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    for_each_name(model, |line, name| {
        names.extend(name.clone().map(|name| (line, name)));
    });
    names
}

fn for_each_name(model: &mut Model, mut act: impl FnMut(u32, &mut Option<String>)) {
    let views = model.modules.iter_mut().flat_map(|module| &mut module.views);
    for index in views.flat_map(|view| &mut view.record.indexes) {
        act(index.origin.line, &mut index.name);
    }
    for table in model.modules.iter_mut().flat_map(|module| &mut module.tables) {
        for constraint in &mut table.record.constraints {
            act(constraint.origin.line, &mut constraint.name);
        }
        for index in &mut table.record.indexes {
            act(index.origin.line, &mut index.name);
        }
    }
}

/// The records that the code leaves, but for its raw SQL.
pub(super) fn records(model: &Model) -> Records {
    let modules = || model.modules.iter();
    Records {
        tables: modules().flat_map(|module| &module.tables).map(|table| table.record.clone()).collect(),
        enums: modules().flat_map(|module| &module.enums).map(|item| item.record.clone()).collect(),
        views: modules().flat_map(|module| &module.views).map(|view| view.record.clone()).collect(),
        ..Records::default()
    }
}
