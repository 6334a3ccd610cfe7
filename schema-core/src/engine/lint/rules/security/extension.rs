//! `extension-in-public`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const IN_PUBLIC: Rule = Rule {
    name: "extension-in-public",
    group: Group::Security,
    levels: Levels::INFO,
    summary: "An extension is put into the schema public.",
    why: "Its functions mix with those of the program, and whoever may create there can put others in front of them.",
    recipe: "Give extensions a schema of their own:\n\
             CREATE SCHEMA IF NOT EXISTS extensions;\nCREATE EXTENSION citext SCHEMA extensions;",
    checks: &[Check::Up(check)],
};

/// These have a schema of their own, or put nothing anywhere.
const FIXED: &[&str] = &["plpgsql", "pg_cron", "timescaledb", "postgis_topology", "pg_repack"];

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::CreateExtension { name, schema, .. } = &site.placed.action else { return };
    let public = schema.as_ref().is_none_or(|schema| schema.as_str() == "public");
    if public && !FIXED.contains(&name.as_str()) {
        found.at(site, format!("the extension {name} is put into public")).of(name);
    }
}
