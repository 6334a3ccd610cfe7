//! Runs migrations for the tenants of a database: which there are, who is behind, one after the other or several at once.

use super::back::Back;
use super::connect::Target;
use super::dry::DryRun;
use super::failure;
use super::fleet::{Ended, FleetOptions, each};
use super::ledger::{Ledger, TENANT_TABLE};
use super::lock::RunLock;
use super::rollback::{self, Request};
use super::run::{self, Applied, Event, RunOptions};
use super::session::Session;
use super::status::Status;
use super::{dry, pooler, project, refuse};
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::script::{Script, sha};
use crate::engine::tenant::Template;
use postgres::Client;
use postgres::types::Type;
use std::collections::BTreeMap;

/// Where a database says which tenants it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenants {
    /// The schemas whose names are LIKE this.
    Like(String),
    /// What this query gives in its first column.
    Query(String),
}

/// The tenants of a database, in order, and who is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// All of them.
    pub all: Vec<String>,
    /// Those that do not have everything that is wanted.
    pub behind: Vec<String>,
    /// What they have when they do.
    key: String,
}

/// How many migrations of tenants are read at once.
const READ: usize = 10_000;

/// How many tenants a session works for before another takes its place: it remembers each table that it has seen.
pub(super) const SESSION: usize = 500;

