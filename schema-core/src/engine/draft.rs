//! A migration before it is written: what two Catalogs differ in, the plans there and back, and what they may not do
//! without permission. Pure; the proof is in `postgres::prove`.

use super::catalog::Catalog;
use super::diff::{Change, diff};
use super::error::{Error, Location};
use super::hazard::{Hazard, HazardKind};
use super::id::ObjectId;
use super::kind::Context;
use super::plan::{Plan, plan_changes, plan_online};
use super::rename::{self, Question, Renames};
use super::render::{self, Header};
use super::title::{items, title};
use std::collections::{BTreeMap, BTreeSet};

/// The two sides of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What the migrations add up to.
    pub recorded: Catalog,
    /// The same after the renames.
    pub old: Catalog,
    /// What the code says, with its origins.
    pub new: Catalog,
    /// The renames that are still to be done.
    pub renames: Renames,
    /// Whether the new side is all that the code says and nothing else: nothing that is not managed was taken over.
    pub as_declared: bool,
}

/// What the user has said beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// `--rename old=new`.
    pub renames: Vec<String>,
    /// `--drop name`: a drop is meant, and the data may go.
    pub drops: Vec<String>,
    /// `--allow hazard`.
    pub allow: BTreeSet<HazardKind>,
    /// `--plain`: every statement in its simple form, whatever it locks.
    pub plain: bool,
}

/// The plans of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The name that the Changes suggest.
    pub title: String,
    /// What changes: a verb and an object each.
    pub changes: Vec<(&'static str, ObjectId)>,
    /// There.
    pub up: Plan,
    /// And back.
    pub down: Plan,
}

/// The texts of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The migration's id, the name of its folder.
    pub id: String,
    /// `up.sql`.
    pub up: String,
    /// `down.sql`.
    pub down: String,
}

impl Answers {
    /// The plan from one Catalog to the other in the form that was asked for.
    ///
    /// # Errors
    /// When no order can be found.
    pub(crate) fn plan(&self, old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
        let changes = diff(old, new);
        if self.plain { plan_changes(&changes, old, new) } else { plan_online(&changes, old, new) }
    }
}

impl Comparison {
    /// The Changes that are left after the renames.
    pub fn changes(&self) -> Vec<Change<'_>> {
        diff(&self.old, &self.new)
    }

    /// Whether the migrations add up to what the code says.
    pub fn is_equal(&self) -> bool {
        self.renames.steps.is_empty() && self.changes().is_empty()
    }

    /// The drops that could be renames and that nobody has decided yet.
    ///
    /// # Errors
    /// When a `--drop` names nothing that is dropped.
    pub fn questions(&self, answers: &Answers) -> Result<Vec<Question>, Error> {
        let cx = Context::new(&self.old, &self.new);
        Ok(rename::questions(&self.changes(), &cx, &self.drops(answers)?))
    }

    /// What `--drop` names.
    fn drops(&self, answers: &Answers) -> Result<BTreeSet<ObjectId>, Error> {
        let find = |name: &String| {
            let id = rename::find(name, &self.old);
            id.filter(|id| self.new.get(id).is_none()).ok_or_else(|| {
                Error::usage(format!("--drop {name}: nothing of this name is dropped"))
                    .next("write it as the question does: --drop users.name")
            })
        };
        answers.drops.iter().map(find).collect()
    }

    /// Plans both ways.
    ///
    /// # Errors
    /// When a question is open, or when no order can be found.
    pub fn draft(&self, answers: &Answers, first: bool) -> Result<Draft, Error> {
        let questions = self.questions(answers)?;
        if !questions.is_empty() {
            return Err(rename::ask(&questions, &self.new.origins));
        }
        let changes = self.changes();
        let up = answers.plan(&self.old, &self.new)?.after(self.renames.steps.clone());
        let down = answers.plan(&self.new, &self.old)?.before(self.renames.undo.clone());
        let steps = &self.renames.steps;
        Ok(Draft { title: title(&changes, steps, first), changes: items(&changes, steps), up, down })
    }

    /// The data that the plan loses and that nobody gave up: for all of it, or for one thing by name.
    ///
    /// # Errors
    /// When a `--drop` names nothing that is dropped.
    pub fn losses<'a>(&self, up: &'a Plan, answers: &Answers) -> Result<Vec<&'a Hazard>, Error> {
        let drops = self.drops(answers)?;
        let all = answers.allow.contains(&HazardKind::DataLoss);
        let lost =
            |hazard: &&Hazard| hazard.kind == HazardKind::DataLoss && !all && !drops.contains(&hazard.of);
        Ok(up.hazards().map(|(_, hazard)| hazard).filter(lost).collect())
    }

    /// What the code brings that the reader cannot model and the migrations don't have, and the other way round; a
    /// line each.
    pub fn unmodeled(&self) -> Vec<String> {
        let line = |(what, side)| match side {
            Side::New => format!("{what}: declared, but not in the migrations"),
            Side::Old => format!("{what}: in the migrations, but not declared"),
        };
        one_sided(&self.recorded, &self.new).into_iter().map(line).collect()
    }
}

/// Which of two Catalogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one to begin with.
    Old,
    /// The one to end with.
    New,
}

/// What the reader cannot model and only one of the Catalogs has: kind and name, and which has it.
pub fn one_sided(old: &Catalog, new: &Catalog) -> Vec<(String, Side)> {
    let mut found = Vec::new();
    let none = BTreeSet::new();
    let kinds: BTreeSet<&String> = new.unmodeled.keys().chain(old.unmodeled.keys()).collect();
    for kind in kinds {
        let (olds, news) =
            (old.unmodeled.get(kind).unwrap_or(&none), new.unmodeled.get(kind).unwrap_or(&none));
        found.extend(news.difference(olds).map(|name| (format!("{kind} {name}"), Side::New)));
        found.extend(olds.difference(news).map(|name| (format!("{kind} {name}"), Side::Old)));
    }
    found
}

/// What would be lost, as an error with the flags that permit it.
pub fn refuse(losses: &[&Hazard], comparison: &Comparison) -> Error {
    const ALL: &str = "--allow data-loss";
    let mut lines = Vec::new();
    let mut error = Error::refused("");
    for Hazard { of, why, .. } in losses {
        lines.push(format!("  {of}: {why}"));
        error.at.extend(comparison.new.origins.get(of).cloned());
        // Only what is dropped can be named by --drop.
        let drop = comparison.new.get(of).is_none().then(|| format!("--drop {}", of.short()));
        error.answers.push(drop.into_iter().chain([ALL.to_owned()]).collect());
    }
    error.what = format!("this migration loses data:\n{}", lines.join("\n"));
    let named: BTreeSet<&str> =
        error.answers.iter().flatten().map(String::as_str).filter(|flag| *flag != ALL).collect();
    let next = if named.len() == losses.len() {
        let named: Vec<&str> = named.into_iter().collect();
        format!("if that is meant, run the command again with {} (or {ALL})", named.join(" "))
    } else {
        format!("if that is meant, run the command again with {ALL}")
    };
    error.next(next)
}

impl Draft {
    /// The texts, as they will be proven and written.
    pub fn texts(&self, header: &Header<'_>, origins: &BTreeMap<ObjectId, Location>) -> Texts {
        Texts {
            id: header.id.to_owned(),
            up: render::up(&self.up, origins, header),
            down: render::down(&self.down, &self.up, header),
        }
    }
}
