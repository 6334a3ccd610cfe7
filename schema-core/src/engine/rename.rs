//! Renames: never guessed. `renamed_from` in the code or `--rename` say them; a drop beside a similar create is asked
//! about. They are Steps that run before the diff sees anything.

use super::catalog::Catalog;
use super::diff::Change;
use super::error::{Error, Location};
use super::id::ObjectId;
use super::kind::enumeration::rename_label;
use super::kind::{Context, Object};
use super::name::QName;
use super::step::Step;
use std::collections::{BTreeMap, BTreeSet};

/// That something has a new name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rename {
    /// A table, an enum, a column. A column's old address has its table's new name.
    Object {
        /// The former address.
        old: ObjectId,
        /// The address now.
        new: ObjectId,
        /// Where the code says so; `None` for a flag.
        at: Option<Location>,
    },
    /// A value of an enum.
    Label {
        /// The enum, under its new name.
        on: QName,
        /// The former value.
        old: String,
        /// The value now.
        new: String,
        /// Where the code says so.
        at: Option<Location>,
    },
}

/// The Steps of all renames that are still to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// To be run first.
    pub steps: Vec<Step>,
    /// The way back, to be run last.
    pub undo: Vec<Step>,
}

/// A drop that could be a rename; only a person knows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// What would be dropped.
    pub dropped: ObjectId,
    /// What is new and could be it.
    pub could_be: Vec<ObjectId>,
}

/// Which of the renames apply: the old name is there, the new one is not. One that was done already is passed over.
pub fn resolve(renames: &[Rename], old: &Catalog, new: &Catalog) -> Renames {
    let mut result = Renames::default();
    let mut former_tables: BTreeMap<QName, QName> = BTreeMap::new();
    let mut former_enums: BTreeMap<QName, QName> = BTreeMap::new();
    // Tables and enums first: columns and labels are addressed by their new names.
    let parts = |rename: &&Rename| !matches!(rename, Rename::Object { new, .. } if new.rank() < 5);
    let (inner, outer): (Vec<_>, Vec<_>) = renames.iter().partition(parts);
    for rename in outer.into_iter().chain(inner) {
        match rename {
            Rename::Object { old: from, new: to, at: _ } => {
                let (was, now) = match (from, to) {
                    (ObjectId::Column(table, column), ObjectId::Column(_, renamed)) => {
                        let table = former_tables.get(table).unwrap_or(table);
                        (
                            ObjectId::Column(table.clone(), column.clone()),
                            ObjectId::Column(table.clone(), renamed.clone()),
                        )
                    }
                    (from, to) => (from.clone(), to.clone()),
                };
                let (Some(object), None, Some(renamed)) = (old.get(&was), old.get(&now), new.get(to)) else {
                    continue;
                };
                result.steps.extend(object.rules().rename(to));
                let mut back = renamed.rules().rename(from);
                back.append(&mut result.undo);
                result.undo = back;
                match (&was, to) {
                    (ObjectId::Table(was), ObjectId::Table(to)) => {
                        former_tables.insert(to.clone(), was.clone());
                    }
                    (ObjectId::Enum(was), ObjectId::Enum(to)) => {
                        former_enums.insert(to.clone(), was.clone());
                    }
                    (_, _) => {}
                }
            }
            Rename::Label { on, old: from, new: to, at: _ } => {
                let was = former_enums.get(on).unwrap_or(on);
                let Some(Object::Enum(was)) = old.get(&ObjectId::Enum(was.clone())) else {
                    continue;
                };
                if was.labels.contains(from) && !was.labels.contains(to) {
                    result.steps.push(rename_label(on, from, to));
                    result.undo.insert(0, rename_label(on, to, from));
                }
            }
        }
    }
    result
}

