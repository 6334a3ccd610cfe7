//! What the code declares, as far as it is known without building it: from the last build that this studio has asked
//! for, else from the snapshot beside the migrations.

use super::session::lock;
use super::state::Studio;
use schema_core::engine::declared::created;
use schema_core::engine::files;
use schema_core::engine::id::ObjectId;
use std::collections::BTreeSet;

/// The declared tables and views by PostgreSQL schema and name; `None` if nothing says so.
pub(super) fn names(studio: &Studio) -> Option<BTreeSet<(String, String)>> {
    if let Some(origins) = lock(&studio.origins).as_ref() {
        let relation = |id: &ObjectId| {
            id.as_relation().map(|name| (name.schema.as_str().to_owned(), name.name.as_str().to_owned()))
        };
        return Some(origins.keys().filter_map(relation).collect());
    }
    let snapshot = files::read_snapshot(&studio.project.settings.migrations).ok().flatten()?;
    Some(relations(&snapshot))
}

/// Where the code declares an object: `src/models.rs:12`.
pub(super) fn place(studio: &Studio, id: &ObjectId) -> Option<String> {
    lock(&studio.origins).as_ref().and_then(|origins| origins.get(id).map(ToString::to_string))
}

/// The tables and views that this SQL creates.
fn relations(sql: &str) -> BTreeSet<(String, String)> {
    let made = created(sql).unwrap_or_default().into_iter();
    let relations = made.filter(|made| matches!(made.kind, "table" | "view"));
    relations.map(|made| (made.schema.unwrap_or_else(|| "public".to_owned()), made.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_views_of_a_snapshot() {
        let sql = "-- x\nCREATE TABLE users (id int);\nCREATE TABLE s.\"Odd\"\"one\" (id int);
            CREATE UNLOGGED TABLE u (id int); CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE INDEX i ON users (id);
            create or replace view v as select 1; COMMENT ON TABLE x IS 'create table y'; CREATE TYPE t AS ENUM ();";
        let expected =
            [("public", "m"), ("public", "u"), ("public", "users"), ("public", "v"), ("s", "Odd\"one")];
        assert_eq!(relations(sql), expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
    }
}
