//! Renames: never guessed. `renamed_from` in the code or `--rename` say them; a drop beside a similar create is asked
//! about. They are Steps that run before the diff sees anything.

pub use super::declared::Rename;

use super::catalog::Catalog;
use super::diff::Change;
use super::error::{Error, Location};
use super::id::ObjectId;
use super::kind::enumeration::rename_label;
use super::kind::{Context, Object};
use super::step::Step;
use std::collections::{BTreeMap, BTreeSet};

impl Rename {
    /// Whether the other one takes up the name that this one gives.
    fn leads_to(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object { new, .. }, Self::Object { old, .. }) => new == old,
            (Self::Label { on, new, .. }, Self::Label { on: of, old, .. }) => on == of && new == old,
            (Self::Object { .. }, Self::Label { .. }) | (Self::Label { .. }, Self::Object { .. }) => false,
        }
    }
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

/// Which of the renames apply: the old name is there, the new one is not, or is itself renamed. One that was done already
/// is passed over.
///
/// # Errors
/// When names are exchanged: done or not, that looks the same.
pub fn resolve(renames: &[Rename], old: &Catalog, new: &Catalog) -> Result<Renames, Error> {
    refuse_exchange(renames)?;
    let mut result = Renames::default();
    let mut former: BTreeMap<ObjectId, ObjectId> = BTreeMap::new();
    let mut gone: BTreeSet<ObjectId> = BTreeSet::new();
    // Tables and enums first: columns and labels are addressed by their new names.
    let is_outer = |rename: &&Rename| matches!(rename, Rename::Object { new, .. } if !matches!(new, ObjectId::Column(..)));
    let (outer, inner): (Vec<&Rename>, Vec<&Rename>) = renames.iter().partition(is_outer);
    for list in [outer, inner] {
        let mut waiting: Vec<Waiting<'_>> =
            list.into_iter().filter_map(|rename| Waiting::new(rename, old, new, &former, &gone)).collect();
        // A name becomes free when its holder is renamed.
        while let Some(at) = waiting
            .iter()
            .position(|one| !one.blocked || gone.contains(&one.place) && !one.holder_waits(&waiting))
        {
            let one = waiting.remove(at);
            one.carry_out(old, new, &mut result);
            if let Rename::Object { new: to, .. } = one.rename {
                former.insert(to.clone(), one.was.clone());
            }
            gone.insert(one.was);
        }
        if let Some(one) = waiting.iter().find(|one| !one.stays) {
            return Err(refuse(one.rename, TAKEN));
        }
    }
    Ok(result)
}

const EXCHANGED: (&str, &str) = (
    "exchange their names: nobody can see whether that is done already",
    "rename one of them to a third name first, in a migration of its own; if it is done, remove renamed_from",
);
const TAKEN: (&str, &str) = (
    "are both there: the first cannot take the name of the second",
    "drop or rename the second first, in a migration of its own; if it is not a rename, remove renamed_from",
);

/// Finds renames that lead back to where they began; done or not, that looks the same.
///
/// # Errors
/// When there are some.
pub fn refuse_exchange(renames: &[Rename]) -> Result<(), Error> {
    let next = |rename: &Rename| renames.iter().find(|other| rename.leads_to(other));
    for start in renames {
        let mut at = next(start);
        for _ in renames {
            match at {
                Some(rename) if rename == start => return Err(refuse(start, EXCHANGED)),
                Some(rename) => at = next(rename),
                None => break,
            }
        }
    }
    Ok(())
}

/// A rename whose old name is there.
struct Waiting<'a> {
    rename: &'a Rename,
    /// Its address in the old Catalog; a label stands as a column of its enum.
    was: ObjectId,
    /// The address in the old Catalog that it takes.
    place: ObjectId,
    /// Whether something is there.
    blocked: bool,
    /// Whether the code declares something under the old name too.
    stays: bool,
}

