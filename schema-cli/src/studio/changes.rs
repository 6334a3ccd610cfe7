//! Declared, recorded and live side by side, as `generate`, `status` and `diff` see them. Builds the code and uses
//! scratch, so only when it is asked for; changes nothing.

use super::definition::off_thread;
use super::failure::{Answer, Failure, Json};
use super::pending::pending;
use super::session::lock;
use super::state::{Shared, Studio};
use crate::args::CargoArgs;
use crate::objects;
use crate::report::Report;
use crate::settings::Settings;
use crate::sources::{self, Needs};
use axum::extract::State;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::declared::{Declared, declare};
use schema_core::engine::diff::diff;
use schema_core::engine::draft::Answers;
use schema_core::engine::error::{Error, Location};
use schema_core::engine::history::{Down, History};
use schema_core::engine::id::ObjectId;
use schema_core::engine::managed::Managed;
use schema_core::engine::plan::plan_changes;
use schema_core::engine::postgres::drift;
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::run;
use schema_core::engine::postgres::source::read_live;
use schema_core::engine::postgres::status::{Happened, MigrationStatus, State as Standing, Status};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::render;
use schema_core::engine::title::items;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the code declares what.
pub(super) type Origins = BTreeMap<ObjectId, Location>;

/// `GET /api/changes`.
pub(super) async fn changes(State(studio): State<Shared>) -> Answer {
    Ok(Json(off_thread(move || compare(&studio)).await?))
}

/// What every comparison here needs.
pub(super) struct Comparing<'a> {
    pub(super) settings: &'a Settings,
    pub(super) report: Report,
    pub(super) bench: Workbench,
    pub(super) history: History,
    managed: Managed,
    live: Catalog,
}

fn compare(studio: &Studio) -> Result<Value, Failure> {
    let settings = &studio.project.settings;
    let options = settings.run_options();
    let history = settings.history_or_none()?;
    let mut client = studio
        .target
        .connect()
        .map_err(|error| Failure::from(error).status(axum::http::StatusCode::BAD_GATEWAY))?;
    let status = run::status(&mut client, &history, &options)?;
    drop(client);
    let managed = settings.managed(true);
    let live = read_live(&studio.target, &options.ledger_schema, &ReadOptions::from(&managed))?;
    let bench = sources::workbench(settings, Some(sources::major(&live)), &managed)?;
    let mut comparing = Comparing { settings, report: studio.project.report, bench, managed, history, live };
    let code = build(studio);
    let no_origins = Origins::new();
    let origins = code.as_ref().map_or(&no_origins, |declared| &declared.origins);
    let declared = code
        .as_ref()
        .map_err(ToString::to_string)
        .and_then(|code| comparing.declared(code).map_err(|error| error.to_string()));
    let drift = comparing.drift(&status).map_err(|error| error.to_string());
    let pending = pending(&mut comparing, &status, origins);
    let timeline: Vec<Value> =
        status.migrations.iter().map(|one| moment(one, &status, &comparing.history)).collect();
    if let Ok(code) = code {
        *lock(&studio.origins) = Some(Arc::new(code.origins));
    }
    Ok(json!({
        "declared": declared.unwrap_or_else(|why| json!({"available": false, "why": why, "changes": [], "sql": ""})),
        "pending": pending,
        "drift": drift.unwrap_or_else(|why| json!({"available": false, "why": why, "changes": [], "sql": "", "back_sql": ""})),
        "timeline": timeline,
    }))
}

/// What the code declares. Cargo says nothing on the terminal of the studio.
fn build(studio: &Studio) -> Result<Declared, Error> {
    let project = &studio.project;
    if project.root.is_none() {
        return Err(Error::usage(
            "there is no schema.toml here, so it is not known which code declares the schema",
        )
        .next("run `schema studio` in the project"));
    }
    let mut global = project.global.clone();
    global.quiet = true;
    let needs = Needs {
        settings: &project.settings,
        global: &global,
        cargo: &CargoArgs::default(),
        report: project.report,
        managed: &project.settings.managed(true),
    };
    declare(&sources::build(needs)?.records)
}

