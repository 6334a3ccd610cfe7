//! The way back and the taking over: rollback, squash, baseline, repair, parking, on the command line and a real server.

mod baseline;
mod park;
mod repair;
mod rollback;
mod squash;

use crate::cli::story::{Database, Story, parts};

/// Runs what must end with this code, and gives what was printed.
fn ends(story: &Story, code: i32, arguments: &str) -> String {
    let (ended, out, told) = parts(&story.run(arguments));
    assert_eq!(ended, code, "schema {arguments}\n{out}\n{told}");
    format!("{out}\n{told}")
}

fn sql(database: &mut Database, sql: &str) {
    database.db.client().batch_execute(sql).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
}

fn number(database: &mut Database, query: &str) -> i64 {
    database.db.client().query_one(query, &[]).unwrap_or_else(|error| panic!("{error:?}\n{query}")).get(0)
}

fn text(database: &mut Database, query: &str) -> String {
    database.db.client().query_one(query, &[]).unwrap_or_else(|error| panic!("{error:?}\n{query}")).get(0)
}

/// Writes a migration; an empty down is none.
fn migration(story: &Story, id: &str, up: &str, down: &str) {
    story.write(&format!("migrations/{id}/up.sql"), up);
    if !down.is_empty() {
        story.write(&format!("migrations/{id}/down.sql"), down);
    }
}
