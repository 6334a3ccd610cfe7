//! `schema push` without its terminal: makes a live database what the code declares, in its own transactions, and reads
//! back. Never changes a row, and loses none without permission.

use super::connect::Target;
use super::failure;
use super::introspect::{ReadOptions, read_in, read_with};
use super::lock::RunLock;
use super::prove::difference;
use super::rows::{self, Obstacle};
use super::run::{Event, RunOptions};
use super::session::Session;
use super::source::{ledger_tables, remove_bookkeeping};
use super::workbench::Workbench;
use crate::engine::catalog::{Catalog, ancestors};
use crate::engine::declared::{Rename, declare};
use crate::engine::diff::{Change, diff};
use crate::engine::draft::{Answers, Side, one_sided};
use crate::engine::error::{Error, Location};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::kind::Context;
use crate::engine::managed::Managed;
use crate::engine::name::QName;
use crate::engine::plan::{Plan, plan};
use crate::engine::record::Records;
use crate::engine::rename::{self, Question, Renames, parse_flags, resolve};
use crate::engine::scope::{Scope, keep, undeclared};
use crate::engine::step::Step;
use crate::engine::title::items;
use postgres::error::SqlState;
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What happens to objects that the code does not declare, in PostgreSQL schemas in which it declares others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Undeclared {
    /// Somebody is asked; where nobody is there, they are kept.
    #[default]
    Ask,
    /// They are kept.
    Keep,
    /// They are dropped; with rows, that needs permission.
    Drop,
}

/// What is pushed, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What the code says.
    pub records: &'a Records,
    /// The database.
    pub target: &'a Target,
    /// The ledger's place, and how long to wait for locks.
    pub options: &'a RunOptions,
    /// What happens to what is not declared.
    pub undeclared: Undeclared,
    /// Whether nothing is to be changed.
    pub dry_run: bool,
}

/// What a push does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Push {
    /// What changes: a verb and an object each.
    pub changes: Vec<(&'static str, ObjectId)>,
    /// The statements, renames first.
    pub plan: Plan,
    /// Where the code declares each object.
    pub origins: Arc<BTreeMap<ObjectId, Location>>,
    /// What the code does not declare and stays.
    pub kept: Vec<ObjectId>,
    /// What only one side has and cannot be compared; a line each.
    pub unmodeled: Vec<String>,
    /// Whether migrations have run on this database.
    pub migrated: bool,
    /// The majors of the database and of scratch, where they differ: then texts can differ that mean the same.
    pub majors: Option<(u32, u32)>,
}

/// Who answers what only a person can know.
pub trait Person {
    /// Which of `could_be` the dropped object is now: `Some(None)` if none. `None` if nobody is there to ask.
    ///
    /// # Errors
    /// When the person gives up.
    fn rename(&mut self, question: &Question) -> Result<Option<Option<ObjectId>>, Error>;

    /// Whether an object that is not declared is to be dropped. `None` if nobody is there to ask.
    ///
    /// # Errors
    /// When the person gives up.
    fn drop_undeclared(&mut self, id: &ObjectId) -> Result<Option<bool>, Error>;

    /// Shows what is to be done.
    fn show(&mut self, push: &Push);

    /// Whether these rows may go; no where nobody is there to ask.
    ///
    /// # Errors
    /// When the person gives up.
    fn may_lose(&mut self, losses: &[Obstacle]) -> Result<bool, Error>;

    /// Whether to go on; yes where nobody is there to ask.
    ///
    /// # Errors
    /// When the person gives up.
    fn go_on(&mut self, push: &Push) -> Result<bool, Error>;

