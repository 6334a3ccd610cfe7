//! What the code declares, as far as it is known without building it: from the last build that this studio has asked
//! for, else from the snapshot beside the migrations.

use super::session::lock;
use super::state::Studio;
use schema_core::engine::files;
use schema_core::engine::id::ObjectId;
use schema_core::engine::lex::{self, TokenKind};
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
    Some(created(&snapshot))
}

/// Where the code declares an object: `src/models.rs:12`.
pub(super) fn place(studio: &Studio, id: &ObjectId) -> Option<String> {
    lock(&studio.origins).as_ref().and_then(|origins| origins.get(id).map(ToString::to_string))
}

/// The tables and views that this SQL creates.
fn created(sql: &str) -> BTreeSet<(String, String)> {
    let tokens = lex::tokens(sql).unwrap_or_default();
    let spans = lex::statements(sql, &tokens).unwrap_or_default();
    let mut found = BTreeSet::new();
    for span in spans {
        let mut words = tokens[span.tokens].iter().filter(|token| token.kind != TokenKind::Comment);
        if !words.next().is_some_and(|token| sql[token.range.clone()].eq_ignore_ascii_case("create")) {
            continue;
        }
        let mut rest = words.skip_while(|token| {
            let word = sql[token.range.clone()].to_ascii_lowercase();
            ["or", "replace", "unlogged", "foreign", "materialized", "recursive"].contains(&word.as_str())
        });
        let relation = rest.next().is_some_and(|token| {
            ["table", "view"].iter().any(|word| sql[token.range.clone()].eq_ignore_ascii_case(word))
        });
        if !relation {
            continue;
        }
        let mut rest = rest.skip_while(|token| {
            ["if", "not", "exists"].iter().any(|word| sql[token.range.clone()].eq_ignore_ascii_case(word))
        });
        let Some(first) = rest.next().and_then(|token| lex::name(sql, token)) else { continue };
        let dotted = rest.next().is_some_and(|token| &sql[token.range.clone()] == ".");
        let second = rest.next().filter(|_| dotted).and_then(|token| lex::name(sql, token));
        found.insert(match second {
            Some(second) => (first, second),
            None => ("public".to_owned(), first),
        });
    }
    found
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
        assert_eq!(created(sql), expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
    }
}
