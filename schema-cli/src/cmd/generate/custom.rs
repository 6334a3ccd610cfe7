//! `schema generate --custom`: a migration without statements, for SQL written by hand.

use crate::args::GenerateArgs;
use crate::editor;
use crate::prompt::Prompt;
use crate::report::{GOOD, Outcome, Report};
use crate::settings::{Settings, now};
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, NewMigration};
use schema_core::engine::header;
use schema_core::engine::history::new_id;
use schema_core::engine::render::Header;
use serde_json::json;

/// Runs the command.
pub(crate) fn run(
    settings: &Settings,
    args: &GenerateArgs,
    prompt: &Prompt,
    report: Report,
) -> Result<Outcome, Error> {
    // Refused before anything is written.
    let editor = if args.edit { Some(editor::find(prompt)?) } else { None };
    let history = settings.history_or_none()?;
    let name = match &args.name {
        Some(name) => name.clone(),
        None if prompt.asks() => prompt
            .ask_name("custom")
            .ok_or_else(|| Error::refused("there was no answer, so nothing was written"))?,
        None => "custom".to_owned(),
    };
    let id = new_id(now(), &name, &history);
    let parent = history.last().map(|last| last.id.as_str());
    let (up, down) =
        header::empty(&Header { id: &id, parent, tool: env!("CARGO_PKG_VERSION"), proven_on: "" });
    let folder = settings.migrations.join(&id);
    if !args.dry_run {
        files::add(&settings.migrations, &NewMigration { id: &id, up: &up, down: Some(&down) })?;
    }
    if let Some(editor) = editor.filter(|_| !args.dry_run) {
        editor.open(&[folder.join("up.sql"), folder.join("down.sql")])?;
    }
    let written = if args.dry_run { "not written (--dry-run)" } else { "written" };
    report.say(&format!("{GOOD}{written}{GOOD:#}: {}", folder.display()));
    if !args.dry_run {
        report.say(&format!("next: write its up.sql and down.sql, then `schema prove {id}` runs both"));
    }
    report.object(&json!({
        "changed": true,
        "written": !args.dry_run,
        "id": id,
        "folder": folder.display().to_string(),
        "up": up,
        "down": down,
    }));
    Ok(Outcome::Fine)
}