    /// Another push or migration is waited for.
    fn waiting(&mut self, event: &Event<'_>);
}

/// Makes the database what the code declares. What is returned was applied, unless this is a dry run.
///
/// # Errors
/// When a question is open and nobody answers, when rows are in the way or would be lost, or when it does not work:
/// then nothing has been changed, or the message says what has.
pub fn push(
    bench: &mut Workbench,
    request: &Request<'_>,
    answers: Answers,
    person: &mut dyn Person,
) -> Result<Push, Error> {
    let managed = bench.managed().clone();
    // The code's side needs no session, and the database's has to be waited for: both at once.
    std::thread::scope(|threads| {
        let wanted = threads.spawn(|| wanted(bench, request.records));
        let mut client = request.target.connect_directly()?;
        let session = Session::begin(&mut client)?;
        let lock = RunLock::acquire(&mut client, request.options, &mut |event| person.waiting(event));
        let result = lock.and_then(|lock| {
            let read = read(&mut client, request, &managed);
            let wanted = wanted.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let result = wanted.and_then(|wanted| {
                let (live, migrated) = read?;
                let Wanted { catalog, renames, scope } = wanted;
                Run { client: &mut client, request, renames, scope, managed, person }
                    .push(live, migrated, catalog, answers)
            });
            lock.release(&mut client);
            result
        });
        session.end(&mut client);
        result
    })
}

/// What the code wants of a database.
struct Wanted {
    catalog: Catalog,
    /// Former names, as far as the code gives them.
    renames: Vec<Rename>,
    scope: Scope,
}

fn wanted(bench: &mut Workbench, records: &Records) -> Result<Wanted, Error> {
    let declared = declare(records)?;
    let mut catalog = bench.declared(&declared, None)?;
    let scope = Scope::of(&catalog, &bench.loaded(&[])?);
    scope.cut(&mut catalog);
    Ok(Wanted { catalog, renames: declared.renames, scope })
}

/// The whole live database without the ledger, and whether there is one.
fn read(client: &mut Client, request: &Request<'_>, managed: &Managed) -> Result<(Catalog, bool), Error> {
    let mut live = read_with(client, &|| request.target.connect(), &ReadOptions::from(managed))?;
    let tables = ledger_tables(&request.options.ledger_schema);
    let is_there = |table: &QName| live.get(&ObjectId::Table(table.clone())).is_some();
    let migrated = tables.iter().any(is_there);
    remove_bookkeeping(&mut live, &request.options.ledger_schema);
    Ok((live, migrated))
}

/// The major version of a database.
///
/// # Errors
/// When it cannot be reached.
pub fn major(client: &mut Client) -> Result<u32, Error> {
    let query = "SELECT pg_catalog.current_setting('server_version_num')::int / 10000";
    let rows = client.query_typed(query, &[]);
    let rows = rows.map_err(|error| failure::doing("asking for the version", &error))?;
    Ok(rows.first().map_or(0, |row| row.get::<_, i32>(0)).unsigned_abs())
}

/// One push, under the lock of the migration runner.
struct Run<'a> {
    client: &'a mut Client,
    request: &'a Request<'a>,
    renames: Vec<Rename>,
    scope: Scope,
    managed: Managed,
    person: &'a mut dyn Person,
}

/// What leads from the one Catalog to the other.
struct Way {
    renames: Renames,
    /// The live database after the renames, without what is foreign.
    old: Catalog,
    /// What the code declares, with what is kept.
    new: Catalog,
    /// What the code does not declare and stays.
    kept: Vec<ObjectId>,
    /// What may be dropped with its rows.
    drops: BTreeSet<ObjectId>,
    /// All data may be lost.
    any_loss: bool,
}

impl Way {
    /// In what a Catalog is not what was wanted, a line each. What is kept may have another form, such as a view whose
    /// column has another type now; but it must be there.
    fn remains(&self, reached: &Catalog, new: &Catalog) -> Vec<String> {
        let gone = self.kept.iter().filter(|id| reached.get(id).is_none());
        let mut lines: Vec<String> = gone.map(|id| format!("+ {id}")).collect();
        let kept = |id: &ObjectId| {
            self.kept.iter().any(|kept| kept == id || ancestors(id).any(|above| above == *kept))
        };
        let differ = diff(reached, new).into_iter().any(|change| !kept(&change.id()));
        if differ {
            lines.extend(difference(reached, new));
        }
        lines
    }
}