impl<'a> Waiting<'a> {
    fn new(
        rename: &'a Rename,
        old: &Catalog,
        new: &Catalog,
        former: &BTreeMap<ObjectId, ObjectId>,
        gone: &BTreeSet<ObjectId>,
    ) -> Option<Self> {
        // Where the table or enum was; none if another one has its name now.
        let before = |id: ObjectId| match former.get(&id) {
            Some(was) => Some(was.clone()),
            None if gone.contains(&id) => None,
            None => Some(id),
        };
        match rename {
            Rename::Object { old: ObjectId::Column(table, from), new: to, at: _ } => {
                let ObjectId::Column(_, name) = to else { return None };
                let ObjectId::Table(table) = before(ObjectId::Table(table.clone()))? else { return None };
                let was = ObjectId::Column(table.clone(), from.clone());
                let place = ObjectId::Column(table, name.clone());
                let there = old.get(&was).is_some() && new.get(to).is_some();
                let stays = new.get(&ObjectId::Column(to.table()?.clone(), from.clone())).is_some();
                there.then(|| Self { rename, blocked: old.get(&place).is_some(), stays, was, place })
            }
            Rename::Object { old: was, new: to, at: _ } => {
                let there = old.get(was).is_some() && new.get(to).is_some();
                let (was, place) = (was.clone(), to.clone());
                let (blocked, stays) = (old.get(to).is_some(), new.get(&was).is_some());
                there.then_some(Self { rename, blocked, stays, was, place })
            }
            Rename::Label { on, old: from, new: to, at: _ } => {
                let id = before(ObjectId::Enum(on.clone()))?;
                let Some(Object::Enum(was)) = old.get(&id) else { return None };
                let Some(Object::Enum(now)) = new.get(&ObjectId::Enum(on.clone())) else { return None };
                let label = |label: &str| ObjectId::Column(was.name.clone(), label.into());
                (was.labels.contains(from) && now.labels.contains(to)).then(|| Self {
                    rename,
                    was: label(from),
                    place: label(to),
                    blocked: was.labels.contains(to),
                    stays: now.labels.contains(from),
                })
            }
        }
    }

    /// Whether what has the new name now is to be renamed too.
    fn holder_waits(&self, waiting: &[Self]) -> bool {
        waiting.iter().any(|other| other.was == self.place)
    }

    fn carry_out(&self, old: &Catalog, new: &Catalog, result: &mut Renames) {
        let (steps, mut undo) = match self.rename {
            Rename::Object { old: from, new: to, at: _ } => {
                let (Some(object), Some(renamed)) = (old.get(&self.was), new.get(to)) else { return };
                let (mut steps, mut undo) = (object.rules().rename(to), renamed.rules().rename(from));
                let cx = Context::new(old, new);
                if let Some(schema) = to.parent().filter(|_| !matches!(to, ObjectId::Column(..)))
                    && old.get(&schema).is_none()
                    && !result.steps.iter().any(|step| step.builds.contains(&schema))
                    && let Some(created) = new.get(&schema)
                {
                    steps.splice(0..0, created.rules().create(&cx));
                    undo.extend(created.rules().drop(&cx));
                }
                (steps, undo)
            }
            Rename::Label { on, old: from, new: to, at: _ } => {
                (vec![rename_label(on, from, to)], vec![rename_label(on, to, from)])
            }
        };
        result.steps.extend(steps);
        undo.append(&mut result.undo);
        result.undo = undo;
    }
}

fn refuse(rename: &Rename, (what, next): (&str, &str)) -> Error {
    let (names, at) = match rename {
        Rename::Object { old, new, at } => (format!("{old} and {new}"), at),
        Rename::Label { on, old, new, at } => (format!("{old} and {new} of enum {}", on.short()), at),
    };
    let error = Error::usage(format!("{names} {what}")).next(next);
    match at {
        Some(at) => error.at(at.file.clone(), at.line),
        None => error,
    }
}

