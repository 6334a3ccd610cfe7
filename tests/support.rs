//! What the tests share: a scratch PostgreSQL, loading SQL, `pg_dump` as a second observer.

use postgres::{Client, Transaction};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diff::diff;
use schema_core::engine::error::Error;
use schema_core::engine::name::QName;
use schema_core::engine::plan::{Plan, plan_online};
use schema_core::engine::postgres::introspect::{ReadOptions, read};
use schema_core::engine::postgres::role;
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb, ScratchOptions, Source};
use schema_core::engine::step::{LockMode, Step};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// A server of this machine.
pub(crate) fn scratch() -> Scratch {
    Scratch::open(&ScratchOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A new database with this SQL. Roles that it names are made.
pub(crate) fn load(scratch: &mut Scratch, sql: &str) -> ScratchDb {
    // PostgreSQL 14 does not know it yet; what remains is a test all the same.
    let sql =
        if scratch.server().major < 15 { sql.replace("NULLS NOT DISTINCT", "") } else { sql.to_owned() };
    let mut db = scratch.database().unwrap_or_else(|error| panic!("{error}"));
    role::made_on_demand(db.client(), |client| client.batch_execute(&sql))
        .unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    db
}

/// The SQL without what this server does not know yet: PostgreSQL 14 has no NULLS NOT DISTINCT. What remains is a test
/// all the same.
pub(crate) fn known(scratch: &Scratch, sql: &str) -> String {
    if scratch.server().major < 15 { sql.replace("NULLS NOT DISTINCT", "") } else { sql.to_owned() }
}

/// The whole database as a Catalog.
pub(crate) fn catalog(db: &mut ScratchDb) -> Catalog {
    read(db.client(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The lines of `pg_dump --schema-only`, sorted: the order of statements and of columns is no difference. `None` where
/// the server comes without `pg_dump`.
pub(crate) fn dump(scratch: &Scratch, db: &ScratchDb) -> Option<Vec<String>> {
    let Source::Found(bin) = &scratch.server().source else { return None };
    let program: PathBuf = bin.join("pg_dump");
    if !program.exists() {
        return None;
    }
    let output = Command::new(program)
        .args(["--schema-only", "--no-owner", "--dbname", &db.url()])
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let plain = |line: &&str| !line.is_empty() && !line.starts_with("--") && !line.starts_with("\\");
    let mut lines: Vec<String> =
        text.lines().filter(plain).map(|line| line.trim().trim_end_matches(',').to_owned()).collect();
    lines.sort();
    Some(lines)
}

/// One of the two ways to plan.
pub(crate) type Way = fn(&Catalog, &Catalog) -> Result<Plan, Error>;

pub(crate) fn online(old: &Catalog, new: &Catalog) -> Result<Plan, Error> {
    plan_online(&diff(old, new), old, new)
}

/// The locks that a transaction holds on tables that were there before the plan, beside what the Steps have said.
pub(crate) struct Locks {
    tables: BTreeMap<u32, QName>,
    said: BTreeMap<QName, LockMode>,
}

impl Locks {
    /// Remembers the tables that are there.
    pub(crate) fn watch(client: &mut Client) -> Self {
        let sql =
            "SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
        let rows = client.query(sql, &[]).unwrap();
        let name = |row: &postgres::Row| QName::new(row.get::<_, &str>(1), row.get::<_, &str>(2));
        Self { tables: rows.iter().map(|row| (row.get(0), name(row))).collect(), said: BTreeMap::new() }
    }

    /// Whether the table was there before the plan.
    pub(crate) fn knows(&self, relation: &str) -> bool {
        self.tables.values().any(|table| table.name.as_str() == relation)
    }

    /// A transaction begins: nothing is locked.
    pub(crate) fn begin(&mut self) {
        self.said.clear();
    }

    /// What the last Step has said wrongly; a line each.
    pub(crate) fn after(&mut self, transaction: &mut Transaction<'_>, step: &Step) -> Vec<String> {
        for (mode, table) in &step.locks {
            let said = self.said.entry(table.clone()).or_insert(*mode);
            *said = (*said).max(*mode);
        }
        let sql = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL";
        let mut held: BTreeMap<&QName, LockMode> = BTreeMap::new();
        for row in transaction.query(sql, &[]).unwrap() {
            let Some(table) = self.tables.get(&row.get(0)) else { continue };
            let mode = LockMode::of_pg_locks(row.get(1));
            let most = held.entry(table).or_insert(mode);
            *most = (*most).max(mode);
        }
        let none = LockMode::AccessShare;
        let mut lines = Vec::new();
        for table in self.tables.values() {
            let (said, held) = (self.said.get(table).unwrap_or(&none), held.get(table).unwrap_or(&none));
            if said != held {
                lines.push(format!("{} is locked {held}, said was {said}: {}", table.short(), step.text()));
                self.said.insert(table.clone(), *held);
            }
        }
        lines
    }
}
