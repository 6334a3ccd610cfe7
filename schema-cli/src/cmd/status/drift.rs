//! The part of `schema status` that looks for drift: what somebody changed by hand, as SQL in both directions.

use crate::objects;
use crate::report::{self, BAD, GOOD, LOOK, NOTE, Report};
use crate::settings::Settings;
use crate::sources::{self, major};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::error::Error;
use schema_core::engine::history::History;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::drift::{self, Drift};
use schema_core::engine::postgres::introspect::ReadOptions;
use schema_core::engine::postgres::source::read_live;
use schema_core::engine::postgres::status::Status;
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::render;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A database as it is compared: what is there, what has run and what has not, and scratch of its major.
pub(in crate::cmd) struct Live {
    pub(in crate::cmd) catalog: Catalog,
    pub(in crate::cmd) applied: History,
    pub(in crate::cmd) pending: History,
    pub(in crate::cmd) bench: Workbench,
}

impl Live {
    /// Reads the database.
    pub(in crate::cmd) fn read(
        settings: &Settings,
        target: &Target,
        history: &History,
        status: &Status,
    ) -> Result<Self, Error> {
        let (applied, pending) = drift::applied(history, status)?;
        let catalog = read(settings, target)?;
        let bench = sources::workbench(settings, Some(major(&catalog)), &settings.managed(true))?;
        Ok(Self { catalog, applied, pending, bench })
    }
}

/// What a database has, without the ledger.
pub(in crate::cmd) fn read(settings: &Settings, target: &Target) -> Result<Catalog, Error> {
    let options = ReadOptions::from(&settings.managed(true));
    read_live(target, &settings.run_options().ledger_schema, &options)
}

/// Looks for it.
pub(in crate::cmd) fn find(
    settings: &Settings,
    target: &Target,
    history: &History,
    status: &Status,
    report: Report,
) -> Result<Drift, Error> {
    let mut live = Live::read(settings, target, history, status)?;
    let drift = drift::drift(&mut live.bench, &live.applied, &live.catalog);
    sources::tell_times(&mut live.bench, report);
    drift
}

/// For people.
pub(in crate::cmd) fn text(drift: &Drift) -> String {
    if drift.is_none() {
        return format!("{GOOD}no drift{GOOD:#}: the database is what its migrations make\n");
    }
    let mut text = format!("{BAD}drift{BAD:#}: the database is not what its migrations make\n");
    for (verb, id) in &drift.changes {
        text += &format!("  {verb:<6} {id}\n");
    }
    for line in &drift.unmodeled {
        text += &format!("  {line}\n");
    }
    if let Some((live, scratch)) = drift.majors {
        text += &format!(
            "{LOOK}note:{LOOK:#} the database is PostgreSQL {live}, and the migrations ran on {scratch}: a difference in \
             text alone may be none\n"
        );
    }
    let origins = BTreeMap::new();
    let there = report::highlighted(&render::statements(&drift.there, &origins));
    let back = report::highlighted(&render::statements(&drift.back, &origins));
    text += &format!("\n{NOTE}what was done there:{NOTE:#}\n{there}");
    text += &format!("\n{NOTE}what takes it back:{NOTE:#}\n{back}");
    text += &format!(
        "\n{NOTE}next:{NOTE:#} `schema generate --from live --adopt` makes a migration of it; or run what takes it back\n"
    );
    text
}

/// For programs.
pub(in crate::cmd) fn object(drift: &Drift) -> Value {
    let origins = BTreeMap::new();
    json!({
        "drift": !drift.is_none(),
        "changes": objects::changes(&drift.changes, &origins),
        "there": render::statements(&drift.there, &origins),
        "back": render::statements(&drift.back, &origins),
        "unmodeled": drift.unmodeled,
    })
}
