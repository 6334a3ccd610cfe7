//! The SQL of one table or view, as the engine prints it.

use super::failure::Failure;
use super::relation::Named;
use super::state::Shared;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::id::ObjectId;
use schema_core::engine::name::QName;
use schema_core::engine::objects::Objects;
use schema_core::engine::plan::plan;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::source::read_live;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So long a Catalog that was read is good enough to show a definition.
const FRESH: Duration = Duration::from_secs(20);

/// The statements that make this table or view.
pub(super) async fn definition(studio: &Shared, of: &Named) -> Result<Option<String>, Failure> {
    let catalog = live(studio).await?;
    let name = QName::new(of.schema.as_str(), of.name.as_str());
    off_thread(move || Ok(statements(&catalog, &name))).await
}

/// Runs what takes long and waits.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Failure::broke_off()))
}

/// The Catalog of the database. Who comes while it is being read waits for the same.
async fn live(studio: &Shared) -> Result<Arc<Catalog>, Failure> {
    let mut known = studio.live.lock().await;
    if let Some((_, catalog)) = known.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
        return Ok(Arc::clone(catalog));
    }
    let target = studio.target.clone();
    let ledger = studio.project.settings.run_options().ledger_schema;
    let catalog =
        off_thread(move || Ok(Arc::new(read_live(&target, &ledger, &ReadOptions::default())?))).await?;
    *known = Some((Instant::now(), Arc::clone(&catalog)));
    Ok(catalog)
}

/// The plan from nothing to this one; nothing if what it needs cannot be left out.
fn statements(catalog: &Catalog, name: &QName) -> Option<String> {
    let of_it = |id: &ObjectId| id.table() == Some(name);
    let beside = |id: &ObjectId| id.is_part() && id.table().is_none() && catalog.needs(id).any(&of_it);
    let objects: Objects = catalog
        .objects
        .iter()
        .filter(|(id, _)| of_it(id) || beside(id))
        .map(|(id, object)| (id.clone(), object.clone()))
        .collect();
    if objects.is_empty() {
        return None;
    }
    let within = |id: &ObjectId| {
        let needs = catalog.needs(id).filter(|needed| objects.contains_key(needed));
        needs.map(|needed| (id.clone(), needed.clone())).collect::<Vec<_>>()
    };
    let edges = objects.keys().flat_map(within).collect();
    let nothing = Catalog { server_version: catalog.server_version, ..Catalog::default() };
    let part = Catalog { objects, edges, ..nothing.clone() };
    let plan = plan(&nothing, &part).ok()?;
    let texts: Vec<String> = plan.steps().map(|step| step.text() + ";\n").collect();
    Some(texts.join("\n"))
}
