//! The proof that migrations work for tenants: on scratch they run for two, and what each gets is what the template would
//! get, under its own name.

use super::prove::definition;
use super::section::apply_script;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::script::sha;
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
    let reached = definitions(&bench.read(&mut database)?);
    let is_tenants = |line: &String| rewritten(line, template.name(), TENANTS[0]) != *line;
    let (own, shared): (BTreeSet<_>, BTreeSet<_>) = recorded.into_iter().partition(is_tenants);
    let wanted: BTreeSet<String> = TENANTS
        .iter()
        .flat_map(|tenant| own.iter().map(|line| rewritten(line, template.name(), tenant)))
        .chain(shared)
        .collect();
    let lines: Vec<String> = reached
        .difference(&wanted)
        .map(|line| format!("- {line}"))
        .chain(wanted.difference(&reached).map(|line| format!("+ {line}")))
        .collect();
    if lines.is_empty() {
        bench.remember(&key);
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