impl Comparing<'_> {
    /// What `generate` would write; without migrations, what `push` would do.
    fn declared(&mut self, code: &Declared) -> Result<Value, Error> {
        let (changes, plan, against) = if self.history.0.is_empty() {
            let new = self.bench.declared(code, None)?;
            let (live, new) = self.managed.pair(self.live.clone(), new);
            let changes = diff(&live, &new);
            (items(&changes, &[]), plan_changes(&changes, &live, &new)?, "database")
        } else {
            let compared = self.bench.compare(&self.history, code, None, &Answers::default())?;
            let changes = compared.changes();
            let renames = compared.renames.steps.clone();
            let verbs = items(&changes, &renames);
            let plan = plan_changes(&changes, &compared.old, &compared.new)?.after(renames);
            (verbs, plan, "migrations")
        };
        Ok(json!({
            "available": true,
            "why": null,
            "against": against,
            "changes": told(&changes, &code.origins),
            "sql": render::statements(&plan, &code.origins),
        }))
    }

    /// What somebody has done to the database beside the migrations.
    fn drift(&mut self, status: &Status) -> Result<Value, Error> {
        if self.history.0.is_empty() {
            return Err(Error::findings("there are no migrations to compare the database with"));
        }
        if let Some(half) = status.migrations.iter().find(|one| one.state == Standing::HalfRolledBack) {
            return Err(Error::findings(format!("{} is rolled back by half", half.id))
                .next("`schema rollback` goes on with it"));
        }
        let (applied, _) = drift::applied(&self.history, status)?;
        let found = drift::drift(&mut self.bench, &applied, &self.live)?;
        let origins = Origins::new();
        Ok(json!({
            "available": true,
            "why": null,
            "changes": told(&found.changes, &origins),
            "sql": render::statements(&found.there, &origins),
            "back_sql": render::statements(&found.back, &origins),
            "unmodeled": found.unmodeled,
        }))
    }
}

/// In the page's words.
fn told(changes: &[(&str, ObjectId)], origins: &Origins) -> Vec<Value> {
    let place = |id: &ObjectId| origins.get(id).map(ToString::to_string);
    let objects = objects::changes(changes, origins);
    let one = |(mut object, (_, id)): (Value, &(&str, ObjectId))| {
        object["object"] = id.to_string().into();
        object["at"] = place(id).into();
        object
    };
    objects.into_iter().zip(changes).map(one).collect()
}

/// A migration that waits because it was rolled back.
fn rolled_back<'a>(one: &MigrationStatus, status: &'a Status) -> Option<&'a Happened> {
    let last = status.events.iter().find(|happened| happened.migration == one.id)?;
    (one.state == Standing::Pending && last.event == "rolled back").then_some(last)
}

fn word(one: &MigrationStatus) -> &'static str {
    let failed = one.recorded.as_ref().is_some_and(|row| row.failure().is_some());
    let waits = matches!(one.state, Standing::Pending | Standing::HalfApplied);
    if waits && failed { "failed" } else { one.state.word() }
}

fn moment(one: &MigrationStatus, status: &Status, history: &History) -> Value {
    let row = one.recorded.as_ref();
    let back = rolled_back(one, status);
    let migration = history.get(&one.id);
    let down = migration.and_then(|migration| match &migration.down {
        Down::Script(script) => Some(script.text.clone()),
        Down::Irreversible(why) => Some(format!("-- there is no way back: {why}\n")),
        Down::Absent => None,
    });
    json!({
        "id": one.id,
        "state": if back.is_some() { "rolled back" } else { word(one) },
        "at": back.map(|back| &back.at).or(row.map(|row| &row.at)),
        "by": back.map(|back| &back.by).or(row.map(|row| &row.by)),
        "milliseconds": back.map_or(row.map(|row| row.milliseconds), |back| back.milliseconds),
        "tool": back.map(|back| &back.tool).or(row.map(|row| &row.tool)),
        "edited": one.edited,
        "out_of_order": one.out_of_order,
        "up": migration.map(|migration| &migration.up.text),
        "down": down,
    })
}