/// Reads `--rename old=new`: `users.name=users.full_name`, `users.name=full_name`, `users=accounts`.
///
/// # Errors
/// When the text is not of that form, or the old name is not there, or the new one is not declared.
pub fn parse_flag(flag: &str, old: &Catalog, new: &Catalog) -> Result<Rename, Error> {
    let form = "write --rename OLD=NEW, for example --rename users.name=users.full_name";
    let Some((from, to)) = flag.split_once('=') else {
        return Err(Error::usage(format!("--rename {flag}: there is no = in it")).next(form));
    };
    let from_id = find(from, old).ok_or_else(|| {
        Error::usage(format!("--rename {flag}: the migrations have no table, column or enum {from}"))
            .next(form)
    })?;
    let full = match from_id.parent() {
        Some(parent) if !to.contains('.') && from_id.rank() == 5 => format!("{}.{to}", parent.short()),
        Some(_) | None => to.to_owned(),
    };
    let to_id = find(&full, new).filter(|id| id.kind() == from_id.kind()).ok_or_else(|| {
        Error::usage(format!("--rename {flag}: the code declares no {} {full}", from_id.kind())).next(form)
    })?;
    // A column is addressed under its table's new name.
    let from_id = match (from_id, &to_id) {
        (ObjectId::Column(_, column), ObjectId::Column(table, _)) => ObjectId::Column(table.clone(), column),
        (from_id, _) => from_id,
    };
    Ok(Rename::Object { old: from_id, new: to_id, at: None })
}

/// The object that a flag names, among those whose names carry data. Accepts `public.users` for `users`.
pub fn find(name: &str, catalog: &Catalog) -> Option<ObjectId> {
    let bare = name.strip_prefix("public.").unwrap_or(name);
    let carries_data = |object: &&Object| !object.rules().nameless();
    let mut objects = catalog.objects.values().filter(carries_data).map(Object::id);
    objects.find(|id| id.short() == bare && id.rank() < 6)
}

/// The drops that could be renames, except those that a person has named as drops.
pub fn questions(changes: &[Change<'_>], cx: &Context<'_>, drops: &BTreeSet<ObjectId>) -> Vec<Question> {
    let ids = |dropped: bool| -> BTreeSet<ObjectId> {
        changes
            .iter()
            .filter(|change| {
                matches!((change, dropped), (Change::Drop(_), true) | (Change::Create(_), false))
            })
            .map(Change::id)
            .collect()
    };
    let (dropped, created) = (ids(true), ids(false));
    let alone =
        |id: &ObjectId, among: &BTreeSet<ObjectId>| id.parent().is_none_or(|parent| !among.contains(&parent));
    let mut questions = Vec::new();
    for change in changes {
        let Change::Drop(old) = change else { continue };
        let id = old.id();
        if drops.contains(&id) || !alone(&id, &dropped) {
            continue;
        }
        let could_be: Vec<ObjectId> = changes
            .iter()
            .filter_map(|other| match other {
                Change::Create(new) if alone(&new.id(), &created) && old.rules().resembles(new, cx) => {
                    Some(new.id())
                }
                Change::Create(_) | Change::Drop(_) | Change::Alter(..) | Change::Rename(..) => None,
            })
            .collect();
        if !could_be.is_empty() {
            questions.push(Question { dropped: id, could_be });
        }
    }
    questions
}

/// The questions as an error, with the exact flags that answer them.
pub fn ask(questions: &[Question], origins: &BTreeMap<ObjectId, Location>) -> Error {
    let mut lines = Vec::new();
    let mut at = Vec::new();
    for Question { dropped, could_be } in questions {
        let news: Vec<String> = could_be.iter().map(ObjectId::short).collect();
        let kind = dropped.kind();
        lines.push(format!(
            "{kind} {} is gone and {} is new: is that a rename?",
            dropped.short(),
            news.join(", ")
        ));
        for new in &news {
            lines.push(format!("  --rename {}={new}    it is: the data stays", dropped.short()));
        }
        lines.push(format!(
            "  --drop {}    it is not: {} is dropped with its data",
            dropped.short(),
            dropped.short()
        ));
        at.extend(could_be.iter().filter_map(|id| origins.get(id).cloned()));
    }
    let mut error = Error::refused(lines.join("\n"));
    error.at = at;
    error.next(
        "run the command again with one of the flags for each question, or write renamed_from in the code",
    )
}
