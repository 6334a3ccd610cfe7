//! Roles that SQL names and that a scratch server does not have: made on demand where the server is ours alone.

use crate::engine::name::quoted;
use postgres::Client;
use postgres::error::SqlState;

/// The role that a statement names and that does not exist.
pub fn missing(error: &postgres::Error) -> Option<String> {
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::UNDEFINED_OBJECT)?;
    Some(said.message().strip_prefix("role \"")?.strip_suffix("\" does not exist")?.to_owned())
}

/// Runs something, as often as a role turns out to be missing, which is then made. It must leave no trace when it fails.
///
/// # Errors
/// The first error that is another one.
pub fn made_on_demand(
    client: &mut Client,
    run: impl Fn(&mut Client) -> Result<(), postgres::Error>,
) -> Result<(), postgres::Error> {
    loop {
        let Err(error) = run(client) else { return Ok(()) };
        let Some(role) = missing(&error) else { return Err(error) };
        // Who can run the SQL but may not make roles learns what is missing, not that.
        if client.batch_execute(&format!("CREATE ROLE {}", quoted(&role))).is_err() {
            return Err(error);
        }
    }
}
