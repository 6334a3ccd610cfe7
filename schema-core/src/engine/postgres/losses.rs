//! What a rollback loses: the ways back run on scratch, and PostgreSQL's own numbers say which tables and columns are gone
//! after them, whatever the SQL looks like. The rows are counted in the live database, or of a tenant.

use super::back::Chosen;
use super::failure;
use super::prove::difference;
use super::rows::{self, Obstacle};
use super::section::apply_script;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::hazard::HazardKind;
use crate::engine::history::History;
use crate::engine::id::ObjectId;
use crate::engine::lex;
use crate::engine::name::{Ident, QName};
use crate::engine::park::is_parking;
use crate::engine::plan::plan;
use crate::engine::render;
use crate::engine::script::{Script, sha};
use postgres::Client;
use std::collections::BTreeMap;

/// What a rollback is made of, after it was tried.
#[derive(Debug, Default)]
pub struct Tried {
    /// The ways back from migrations of which only some sections have run, by id.
    pub half: BTreeMap<String, Script>,
    /// In what the ways back end that is not where the migrations began, by id; a line each.
    pub unproven: Vec<(String, Vec<String>)>,
    /// What had run, as far as it had.
    pub began: History,
    /// What is left of it.
    pub left: History,
    /// What they take away, whether or not there are rows.
    found: Vec<Found>,
    /// What was there, and what is left.
    ends: (Catalog, Catalog),
}

