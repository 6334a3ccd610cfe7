//! The proof that migrations work for tenants: on scratch they run for two, and what each gets is what the template would
//! get, under its own name.

use super::prove::definition;
use super::scratch::ScratchDb;
use super::section::apply_script;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::script::{Script, sha};
use crate::engine::tenant::{Template, rewritten};
use std::collections::BTreeSet;

/// Two names that nobody has.
const TENANTS: [&str; 2] = ["schema_proof_tenant_1", "schema_proof_tenant_2"];

/// Proves it, unless that was done before.
///
/// # Errors
/// When a statement fails for a tenant, or when a tenant gets something else than the template.
pub fn prove(bench: &mut Workbench, template: &Template) -> Result<(), Error> {
    let history = template.history();
    let key =
        sha(["tenants", env!("CARGO_PKG_VERSION"), template.name(), &history.content_key()]
            .map(str::as_bytes));
    if bench.remembers(&key) {
        return Ok(());
    }
    let recorded = definitions(&bench.recorded(history)?);
    let mut database = migrated(bench, template)?;
    let reached = definitions(&bench.read(&mut database)?);
    let (own, shared) = owned(recorded, template);
    let wanted = TENANTS.iter().flat_map(|tenant| renamed(&own, template, tenant)).chain(shared).collect();
    compare(&reached, &wanted, template)?;
    bench.remember(&key);
    Ok(())
}

/// Proves that these ways back do the same for a tenant, whose neighbour stays as it is, unless that was done before.
/// `began`: what has run, as far as it has; `left`: what is left of it then.
///
/// # Errors
/// As [`prove`].
pub fn prove_back(
    bench: &mut Workbench,
    template: &Template,
    began: &History,
    ways: &[Script],
    left: &History,
) -> Result<(), Error> {
    let began = Template::new(began, template.name())?;
    let (version, from, to) = (env!("CARGO_PKG_VERSION"), began.history().content_key(), left.content_key());
    let parts = ["tenants back", version, template.name(), &from, &to].into_iter();
    let key = sha(parts.chain(ways.iter().map(|way| way.text.as_str())).map(str::as_bytes));
    if bench.remembers(&key) {
        return Ok(());
    }
    let (before, after) = (bench.recorded(began.history())?, bench.recorded(left)?);
    let mut database = migrated(bench, &began)?;
    let on_demand = database.is_private();
    for way in ways {
        let way = template.script_for(way, TENANTS[0])?;
        apply_script(database.client(), &way, on_demand).map_err(|mut error| {
            error.what = format!("the ways back do not work for tenants, tried on scratch: {}", error.what);
            error
        })?;
    }
    let reached = definitions(&bench.read(&mut database)?);
    let (stays, shared) = owned(definitions(&before), template);
    let (goes_back, _) = owned(definitions(&after), template);
    let wanted = renamed(&goes_back, template, TENANTS[0]).chain(renamed(&stays, template, TENANTS[1]));
    compare(&reached, &wanted.chain(shared).collect(), template)?;
    bench.remember(&key);
    Ok(())
}

/// A database in which the migrations have run for both.
fn migrated(bench: &mut Workbench, template: &Template) -> Result<ScratchDb, Error> {
    let mut database = bench.database_at(&History::default())?;
    let on_demand = database.is_private();
    for tenant in TENANTS {
        for migration in &template.written_for(tenant)?.0 {
            apply_script(database.client(), &migration.up, on_demand).map_err(|mut error| {
                error.what = format!("the migrations do not work for tenants, tried on scratch: {}", error.what);
                error.next(format!(
                    "migrations for tenants change only what is in the schema {}, and do that by its name: put what all \
                     share into a project of its own",
                    template.name()
                ))
            })?;
        }
    }
    Ok(database)
}

/// What is the template's, and what all share.
fn owned(lines: BTreeSet<String>, template: &Template) -> (BTreeSet<String>, BTreeSet<String>) {
    lines.into_iter().partition(|line| rewritten(line, template.name(), TENANTS[0]) != *line)
}

fn renamed(own: &BTreeSet<String>, template: &Template, tenant: &str) -> impl Iterator<Item = String> {
    own.iter().map(move |line| rewritten(line, template.name(), tenant))
}

fn compare(reached: &BTreeSet<String>, wanted: &BTreeSet<String>, template: &Template) -> Result<(), Error> {
    let lines: Vec<String> = reached
        .difference(wanted)
        .map(|line| format!("- {line}"))
        .chain(wanted.difference(reached).map(|line| format!("+ {line}")))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::failed(format!(
        "for a tenant the migrations end in something else than for the schema {} (- is what two tenants got on scratch, + is \
         what was wanted):\n{}",
        template.name(),
        lines.join("\n")
    ))
    .next("the schema of the template needs a name that nothing else has: no table, column or alias"))
}

/// Each object as a line.
fn definitions(catalog: &Catalog) -> BTreeSet<String> {
    catalog.objects.values().map(|object| definition(object, catalog)).collect()
}
