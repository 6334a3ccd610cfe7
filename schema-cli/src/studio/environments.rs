//! Where the migrations stand in the other databases of schema.toml. Only when it is asked for: each is connected to.

use super::body::Body;
use super::definition::off_thread;
use super::failure::{Answer, Failure, Json};
use super::state::{Shared, Studio};
use axum::extract::State;
use schema_core::engine::error::Error;
use schema_core::engine::history::History;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::run;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `GET /api/environments`: their names.
pub(super) async fn names(State(studio): State<Shared>) -> Answer {
    Ok(Json(json!({"environments": studio.project.settings.environments()})))
}

#[derive(Deserialize)]
pub(super) struct Wish {
    name: String,
}

/// `POST /api/environment`: one of them, each database that it is.
pub(super) async fn status(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    Ok(Json(off_thread(move || of(&studio, &wish.name)).await?))
}

fn of(studio: &Studio, name: &str) -> Result<Value, Failure> {
    let settings = &studio.project.settings;
    if !settings.environments().contains(&name) {
        return Err(Failure::missing(format!("schema.toml has no environment {name}")));
    }
    let history = settings.history_or_none()?;
    let targets = settings.targets(&[name.to_owned()], None, studio.project.report)?;
    let databases: Vec<Value> = targets
        .iter()
        .map(|(name, target)| match states(studio, target, &history) {
            Ok(states) => json!({"name": name, "states": states, "why": null}),
            Err(error) => json!({"name": name, "states": null, "why": error.to_string()}),
        })
        .collect();
    Ok(json!({ "databases": databases }))
}

fn states(studio: &Studio, target: &Target, history: &History) -> Result<Map<String, Value>, Error> {
    let options = studio.project.settings.run_options();
    let status = run::status(&mut target.connect()?, history, &options)?;
    Ok(status.migrations.iter().map(|one| (one.id.clone(), one.state.word().into())).collect())
}