/// The tenants that a database has. Only reads.
pub fn list(client: &mut Client, tenants: &Tenants, template: &str) -> Result<Vec<String>, Error> {
    let asking = |e: postgres::Error| failure::doing("asking for the tenants", &e);
    let mut names: Vec<String> = match tenants {
        Tenants::Like(pattern) => {
            let query = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname LIKE $1";
            let rows = client.query_typed(query, &[(pattern, Type::TEXT)]).map_err(asking)?;
            rows.iter().map(|row| row.get(0)).collect()
        }
        Tenants::Query(query) => {
            let wrapped = format!(
                "SELECT t.name::text FROM (\n{}\n) AS t(name) WHERE t.name IS NOT NULL",
                query.trim_end_matches([';', ' ', '\n'])
            );
            let rows = client.query_typed(&wrapped, &[]).map_err(asking)?;
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    names.retain(|name| name != template);
    names.sort();
    names.dedup();
    Ok(names)
}

/// Who is behind: one query, however many there are. Only reads.
pub fn standing(
    client: &mut Client,
    tenants: &Tenants,
    template: &Template,
    options: &RunOptions,
) -> Result<Standing, Error> {
    let wanted = refuse::wanted(template.history(), options.to.as_deref())?;
    let key = key(template, wanted);
    let all = list(client, tenants, template.name())?;
    let ledger = Ledger::new(&options.ledger_schema);
    if !ledger.has_tenants(client)? {
        return Ok(Standing { behind: all.clone(), all, key });
    }
    let query = format!(
        "SELECT a.name FROM pg_catalog.unnest($1) AS a(name) WHERE NOT EXISTS (SELECT FROM {} t \
         JOIN pg_catalog.pg_namespace n ON n.nspname = t.tenant AND n.oid = t.schema_oid \
         WHERE t.tenant = a.name AND t.key = $2) ORDER BY 1",
        ledger.table(TENANT_TABLE)
    );
    let rows = client
        .query_typed(&query, &[(&all, Type::TEXT_ARRAY), (&key, Type::TEXT)])
        .map_err(|e| failure::doing("asking which tenants are behind", &e))?;
    let mut behind: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    behind.sort();
    Ok(Standing { all, behind, key })
}

/// A hash of the ids and checksums of the first migrations.
fn key(template: &Template, wanted: usize) -> String {
    let wanted = template.history().0.iter().take(wanted);
    sha([template.name().as_bytes()]
        .into_iter()
        .chain(wanted.flat_map(|m| [m.id.as_bytes(), m.up.checksum.as_bytes()])))
}

/// Makes ready for the runs of these tenants: the ledger's tables are there, the database is this project's, and what the
/// ledger knows of tenants whose schema is gone is forgotten: whoever comes by that name is new.
pub fn prepare(
    client: &mut Client,
    history: &History,
    names: &[String],
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Error> {
    run::writable(client)?;
    let own = RunOptions { tenant: None, ..options.clone() };
    let lock = RunLock::acquire(client, &own, observer)?;
    let result = prepare_alone(client, history, names, &own);
    lock.release(client);
    result
}

fn prepare_alone(
    client: &mut Client,
    history: &History,
    names: &[String],
    own: &RunOptions,
) -> Result<(), Error> {
    let ledger = Ledger::new(&own.ledger_schema);
    let status = run::standing(client, &ledger, history)?;
    let owner = project::owner(client, &ledger, history, &status, own)?;
    refuse::check(&Status::default(), 0, own, owner.other.as_deref())?;
    ledger.prepare(client, owner.ours.as_deref())?;
    ledger.prepare_tenants(client, names)
}

/// Makes ready for rollbacks of tenants, of which the ledger knows already.
pub fn prepare_back(
    client: &mut Client,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<(), Error> {
    run::writable(client)?;
    let own = RunOptions { tenant: None, ..options.clone() };
    let ledger = Ledger::new(&own.ledger_schema);
    let lock = RunLock::acquire(client, &own, observer)?;
    let result = ledger.prepare(client, None).and_then(|()| ledger.prepare_tenants(client, &[]));
    lock.release(client);
    result
}

/// Tells where each of these tenants stands. Only reads.
pub fn stand(
    client: &mut Client,
    names: &[String],
    history: &History,
    options: &RunOptions,
    tell: &mut dyn FnMut(&str, Status),
) -> Result<(), Error> {
    let ledger = Ledger::new(&options.ledger_schema);
    let there = ledger.has_tenants(client)?;
    for names in names.chunks((READ / history.0.len().max(1)).max(1)) {
        let mut rows = if there { ledger.read_tenants(client, names)? } else { BTreeMap::new() };
        for name in names {
            let rows = there.then(|| rows.remove(name).unwrap_or_default());
            tell(name, Status::of(history, rows.as_deref()));
        }
    }
    Ok(())
}

/// A run for many tenants.
#[derive(Clone, Copy)]
pub struct Rollout<'a> {
    /// The database.
    pub target: &'a Target,
    /// The migrations.
    pub template: &'a Template,
    /// How to run.
    pub options: &'a RunOptions,
    /// How many at once.
    pub fleet: FleetOptions,
    /// Hears of each end when it comes.
    pub tell: &'a (dyn Fn(&str, &Ended<Vec<Applied>>) + Sync),
    /// Hears what happens on the way.
    pub observe: &'a (dyn Fn(&str, &Event<'_>) + Sync),
}

/// How tenants are rolled back that stand alike.
#[derive(Debug, Clone, Copy, Default)]
pub struct WayBack<'a> {
    /// The migrations to undo, the last first.
    pub expected: &'a [String],
    /// What undoes each of them, written for the template.
    pub ways: &'a [Script],
}

impl WayBack<'_> {
    fn written_for(&self, template: &Template, tenant: &str) -> Result<BTreeMap<String, Script>, Error> {
        let written =
            |(id, script): (&String, &Script)| Ok((id.clone(), template.script_for(script, tenant)?));
        self.expected.iter().zip(self.ways).map(written).collect()
    }
}

/// What is done for one tenant, in a session that was begun.
type Work<'a> = dyn Fn(&mut Client, &Session, &str) -> Result<Vec<Applied>, Error> + Sync + 'a;