/// Reads `--rename old=new`: `users.name=users.full_name`, `users.name=full_name`, `users=accounts`.
///
/// # Errors
/// When the text is not of that form, or the old name is not there, or the new one is not declared.
pub fn parse_flag(flag: &str, known: &[Rename], old: &Catalog, new: &Catalog) -> Result<Rename, Error> {
    let form = "write --rename OLD=NEW, for example --rename users.name=users.full_name";
    let Some((from, to)) = flag.split_once('=') else {
        return Err(Error::usage(format!("--rename {flag}: there is no = in it")).next(form));
    };
    let from_id = find(from, old).or_else(|| find_renamed(from, known, old, new)).ok_or_else(|| {
        Error::usage(format!("--rename {flag}: there is no table, column or enum {from} to rename"))
            .next(form)
    })?;
    let full = match from_id.parent() {
        Some(parent) if !to.contains('.') && matches!(from_id, ObjectId::Column(..)) => {
            format!("{}.{to}", parent.short())
        }
        Some(_) | None => to.to_owned(),
    };
    let to_id = find(&full, new).filter(|id| id.kind() == from_id.kind()).ok_or_else(|| {
        Error::usage(format!("--rename {flag}: no {} is called {full} afterwards", from_id.kind())).next(form)
    })?;
    // A column is addressed under its table's new name.
    let from_id = match (from_id, &to_id) {
        (ObjectId::Column(_, column), ObjectId::Column(table, _)) => ObjectId::Column(table.clone(), column),
        (from_id, _) => from_id,
    };
    Ok(Rename::Object { old: from_id, new: to_id, at: None })
}

/// A column that is named by the new name of its table.
fn find_renamed(name: &str, known: &[Rename], old: &Catalog, new: &Catalog) -> Option<ObjectId> {
    let (table, column) = name.rsplit_once('.')?;
    let table = find(table, new)?;
    known.iter().find_map(|rename| match rename {
        Rename::Object { old: ObjectId::Table(was), new: now, at: _ } if *now == table => {
            let id = ObjectId::Column(was.clone(), column.into());
            old.get(&id)
                .is_some()
                .then(|| ObjectId::Column(table.as_table().unwrap_or(was).clone(), column.into()))
        }
        Rename::Object { .. } | Rename::Label { .. } => None,
    })
}

/// All flags; one may name a column by the table's name that another one gives.
///
/// # Errors
/// As [`parse_flag`].
pub fn parse_flags(
    flags: &[String],
    declared: &[Rename],
    old: &Catalog,
    new: &Catalog,
) -> Result<Vec<Rename>, Error> {
    let mut renames = declared.to_vec();
    let (plain, others): (Vec<&String>, Vec<&String>) =
        flags.iter().partition(|flag| parse_flag(flag, &[], old, new).is_ok());
    for flag in plain.into_iter().chain(others) {
        renames.push(parse_flag(flag, &renames, old, new)?);
    }
    Ok(renames)
}

/// The object that a flag names, among those whose names carry data. Accepts `public.users` for `users`.
pub fn find(name: &str, catalog: &Catalog) -> Option<ObjectId> {
    let bare = name.strip_prefix("public.").unwrap_or(name);
    let carries_data = |object: &&Object| !object.rules().nameless();
    let mut objects = catalog.objects.values().filter(carries_data).map(Object::id);
    objects.find(|id| id.short() == bare && id.carries_data())
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
    let (mut lines, mut at, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for Question { dropped, could_be } in questions {
        let news: Vec<String> = could_be.iter().map(ObjectId::short).collect();
        let kind = dropped.kind();
        lines.push(format!(
            "{kind} {} is gone and {} is new: is that a rename?",
            dropped.short(),
            news.join(", ")
        ));
        let mut flags: Vec<String> =
            news.iter().map(|new| format!("--rename {}={new}", dropped.short())).collect();
        lines.extend(flags.iter().map(|flag| format!("  {flag}    it is: the data stays")));
        let drop = format!("--drop {}", dropped.short());
        lines.push(format!("  {drop}    it is not: {} is dropped with its data", dropped.short()));
        flags.push(drop);
        answers.push(flags);
        at.extend(could_be.iter().filter_map(|id| origins.get(id).cloned()));
    }
    let mut error = Error::refused(lines.join("\n"));
    error.at = at;
    error.answers = answers;
    error.next(
        "run the command again with one of the flags for each question, or write renamed_from in the code",
    )
}