impl Run<'_> {
    fn push(
        &mut self,
        mut live: Catalog,
        migrated: bool,
        new: Catalog,
        answers: Answers,
    ) -> Result<Push, Error> {
        let majors = (live.server_version / 10_000, new.server_version / 10_000);
        let unmodeled = self.unmodeled(&live, &new);
        self.scope.cut(&mut live);
        let way = self.way(live, new, answers)?;
        let plan = plan(&way.old, &way.new)?.after(way.renames.steps.clone());
        let changes = diff(&way.old, &way.new);
        let push = Push {
            changes: items(&changes, &way.renames.steps),
            plan,
            origins: way.new.origins.clone(),
            kept: way.kept.clone(),
            unmodeled,
            migrated,
            majors: Some(majors).filter(|(live, scratch)| live != scratch),
        };
        self.person.show(&push);
        if push.plan.is_empty() {
            return Ok(push);
        }
        let losses = self.losses(&push.plan, &way)?;
        if !losses.is_empty() && !self.person.may_lose(&losses)? {
            return Err(refuse_losses(&losses, &way.new));
        }
        if self.request.dry_run {
            return Ok(push);
        }
        if !self.person.go_on(&push)? {
            return Err(Error::refused("there was no yes, so nothing was changed").next("give --yes"));
        }
        for (number, steps) in push.plan.sections.iter().enumerate() {
            let last = number + 1 == push.plan.sections.len();
            self.apply(steps, &way, last).map_err(|failed| self.explain(failed, &changes, &way, number))?;
        }
        Ok(push)
    }

    /// What only one side has in the managed PostgreSQL schemas and cannot be compared.
    fn unmodeled(&self, live: &Catalog, new: &Catalog) -> Vec<String> {
        // How a name is written differs from kind to kind, but not that its PostgreSQL schema is in it.
        let managed = |what: &str| self.scope.schemas().any(|schema| what.contains(&format!("{schema}.")));
        let line = |(what, side): (String, Side)| match side {
            Side::New => Some(format!("{what}: declared, and not in the database")),
            Side::Old => managed(&what).then(|| format!("{what}: in the database, and not declared")),
        };
        one_sided(live, new).into_iter().filter_map(line).collect()
    }

    /// Asks what has to be asked, until it is clear what leads from the one to the other.
    fn way(&mut self, live: Catalog, new: Catalog, mut answers: Answers) -> Result<Way, Error> {
        let any_loss = answers.allow.contains(&HazardKind::DataLoss);
        // An answer can lead to the next question: the columns of a renamed table.
        loop {
            let renames = parse_flags(&answers.renames, &self.renames, &live, &new)?;
            let renames = resolve(&renames, &live, &new)?;
            let renamed = match renames.steps.as_slice() {
                [] => None,
                steps => Some(self.tried(steps)?),
            };
            let old = renamed.unwrap_or_else(|| live.clone());
            let (old, wanted) = self.managed.pair(old, new.clone());
            let changes = diff(&old, &wanted);
            let drops = named(&answers.drops, &changes)?;
            let alone = undeclared(&changes);
            let mut questions = rename::questions(&changes, &Context::new(&old, &wanted), &drops);
            if self.request.undeclared == Undeclared::Keep {
                questions.retain(|question| !alone.contains(&question.dropped));
            }
            if !questions.is_empty() {
                for question in &questions {
                    let dropped = question.dropped.short();
                    match self.person.rename(question)? {
                        None => return Err(rename::ask(&questions, &new.origins)),
                        Some(None) => answers.drops.push(dropped),
                        Some(Some(now)) => answers.renames.push(format!("{dropped}={}", now.short())),
                    }
                }
                continue;
            }
            // A yes to a drop is none to the loss of rows.
            let (mut kept, mut gone) = (Vec::new(), drops.clone());
            for id in alone {
                if drops.contains(&id) || self.request.undeclared == Undeclared::Drop {
                    continue;
                }
                let asked = match self.request.undeclared {
                    Undeclared::Ask => self.person.drop_undeclared(&id)?,
                    Undeclared::Keep | Undeclared::Drop => None,
                };
                match asked {
                    Some(true) => drop(gone.insert(id)),
                    Some(false) | None => kept.push(id),
                }
            }
            let new = if kept.is_empty() { wanted } else { keep(&old, &wanted, &kept, &gone) };
            return Ok(Way { renames, old, new, kept, drops, any_loss });
        }
    }

    /// The live database as it is after the renames, without what is foreign.
    fn tried(&mut self, steps: &[Step]) -> Result<Catalog, Error> {
        let options = ReadOptions::from(&self.managed);
        let mut catalog = self.after(steps, |transaction| read_in(transaction, &options))??;
        remove_bookkeeping(&mut catalog, &self.request.options.ledger_schema);
        self.scope.cut(&mut catalog);
        Ok(catalog)
    }

    /// Asks something in a transaction in which these renames have run. It is rolled back.
    fn after<T>(
        &mut self,
        renames: &[Step],
        ask: impl FnOnce(&mut Transaction<'_>) -> T,
    ) -> Result<T, Error> {
        let mut transaction = self.begin()?;
        for step in renames {
            let sql = step.text();
            transaction.batch_execute(&sql).map_err(|error| {
                Error::failed(format!("cannot rename: {}\n  {sql}", failure::explain(&error)))
            })?;
        }
        let answer = ask(&mut transaction);
        transaction.rollback().map_err(|error| failure::doing("rolling back", &error))?;
        Ok(answer)
    }

    fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        let begun = |error: postgres::Error| failure::doing("beginning the transaction", &error);
        let mut transaction = self.client.transaction().map_err(begun)?;
        let timeout = self.request.options.lock_timeout.as_millis();
        transaction.batch_execute(&format!("SET LOCAL lock_timeout = {timeout}")).map_err(begun)?;
        Ok(transaction)
    }

    /// The rows that the plan loses and that nobody gave up.
    fn losses(&mut self, plan: &Plan, way: &Way) -> Result<Vec<Obstacle>, Error> {
        let lost = |kind| kind == HazardKind::DataLoss && !way.any_loss;
        let mut hazards: Vec<(&ObjectId, &str)> = plan
            .hazards()
            .filter(|(_, hazard)| lost(hazard.kind) && !way.drops.contains(&hazard.of))
            .map(|(_, hazard)| (&hazard.of, &*hazard.why))
            .collect();
        hazards.dedup();
        if hazards.is_empty() {
            return Ok(Vec::new());
        }
        let mut losses = self.after(&way.renames.steps, |transaction| {
            let lost = |why| rows::lost(transaction, why, &way.old, &way.new, &QName::clone);
            hazards.into_iter().map(lost).collect::<Vec<_>>()
        })?;
        losses.retain(|loss| loss.count != Some(0));
        Ok(losses)
    }

    /// Runs a section; the last one only if what is read back is what was wanted.
    fn apply(&mut self, steps: &[Step], way: &Way, last: bool) -> Result<(), Failed> {
        let ledger_schema = self.request.options.ledger_schema.clone();
        let (scope, managed) = (self.scope.clone(), self.managed.clone());
        let mut transaction = self.begin().map_err(Failed::Other)?;
        for setting in steps.iter().flat_map(|step| &step.settings).collect::<BTreeSet<_>>() {
            let sql = format!("SET LOCAL {setting}");
            transaction.batch_execute(&sql).map_err(|error| Failed::statement(&sql, &error))?;
        }
        for step in steps {
            let sql = step.text();
            transaction.batch_execute(&sql).map_err(|error| Failed::statement(&sql, &error))?;
        }
        if last {
            let read = read_in(&mut transaction, &ReadOptions::from(&managed));
            let mut reached = read.map_err(Failed::Other)?;
            remove_bookkeeping(&mut reached, &ledger_schema);
            scope.cut(&mut reached);
            let (reached, new) = managed.pair(reached, way.new.clone());
            let remains = way.remains(&reached, &new);
            if !remains.is_empty() {
                return Err(Failed::Other(
                    Error::failed(format!(
                        "the push was rolled back, because it ends in another schema than the code declares (- is what \
                         was read back, + is what was wanted):\n{}",
                        remains.join("\n")
                    ))
                    .next("this is a bug in schema: please report it with the text above"),
                ));
            }
        }
        transaction.commit().map_err(|error| Failed::statement("COMMIT", &error))
    }

    /// What stood in the way, if it was rows.
    fn explain(&mut self, failed: Failed, changes: &[Change<'_>], way: &Way, done: usize) -> Error {
        let (error, rows) = match failed {
            Failed::Other(error) => (error, false),
            Failed::Rows(error) => (error, true),
        };
        let applied = match done {
            0 => "nothing was changed".to_owned(),
            count => format!("the first {count} transactions are applied, the next was rolled back"),
        };
        if !rows {
            return Error { what: format!("{}\n{applied}", error.what), ..error };
        }
        let renames = if done == 0 { way.renames.steps.as_slice() } else { &[] };
        let found = self.after(renames, |transaction| {
            let ask = |change| rows::in_the_way(transaction, change, &way.old, &way.new);
            changes.iter().flat_map(ask).collect::<Vec<_>>()
        });
        let mut lines = vec![format!("rows stand in the way, and {applied}:")];
        let found = found.unwrap_or_default();
        lines.extend(found.iter().flat_map(told));
        let mut refused = Error::refused("");
        refused.at.extend(found.iter().filter_map(|obstacle| way.new.origins.get(&obstacle.of)).cloned());
        if found.is_empty() {
            lines.push(error.what);
        }
        refused.what = lines.join("\n");
        refused.next("put these rows right, then push again: a push changes no rows")
    }
}