impl Rollout<'_> {
    /// Runs what is pending for these tenants. Each is locked for itself: two such runs at once do each tenant once.
    pub fn migrate(&self, standing: &Standing, names: &[String]) -> Vec<Ended<Vec<Applied>>> {
        self.each(names, &|client, session, name| {
            let mut observer = |event: &Event<'_>| (self.observe)(name, event);
            one((client, session), self.template, &standing.key, name, self.options, &mut observer)
        })
    }

    /// Rolls these tenants back. Whoever has no way back here is asked anew what is to be undone, and refuses.
    pub fn rollback(
        &self,
        back: &Back,
        ways: &BTreeMap<&str, WayBack<'_>>,
        names: &[String],
    ) -> Vec<Ended<Vec<Applied>>> {
        self.each(names, &|client, session, name| {
            let mut observer = |event: &Event<'_>| (self.observe)(name, event);
            let way = ways.get(name).copied().unwrap_or_default();
            let (history, others) = (self.template.written_for(name)?, way.written_for(self.template, name)?);
            let request = Request { history: &history, back, others: &others, expected: way.expected };
            let options = RunOptions { tenant: Some(name.to_owned()), ..self.options.clone() };
            rollback::rollback_in(client, session, &request, &options, &mut observer)
        })
    }

    fn each(&self, names: &[String], work: &Work<'_>) -> Vec<Ended<Vec<Applied>>> {
        let open = || {
            let mut client = self.target.connect()?;
            pooler::check(&mut client)?;
            let session = Session::begin(&mut client)?;
            Ok((client, session, 0_usize))
        };
        let counted = |state: &mut (Client, Session, usize), name: &str| {
            if state.2 == SESSION {
                *state = open()?;
            }
            let (client, session, used) = state;
            *used += 1;
            work(client, session, name)
        };
        each(names, self.fleet, &open, &counted, self.tell)
    }
}

/// What a run would do for one tenant.
pub fn dry_run(
    client: &mut Client,
    template: &Template,
    tenant: &str,
    options: &RunOptions,
) -> Result<DryRun, Error> {
    let history = template.written_for(tenant)?;
    let ledger = Ledger::new(&options.ledger_schema);
    let tenants = ledger.has_tenants(client)?;
    // Before the first run nobody has anything.
    let options = RunOptions { tenant: tenants.then(|| tenant.to_owned()), ..options.clone() };
    if tenants {
        return dry::dry_run(client, &history, &options);
    }
    let wanted = refuse::wanted(&history, options.to.as_deref())?;
    let ledger = ledger.of_tenant(Some(tenant));
    Ok(dry::of_nothing(&ledger, &history, wanted, options.lock_timeout))
}

/// What a rollback would run for one tenant.
pub fn dry_rollback(
    client: &mut Client,
    template: &Template,
    tenant: &str,
    back: &Back,
    way: WayBack<'_>,
    options: &RunOptions,
) -> Result<DryRun, Error> {
    let (history, others) = (template.written_for(tenant)?, way.written_for(template, tenant)?);
    let request = Request { history: &history, back, others: &others, expected: way.expected };
    let options = RunOptions { tenant: Some(tenant.to_owned()), ..options.clone() };
    rollback::dry_rollback(client, &request, &options)
}

fn one(
    (client, session): (&mut Client, &Session),
    template: &Template,
    key: &str,
    tenant: &str,
    options: &RunOptions,
    observer: &mut dyn FnMut(&Event<'_>),
) -> Result<Vec<Applied>, Error> {
    let history = template.written_for(tenant)?;
    let options = RunOptions { tenant: Some(tenant.to_owned()), ..options.clone() };
    let report = run::migrate_in(client, session, &history, &options, observer)?;
    let wanted = refuse::wanted(&history, options.to.as_deref())?;
    if report.already + report.applied.len() == wanted {
        let sql = Ledger::new(&options.ledger_schema).tenant_sql(tenant, key, wanted);
        client.batch_execute(&sql).map_err(|e| failure::doing("writing the ledger", &e))?;
    }
    Ok(report.applied)
}
