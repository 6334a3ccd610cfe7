//! What statements do that lint cannot tell from their text: they run on scratch, after the history before them, and
//! `pg_locks` and the files of relations say what happened.

use super::failure::explain;
use super::workbench::Workbench;
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::lint::unit::{Observed, Section, Unit};
use crate::engine::name::QName;
use crate::engine::step::LockMode;
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// The relations that are there.
struct Relations(BTreeMap<u32, Relation>);

struct Relation {
    name: QName,
    /// The file that it is in.
    file: u32,
    /// The table, of an index.
    table: Option<u32>,
}

/// Runs each file that has such statements, and writes into them what was seen. `wanted` names them by unit, section and
/// statement.
///
/// # Errors
/// When there is no scratch, or when the history before does not run.
pub fn observe(
    bench: &mut Workbench,
    history: &History,
    units: &mut [Unit],
    wanted: &[(usize, usize, usize)],
) -> Result<(), Error> {
    let files: BTreeSet<usize> = wanted.iter().map(|(unit, ..)| *unit).collect();
    for index in files {
        let unit = &mut units[index];
        let before = match &unit.migration {
            Some(id) => history.0.iter().take_while(|migration| migration.id != *id).cloned().collect(),
            None => history.0.clone(),
        };
        let mut database = bench.database_at(&History(before))?;
        let here: BTreeSet<(usize, usize)> = wanted
            .iter()
            .filter(|(unit, ..)| *unit == index)
            .map(|(_, section, place)| (*section, *place))
            .collect();
        run(database.client(), unit, &here)?;
    }
    Ok(())
}

fn run(client: &mut Client, unit: &mut Unit, wanted: &BTreeSet<(usize, usize)>) -> Result<(), Error> {
    let known = relations(&mut begin(client)?)?;
    for (number, section) in unit.sections.iter_mut().enumerate() {
        for place in 0..section.statements.len() {
            let observed = if wanted.contains(&(number, place)) {
                let observed = watch(client, section, place, &known)?;
                section.statements[place].observed = Some(observed.clone());
                observed.failed
            } else {
                plain(client, &section.statements[place].sql)
            };
            // What follows would be seen on another schema than it is written for.
            if observed.is_some() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Runs a statement that nobody asks about; why it failed.
fn plain(client: &mut Client, sql: &str) -> Option<String> {
    client.batch_execute(sql).err().map(|error| explain(&error))
}

/// Each by itself, so that the locks are its own.
fn watch(client: &mut Client, section: &Section, place: usize, known: &Relations) -> Result<Observed, Error> {
    let sql = &section.statements[place].sql;
    let before = relations(&mut begin(client)?)?;
    if !section.transaction {
        let failed = plain(client, sql);
        let after = relations(&mut begin(client)?)?;
        return Ok(Observed { locks: Vec::new(), rewritten: rewritten(known, &before, &after), failed });
    }
    let mut transaction = begin(client)?;
    if let Err(error) = transaction.batch_execute(sql) {
        return Ok(Observed { failed: Some(explain(&error)), ..Observed::default() });
    }
    let locks = locks(&mut transaction, known)?;
    let after = relations(&mut transaction)?;
    transaction.commit().map_err(|error| failed(&error))?;
    Ok(Observed { locks, rewritten: rewritten(known, &before, &after), failed: None })
}

fn begin(client: &mut Client) -> Result<Transaction<'_>, Error> {
    client.transaction().map_err(|error| failed(&error))
}

fn failed(error: &postgres::Error) -> Error {
    Error::failed(format!("statements could not be observed on scratch: {}", explain(error)))
}

fn relations(transaction: &mut Transaction<'_>) -> Result<Relations, Error> {
    let sql = "SELECT c.oid, n.nspname, c.relname, COALESCE(pg_relation_filenode(c.oid), 0), i.indrelid
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
        WHERE c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let rows = transaction.query(sql, &[]).map_err(|error| failed(&error))?;
    let relation = |row: &postgres::Row| {
        let name = QName::new(row.get::<_, &str>(1), row.get::<_, &str>(2));
        (row.get(0), Relation { name, file: row.get(3), table: row.get(4) })
    };
    Ok(Relations(rows.iter().map(relation).collect()))
}

/// The strongest lock on each table or view that was there when the file began.
fn locks(transaction: &mut Transaction<'_>, known: &Relations) -> Result<Vec<(LockMode, QName)>, Error> {
    let sql = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL AND granted";
    let mut held: BTreeMap<&QName, LockMode> = BTreeMap::new();
    for row in transaction.query(sql, &[]).map_err(|error| failed(&error))? {
        let Some(relation) = known.0.get(&row.get(0)).filter(|known| known.table.is_none()) else { continue };
        let mode = LockMode::of_pg_locks(row.get(1));
        let strongest = held.entry(&relation.name).or_insert(mode);
        *strongest = (*strongest).max(mode);
    }
    Ok(held.into_iter().map(|(name, mode)| (mode, name.clone())).collect())
}

/// What lies in another file than before. That the indexes of such a table do too goes without saying.
fn rewritten(known: &Relations, before: &Relations, after: &Relations) -> Vec<QName> {
    let moved = |oid: &u32| match (before.0.get(oid), after.0.get(oid)) {
        (Some(old), Some(new)) => known.0.contains_key(oid) && old.file != new.file && new.file != 0,
        (_, _) => false,
    };
    let said =
        |(oid, relation): &(&u32, &Relation)| moved(oid) && !relation.table.as_ref().is_some_and(moved);
    after.0.iter().filter(said).map(|(_, relation)| relation.name.clone()).collect()
}
