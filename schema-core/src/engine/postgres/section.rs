//! Runs one section of a script, in its transaction or outside of any. Knows neither ledger nor lock.

use super::failure;
use super::role;
use super::session::Session;
use crate::engine::error::Error;
use crate::engine::lex::{self, Token, TokenKind};
use crate::engine::script::{Script, Section, Statement};
use postgres::Client;
use std::time::Duration;

/// Why a section did not run. What its transaction had done is rolled back.
pub(crate) struct Failure<'a> {
    pub(crate) error: Box<Error>,
    /// One line without data of rows, for the ledger.
    pub(crate) headline: String,
    /// The statement at fault; none where it was not the script's.
    pub(crate) statement: Option<&'a Statement>,
    /// Another session stood in the way.
    pub(crate) contention: bool,
    /// A role that the statement names and that does not exist.
    pub(crate) missing_role: Option<String>,
    /// The connection is lost: how the section ended is for the ledger to say.
    pub(crate) lost: bool,
}

impl<'a> Failure<'a> {
    pub(crate) fn new(error: Error, cause: &postgres::Error, statement: Option<&'a Statement>) -> Self {
        let headline = cause.as_db_error().map_or_else(|| cause.to_string(), failure::headline);
        let (contention, lost) = (failure::is_contention(cause), failure::is_lost(cause));
        let missing_role = role::missing(cause);
        Self { error: Box::new(error), headline, statement, contention, missing_role, lost }
    }

    pub(crate) fn plain(error: Error) -> Self {
        let headline = error.what.clone();
        let error = Box::new(error);
        Self { error, headline, statement: None, contention: false, missing_role: None, lost: false }
    }
}

/// Runs a script from its first section to its last, without ledger and without limits: for scratch databases. `on_demand`:
/// roles that are missing are made.
pub fn apply_script(client: &mut Client, script: &Script, on_demand: bool) -> Result<(), Error> {
    let session = Session::begin(client)?;
    let mut run = |section: &Section| loop {
        let result = if section.transaction {
            in_transaction(client, &session, script, section, Duration::ZERO, "")
        } else {
            outside(client, &session, script, &section.statements[0], Duration::ZERO)
        };
        let Err(failure) = result else { return Ok(()) };
        match failure.missing_role {
            Some(role) if on_demand && role::make(client, &role) => {}
            Some(role) if !on_demand => return Err(failure.error.next(role::next(&role))),
            Some(_) | None => return Err(*failure.error),
        }
    };
    let result = script.sections.iter().try_for_each(&mut run);
    session.end(client);
    result
}

/// Runs a section as one transaction; `last` is the SQL that records it, in the same transaction.
pub(crate) fn in_transaction<'a>(
    client: &mut Client,
    session: &Session,
    script: &Script,
    section: &'a Section,
    lock_timeout: Duration,
    last: &str,
) -> Result<(), Failure<'a>> {
    let result = statements(client, session, script, section, lock_timeout, last);
    if result.is_err() {
        // After a lost connection this fails too, and the server has rolled back by itself.
        let _ = client.batch_execute("ROLLBACK");
    }
    result
}

fn statements<'a>(
    client: &mut Client,
    session: &Session,
    script: &Script,
    section: &'a Section,
    lock_timeout: Duration,
    last: &str,
) -> Result<(), Failure<'a>> {
    let other = |what: &str, e: &postgres::Error| Failure::new(failure::doing(what, e), e, None);
    let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", lock_timeout.as_millis());
    client.batch_execute(session.ours()).map_err(|e| other("resetting the session", &e))?;
    client.batch_execute(&begin).map_err(|e| other("beginning the transaction", &e))?;
    for statement in &section.statements {
        client.batch_execute(&statement.sql).map_err(|e| {
            Failure::new(failure::statement(&script.file, statement, &e), &e, Some(statement))
        })?;
    }
    let record = format!("{} {last}", session.ours());
    client.batch_execute(&record).map_err(|e| other("writing the ledger", &e))?;
    // Asked before the COMMIT: what another session than ours did is rolled back.
    session.check(client).map_err(Failure::plain)?;
    client.batch_execute("COMMIT").map_err(|e| {
        let line = section.statements.first().map_or(1, |statement| statement.line);
        Failure::new(failure::doing("committing the section", &e).at(&script.file, line), &e, None)
    })
}

/// Runs one statement outside of a transaction. Waiting for others' transactions is what CONCURRENTLY does, and it
/// blocks nobody meanwhile: no limit there.
pub(crate) fn outside<'a>(
    client: &mut Client,
    session: &Session,
    script: &Script,
    statement: &'a Statement,
    lock_timeout: Duration,
) -> Result<(), Failure<'a>> {
    let timeout = if is_concurrent(&statement.sql) { 0 } else { lock_timeout.as_millis() };
    let ours = format!("{} SET lock_timeout = {timeout};", session.ours());
    client
        .batch_execute(&ours)
        .map_err(|e| Failure::new(failure::doing("resetting the session", &e), &e, None))?;
    client
        .batch_execute(&statement.sql)
        .map_err(|e| Failure::new(failure::statement(&script.file, statement, &e), &e, Some(statement)))
}

/// Whether a statement says CONCURRENTLY, which is the name of nothing unless it is quoted.
fn is_concurrent(sql: &str) -> bool {
    let tokens = lex::tokens(sql).unwrap_or_default();
    let says = |token: &Token| sql[token.range.clone()].eq_ignore_ascii_case("concurrently");
    tokens.iter().any(|token| token.kind == TokenKind::Word && says(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrently_wherever_it_stands() {
        for sql in [
            "create index concurrently i on t (x)",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "alter table if exists app.events detach partition app.events_2024 concurrently",
        ] {
            assert!(is_concurrent(sql), "{sql}");
        }
        for sql in
            ["vacuum t", "create index \"concurrently\" on t (x)", "select 'concurrently' -- concurrently"]
        {
            assert!(!is_concurrent(sql), "{sql}");
        }
    }
}