/// Why a section did not run.
enum Failed {
    /// Rows stood in the way.
    Rows(Error),
    /// Anything else.
    Other(Error),
}

impl Failed {
    fn statement(sql: &str, error: &postgres::Error) -> Self {
        let failed = failure::doing(&failure::excerpt(sql), error);
        // 22 and 23: data exceptions and violated constraints. The check for held values of an enum raises its own.
        let about_rows = |code: &SqlState| {
            code.code().starts_with("22")
                || code.code().starts_with("23")
                || *code == SqlState::RAISE_EXCEPTION
        };
        if error.code().is_some_and(about_rows) {
            return Self::Rows(failed);
        }
        if error.code() == Some(&SqlState::DEPENDENT_OBJECTS_STILL_EXIST) {
            let next = "drop or change what depends on it; --drop NAME drops what the code does not declare";
            return Self::Other(failed.next(next));
        }
        Self::Other(failed)
    }
}

/// What `--drop` names, of any kind.
fn named(names: &[String], changes: &[Change<'_>]) -> Result<BTreeSet<ObjectId>, Error> {
    let dropped = changes.iter().filter(|change| matches!(change, Change::Drop(_))).map(Change::id);
    let dropped: Vec<ObjectId> = dropped.collect();
    let mut found = BTreeSet::new();
    for name in names {
        let bare = name.strip_prefix("public.").unwrap_or(name);
        let meant: Vec<&ObjectId> = dropped.iter().filter(|id| id.short() == bare).collect();
        if meant.is_empty() {
            return Err(Error::usage(format!("--drop {name}: nothing of this name is dropped"))
                .next("write it as it is named without the flag: --drop users.name"));
        }
        found.extend(meant.into_iter().cloned());
    }
    Ok(found)
}

/// An obstacle in lines: what is wrong, and some rows.
pub fn told(obstacle: &Obstacle) -> Vec<String> {
    let mut lines = vec![format!("  {}", obstacle.what)];
    lines.extend(obstacle.rows.iter().map(|row| format!("    {row}")));
    let shown = i64::try_from(obstacle.rows.len()).unwrap_or(i64::MAX);
    if let Some(count) = obstacle.count
        && shown > 0
        && count > shown
    {
        lines.push(format!("    and {} more", count - shown));
    }
    lines
}

fn refuse_losses(losses: &[Obstacle], new: &Catalog) -> Error {
    const ALL: &str = "--allow data-loss";
    let mut lines = vec!["this push loses data, so nothing was changed:".to_owned()];
    lines.extend(losses.iter().flat_map(told));
    let mut error = Error::refused(lines.join("\n"));
    let mut flags = Vec::new();
    for Obstacle { of, .. } in losses {
        error.at.extend(new.origins.get(of).cloned());
        // Only what is dropped can be named by --drop.
        let drop = new.get(of).is_none().then(|| format!("--drop {}", of.short()));
        flags.extend(drop.clone());
        error.answers.push(drop.into_iter().chain([ALL.to_owned()]).collect());
    }
    let next =
        if flags.len() == losses.len() { format!("{} (or {ALL})", flags.join(" ")) } else { ALL.to_owned() };
    error.next(format!("if that is meant, run the command again with {next}"))
}
