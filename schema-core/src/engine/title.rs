//! A migration's name from its Changes: `add_transactions_status`. Knows no kind but by its rank.

use super::diff::Change;
use super::id::ObjectId;
use super::step::Step;
use std::collections::BTreeSet;

/// The longest name that is put together; a longer one is replaced by a shorter description.
const LONGEST: usize = 50;

/// The name for a migration, of `[a-z0-9_]`. `first` says that there is none before it.
pub fn title(changes: &[Change<'_>], renames: &[Step], first: bool) -> String {
    if first {
        return "init".to_owned();
    }
    let items = items(changes, renames);
    let Some(top) = items.iter().map(|(_, id)| id.weight()).min() else {
        return "no_change".to_owned();
    };
    let top: Vec<&(&str, ObjectId)> = items.iter().filter(|(_, id)| id.weight() == top).collect();
    let verbs: BTreeSet<&str> = top.iter().map(|(verb, _)| *verb).collect();
    let names: Vec<String> = top.iter().map(|(_, id)| slug(id)).collect();
    let verb = match verbs.first() {
        Some(verb) if verbs.len() == 1 => verb,
        _several => "change",
    };
    let long = format!("{verb}_{}", names.join("_"));
    if long.len() <= LONGEST {
        return long;
    }
    let tables: BTreeSet<String> = top
        .iter()
        .filter_map(|(_, id)| id.table())
        .map(|table| ObjectId::Schema(table.name.clone()).short())
        .collect();
    match (tables.len(), tables.first()) {
        (1, Some(table)) => clip(&format!("{verb}_{}", plain(table))),
        (_, _) => format!("{verb}_{}_objects", top.len()),
    }
}

/// What changes, as a verb and an object each: of what is added or dropped as a whole, only the whole.
pub fn items<'a>(changes: &[Change<'_>], renames: &[Step]) -> Vec<(&'a str, ObjectId)> {
    let with_parent: BTreeSet<ObjectId> =
        changes.iter().filter(|c| matches!(c, Change::Create(_) | Change::Drop(_))).map(Change::id).collect();
    let mut items: Vec<(&str, ObjectId)> = Vec::new();
    for step in renames {
        items.extend(step.causes.iter().map(|id| ("rename", id.clone())));
    }
    for change in changes {
        let id = change.id();
        if id.parent().is_some_and(|parent| with_parent.contains(&parent)) {
            continue;
        }
        let verb = match change {
            Change::Create(_) => "add",
            Change::Drop(_) => "drop",
            Change::Alter(..) => "alter",
            Change::Rename(..) => "rename",
        };
        items.push((verb, id));
    }
    items.dedup();
    items
}

fn slug(id: &ObjectId) -> String {
    let name =
        if let ObjectId::Constraint(_, name) | ObjectId::Trigger(_, name) | ObjectId::Policy(_, name) = id {
            name.as_str().to_owned()
        } else {
            id.short()
        };
    plain(&name)
}

fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let plain: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let parts: Vec<&str> = plain.split('_').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "object".to_owned() } else { parts.join("_") }
}

fn clip(name: &str) -> String {
    name.chars().take(LONGEST).collect::<String>().trim_end_matches('_').to_owned()
}
