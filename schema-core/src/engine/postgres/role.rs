//! Roles that SQL names and that a scratch server does not have: made on demand where the server is ours alone.

use crate::engine::error::Error;
use crate::engine::name::quoted;
use postgres::Client;
use postgres::error::SqlState;

/// The role that a statement names and that does not exist.
pub fn missing(error: &postgres::Error) -> Option<String> {
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::UNDEFINED_OBJECT)?;
    Some(said.message().strip_prefix("role \"")?.strip_suffix("\" does not exist")?.to_owned())
}

/// Makes a role that was missing; whether that worked.
pub fn make(client: &mut Client, role: &str) -> bool {
    client.batch_execute(&format!("CREATE ROLE {}", quoted(role))).is_ok()
}

/// Runs something, and again whenever a role was missing and could be made. What fails must leave no trace.
///
/// # Errors
/// The first error that is another one.
pub fn made_on_demand(
    client: &mut Client,
    run: impl Fn(&mut Client) -> Result<(), postgres::Error>,
) -> Result<(), postgres::Error> {
    loop {
        let Err(error) = run(client) else { return Ok(()) };
        if !missing(&error).is_some_and(|role| make(client, &role)) {
            return Err(error);
        }
    }
}

/// What to do where a role is missing on a server that is not ours alone.
pub fn next(role: &str) -> String {
    format!("run CREATE ROLE {} on the scratch server: only databases are made there", quoted(role))
}

/// The error, with that if it was one for want of a role.
pub fn explained(failed: Error, error: &postgres::Error) -> Error {
    match missing(error) {
        Some(role) => failed.next(next(&role)),
        None => failed,
    }
}