/// Tries the ways back on scratch. `applied`: all that has run.
///
/// # Errors
/// When there is no scratch, or when a script fails on it.
pub fn try_back(bench: &mut Workbench, applied: &History, chosen: &[Chosen<'_>]) -> Result<Tried, Error> {
    let mut tried = Tried::default();
    if chosen.is_empty() {
        return Ok(tried);
    }
    let mut history = as_run(applied, chosen);
    tried.began = history.clone();
    let mut database = bench.database_at(&history)?;
    let on_demand = database.is_private();
    let first = bench.read(&mut database)?;
    let mut catalog = first.clone();
    let mut begin: Option<Physical> = None;
    for one in chosen {
        let id = &one.migration.id;
        history.0.retain(|migration| migration.id != *id);
        let before = bench.recorded(&history)?;
        if one.is_half() {
            let text = render::sections(&plan(&catalog, &before)?);
            let script = Script::read(&format!("the way back from the first sections of {id}"), &text)?;
            tried.half.insert(id.clone(), script);
        }
        let (done, rest) = split(one.way(&tried.half)?, one.done_back());
        let unproven = |error: Error| Error {
            what: format!("nothing was rolled back, because the way back fails on scratch: {}", error.what),
            ..error
        };
        apply_script(database.client(), &done, on_demand).map_err(unproven)?;
        let physical = Physical::read(database.client())?;
        apply_script(database.client(), &rest, on_demand).map_err(unproven)?;
        let after = bench.read(&mut database)?;
        let begin = begin.get_or_insert_with(|| physical.clone());
        tried.found.extend(physical.gone(&Physical::read(database.client())?, begin));
        tried.found.extend(changed(&catalog, &after)?);
        tried.found.extend(deletes(&rest));
        let lines = difference(&after, &before);
        if !lines.is_empty() {
            tried.unproven.push((id.clone(), lines));
        }
        catalog = after;
    }
    tried.ends = (first, catalog);
    tried.left = history;
    Ok(tried)
}

/// Refuses a way back that does not lead to where it should.
///
/// # Errors
/// When there is one.
pub fn refuse_unproven(tried: &Tried) -> Result<(), Error> {
    let Some((id, lines)) = tried.unproven.first() else { return Ok(()) };
    Err(Error::refused(format!(
        "nothing was rolled back: the down.sql of {id} does not lead back to where its up.sql began (- is what it leads \
         to, + is what was there):\n{}",
        lines.join("\n")
    ))
    .next("put the down.sql right; `--allow unproven` goes on as it is"))
}

/// Refuses a rollback that loses data; the lines say what.
///
/// # Errors
/// When it does.
pub fn refuse_losses(losses: &[String]) -> Result<(), Error> {
    if losses.is_empty() {
        return Ok(());
    }
    let mut lines = vec!["this rollback loses data, so nothing was rolled back:".to_owned()];
    lines.extend_from_slice(losses);
    let mut error = Error::refused(lines.join("\n"));
    error.answers.push(vec!["--allow data-loss".to_owned()]);
    Err(error.next("if that is meant, run the command again with --allow data-loss"))
}

/// The history as it has run: of a half-applied migration only what is done.
fn as_run(applied: &History, chosen: &[Chosen<'_>]) -> History {
    let mut history = applied.clone();
    for one in chosen.iter().filter(|one| one.is_half()) {
        let done = one.standing.recorded.as_ref().map_or(0, |row| row.done);
        for migration in history.0.iter_mut().filter(|migration| migration.id == one.migration.id) {
            migration.up.sections.truncate(done);
            migration.up.checksum = sha([migration.up.checksum.as_bytes(), done.to_string().as_bytes()]);
        }
    }
    history
}

fn split(script: &Script, done: usize) -> (Script, Script) {
    let (mut first, mut rest) = (script.clone(), script.clone());
    first.sections.truncate(done);
    rest.sections.drain(..done.min(rest.sections.len()));
    (first, rest)
}

/// Something that would be lost.
#[derive(Debug)]
struct Found {
    /// Under its name in the live database, as far as that is known.
    of: ObjectId,
    why: String,
    /// Whether the rows can be counted.
    counted: bool,
}

/// What holds data, under PostgreSQL's own numbers, which no rename changes.
#[derive(Clone, Default)]
struct Physical {
    tables: BTreeMap<u32, (QName, Option<u32>)>,
    columns: BTreeMap<(u32, i16), Ident>,
    sequences: BTreeMap<u32, QName>,
}

const TABLES: &str = "
    SELECT c.oid, n.nspname::text, c.relname::text, i.inhparent, c.relkind = 'S'
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
    WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid AND (d.deptype = 'e' OR c.relkind = 'S' AND d.deptype IN ('a', 'i')))";
const COLUMNS: &str = "
    SELECT a.attrelid, a.attnum, a.attname::text FROM pg_catalog.pg_attribute a
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attrelid = ANY ($1)";

impl Physical {
    fn read(client: &mut Client) -> Result<Self, Error> {
        let looking = |e: postgres::Error| failure::doing("looking at the tables on scratch", &e);
        let mut physical = Self::default();
        for row in client.query(TABLES, &[]).map_err(looking)? {
            let name = QName::new(row.get::<_, String>(1), row.get::<_, String>(2));
            if row.get(4) {
                physical.sequences.insert(row.get(0), name);
            } else {
                physical.tables.insert(row.get(0), (name, row.get(3)));
            }
        }
        let tables: Vec<u32> = physical.tables.keys().copied().collect();
        for row in client.query(COLUMNS, &[&tables]).map_err(looking)? {
            physical.columns.insert((row.get(0), row.get(1)), Ident::new(row.get::<_, String>(2)));
        }
        Ok(physical)
    }

    /// What is no longer there, if it was there in the beginning, by the names of then.
    fn gone(&self, after: &Self, begin: &Self) -> Vec<Found> {
        let mut found = Vec::new();
        for (oid, (now, parent)) in &self.tables {
            // What was parked has come back before that.
            if is_parking(&now.schema) {
                continue;
            }
            let Some((name, _)) = begin.tables.get(oid).filter(|_| !after.tables.contains_key(oid)) else {
                continue;
            };
            // Its rows are counted with those of its parent.
            if parent.is_some_and(|parent| !after.tables.contains_key(&parent)) {
                continue;
            }
            let why = format!("all rows of {} are gone", name.short());
            found.push(Found { of: ObjectId::Table(name.clone()), why, counted: true });
        }
        for key in self.columns.keys().filter(|key| !after.columns.contains_key(key)) {
            let table = begin.tables.get(&key.0).filter(|_| after.tables.contains_key(&key.0));
            // A partition's column goes with its parent's.
            let partition = self.tables.get(&key.0).is_some_and(|(_, parent)| parent.is_some());
            if let (Some((table, _)), Some(column), false) = (table, begin.columns.get(key), partition) {
                let of = ObjectId::Column(table.clone(), column.clone());
                let why = format!("the values of {} are gone", of.short());
                found.push(Found { of, why, counted: true });
            }
        }
        // Nobody has looked yet at what comes back from where it is parked.
        let parked = begin.tables.values().any(|(table, _)| is_parking(&table.schema));
        for key in self.columns.keys().filter(|key| parked && !begin.columns.contains_key(key)) {
            let table = self.tables.get(&key.0).filter(|(table, _)| !is_parking(&table.schema));
            let stays = after.tables.contains_key(&key.0) && !after.columns.contains_key(key);
            if let (Some((table, _)), Some(column), true) = (table, self.columns.get(key), stays) {
                let of = ObjectId::Column(table.clone(), column.clone());
                let why = format!(
                    "the values of {} come back from where they are parked, and are gone",
                    of.short()
                );
                found.push(Found { of, why, counted: false });
            }
        }
        for oid in self.sequences.keys().filter(|oid| !after.sequences.contains_key(oid)) {
            if let Some(name) = begin.sequences.get(oid) {
                let why = format!("where {} stood is gone", name.short());
                found.push(Found { of: ObjectId::Sequence(name.clone()), why, counted: false });
            }
        }
        found
    }
}

/// Values that are converted with loss: what stays under its name, but in another form.
fn changed(before: &Catalog, after: &Catalog) -> Result<Vec<Found>, Error> {
    let plan = plan(before, after)?;
    let stays = |id: &ObjectId| before.get(id).is_some() && after.get(id).is_some();
    let lost = plan.hazards().map(|(_, hazard)| hazard);
    let lost = lost.filter(|hazard| hazard.kind == HazardKind::DataLoss && stays(&hazard.of));
    Ok(lost.map(|h| Found { of: h.of.clone(), why: h.why.to_string(), counted: true }).collect())
}

/// Statements that take rows away; a Catalog shows nothing of them.
fn deletes(script: &Script) -> Vec<Found> {
    let statements = script.sections.iter().flat_map(|section| &section.statements);
    let takes = |sql: &str| {
        let words = lex::words(sql);
        match words.first().map(String::as_str) {
            Some("delete" | "truncate") => true,
            Some("with" | "merge") => words.iter().any(|word| word == "delete"),
            Some(_) | None => false,
        }
    };
    let found = statements.filter(|statement| takes(&statement.sql)).map(|statement| Found {
        of: ObjectId::Schema(Ident::new("")),
        why: format!("{}:{}: {}", script.file, statement.line, failure::excerpt(&statement.sql)),
        counted: false,
    });
    found.collect()
}

/// Counts the rows in the live database that would be lost; what has none is no loss. `named`: what a
/// table or sequence is called in this database, or for this tenant.
///
/// # Errors
/// When the connection fails.
pub fn losses(
    client: &mut Client,
    tried: &Tried,
    named: &dyn Fn(&QName) -> QName,
) -> Result<Vec<Obstacle>, Error> {
    let counting = |e: postgres::Error| failure::doing("counting the rows", &e);
    let mut transaction = client.transaction().map_err(counting)?;
    let (begin, end) = &tried.ends;
    let mut losses: Vec<Obstacle> = Vec::new();
    for Found { of, why, counted } in &tried.found {
        let loss = if *counted {
            rows::lost(&mut transaction, (of, why), begin, end, named)
        } else {
            let count = unused(&mut transaction, of, named).then_some(0);
            Obstacle { of: of.clone(), what: why.clone(), count, rows: Vec::new() }
        };
        if loss.count != Some(0) && !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    transaction.rollback().map_err(counting)?;
    Ok(losses)
}

/// Whether this is a sequence that never gave a number.
fn unused(
    transaction: &mut postgres::Transaction<'_>,
    of: &ObjectId,
    named: &dyn Fn(&QName) -> QName,
) -> bool {
    let ObjectId::Sequence(name) = of else { return false };
    let Ok(mut savepoint) = transaction.transaction() else { return false };
    let rows = savepoint.query(&format!("SELECT is_called FROM {}", named(name)), &[]);
    rows.is_ok_and(|rows| rows.first().is_some_and(|row| !row.get::<_, bool>(0)))
}
