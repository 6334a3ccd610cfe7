//! `schema squash`: puts one migration in the place of many.

use super::migrations;
use crate::args::Global;
use crate::args::back::{SquashAllow, SquashArgs};
use crate::progress::Progress;
use crate::report::{self, GOOD, Outcome, Report};
use crate::settings::Settings;
use crate::sources;
use schema_core::engine::error::Error;
use schema_core::engine::files::{self, NewMigration, REPLACED};
use schema_core::engine::history::History;
use schema_core::engine::postgres::consolidate::{Request, squash};
use schema_core::engine::postgres::run::wanted;
use serde_json::json;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &SquashArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let history = settings.history()?;
    let count = wanted(&history, args.to.as_deref())?;
    let old = History(history.0[..count].to_vec());
    let mut bench = sources::workbench(&settings, None, &settings.managed(true))?;
    let progress = Progress::new(report);
    progress.busy("proving that one migration does what all of them do");
    let request = Request {
        old: &old,
        next: history.0.get(count),
        name: &args.name,
        tool: env!("CARGO_PKG_VERSION"),
        leave_rows: args.allow.contains(&SquashAllow::DataStatements),
    };
    let squashed = squash(&mut bench, &request);
    progress.clear();
    sources::tell_times(&mut bench, report);
    let squashed = squashed?;
    let texts = &squashed.texts;
    let folder = settings.migrations.join(&texts.id);
    report.result(&format!("{}\n\n{}\n", folder.join("up.sql").display(), report::highlighted(&texts.up)));
    for line in &squashed.left {
        report.warn(&format!("a new database does not get these rows: {line}"));
    }
    let ids: Vec<&str> = old.0.iter().map(|migration| migration.id.as_str()).collect();
    if args.dry_run {
        report.say(&format!("{GOOD}proven, not written (--dry-run){GOOD:#}: {}", folder.display()));
    } else {
        let migration = NewMigration { id: &texts.id, up: &texts.up, down: Some(&texts.down) };
        files::replace(&settings.migrations, &migration, &ids)?;
        let aside = settings.migrations.join(REPLACED);
        report.say(&format!("{GOOD}proven and written{GOOD:#}: {}", folder.display()));
        report.say(&format!("{} moved to {}", migrations(ids.len()), aside.display()));
        report.say(&format!(
            "next: commit; `schema migrate` recognizes databases that have all of them; delete {} when every database has \
             passed",
            aside.display()
        ));
    }
    report.object(&json!({
        "written": !args.dry_run,
        "id": texts.id,
        "folder": folder.display().to_string(),
        "replaces": ids,
        "up": texts.up,
        "down": texts.down,
        "carried": squashed.carried,
        "left": squashed.left,
        "proven_on": {"version": squashed.server.version, "major": squashed.server.major},
    }));
    Ok(Outcome::Fine)
}
