//! What is left to SQL, in files by kind and in an order in which each finds what it needs. The text is the engine's own
//! plan, so whatever the engine can create is carried, and no kind is named here.

use super::home::{home, made_into};
use super::share::Share;
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::plan::{Plan, plan};
use std::collections::{BTreeMap, BTreeSet};

/// SQL for one file.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// What it is about: `functions`.
    pub(super) name: String,
    pub(super) before_tables: bool,
    pub(super) sql: String,
}

/// All files, in their order.
pub(super) fn stages(live: &Catalog, share: &Share) -> Result<Vec<Stage>, Error> {
    let mut stages = Stages { live, done: Vec::new(), names: BTreeSet::new() };
    // Before the tables there are schemas and enums.
    let mut there = share.said.clone();
    there.retain(|id, _| matches!(id, ObjectId::Schema(_) | ObjectId::Enum(_)));
    let before: BTreeSet<ObjectId> = share.before.clone();
    let there = stages.place(there, before, true)?;
    let mut all = share.said.clone();
    all.extend(there);
    let rest = live.objects.keys().filter(|id| !all.contains_key(*id)).cloned().collect();
    let all = stages.place(all, rest, false)?;
    // Now every object is there; what remains is what the derives did not say about theirs.
    let plan = plan(&catalog(live, all), live)?;
    stages.push("alterations", false, &plan);
    Ok(stages.done)
}

struct Stages<'a> {
    live: &'a Catalog,
    done: Vec<Stage>,
    names: BTreeSet<String>,
}

impl Stages<'_> {
    /// Creates these objects on top of what is there, family by family. Gives what is there then.
    fn place(
        &mut self,
        mut there: BTreeMap<ObjectId, Object>,
        mut open: BTreeSet<ObjectId>,
        before_tables: bool,
    ) -> Result<BTreeMap<ObjectId, Object>, Error> {
        while !open.is_empty() {
            let mut families: BTreeMap<(u8, &'static str), BTreeSet<ObjectId>> = BTreeMap::new();
            for id in &open {
                let head = head(self.live, &open, id);
                families.entry((head.rank(), head.kind())).or_default().insert(id.clone());
            }
            let found = families.into_iter().find_map(|((_, kind), family)| {
                let ready = self.ready(&there, &open, family);
                (!ready.is_empty()).then_some((kind, ready))
            });
            // Families that need each other come together.
            let (kind, ready) = found.unwrap_or_else(|| ("object", open.clone()));
            let mut next = there.clone();
            next.extend(ready.iter().filter_map(|id| Some((id.clone(), early(self.live.get(id)?)))));
            let plan = plan(&catalog(self.live, there), &catalog(self.live, next.clone()))?;
            self.push(&plural(kind), before_tables, &plan);
            open.retain(|id| !ready.contains(id));
            there = next;
        }
        Ok(there)
    }

    /// Those of the family that need nothing but each other and what is there.
    fn ready(
        &self,
        there: &BTreeMap<ObjectId, Object>,
        open: &BTreeSet<ObjectId>,
        mut family: BTreeSet<ObjectId>,
    ) -> BTreeSet<ObjectId> {
        loop {
            let waits = |id: &ObjectId| {
                let of = [home(self.live, id), made_into(self.live, id)];
                self.live
                    .needs(id)
                    .chain(of.iter().flatten())
                    .any(|on| open.contains(on) && !family.contains(on) && !there.contains_key(on))
            };
            let waiting: Vec<ObjectId> = family.iter().filter(|id| waits(id)).cloned().collect();
            if waiting.is_empty() {
                return family;
            }
            family.retain(|id| !waiting.contains(id));
        }
    }

    fn push(&mut self, name: &str, before_tables: bool, plan: &Plan) {
        if plan.is_empty() {
            return;
        }
        let mut unique = name.to_owned();
        let mut number = 1_u32;
        while !self.names.insert(unique.clone()) {
            number += 1;
            unique = format!("{name}_{number}");
        }
        let settings = plan.settings().into_iter().map(|setting| format!("SET {setting};\n"));
        let statements = plan.steps().map(|step| format!("{};\n", step.text()));
        let sql: Vec<String> = settings.chain(statements).collect();
        self.done.push(Stage { name: unique, before_tables, sql: sql.join("\n") });
    }
}

/// A Catalog of some of the objects.
fn catalog(live: &Catalog, objects: BTreeMap<ObjectId, Object>) -> Catalog {
    let mut edges = live.edges.clone();
    edges.retain(|id| objects.contains_key(id));
    Catalog {
        server_version: live.server_version,
        edges,
        objects: objects.into_iter().collect(),
        ..Catalog::default()
    }
}

/// As it is created: to whom a sequence belongs is said at the end, when all columns are there.
fn early(object: &Object) -> Object {
    let mut object = object.clone();
    if let Object::Sequence(sequence) = &mut object {
        sequence.owned_by = None;
    }
    object
}

/// The object that a reader looks for: of a column of a table, of its constraint and of a comment on it, the table.
fn head(live: &Catalog, open: &BTreeSet<ObjectId>, id: &ObjectId) -> ObjectId {
    let mut head = made_into(live, id).filter(|whole| open.contains(whole)).unwrap_or_else(|| id.clone());
    // A condition of a domain has a rank of its own, but is read with it.
    while head.is_part() || matches!(head, ObjectId::DomainConstraint(..)) {
        match home(live, &head) {
            Some(home) if open.contains(&home) => head = home,
            Some(_) | None => break,
        }
    }
    head
}

/// A kind as the name of a file.
fn plural(kind: &str) -> String {
    let word = kind.replace(' ', "_");
    if word.ends_with("statistics") || word.ends_with("privileges") {
        return word;
    }
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with('x') || word.ends_with('s') => format!("{word}es"),
        None => format!("{word}s"),
    }
}
