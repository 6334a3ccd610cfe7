//! Rows as another role sees them: its rights, its row security, and the settings that policies ask for. Only to look:
//! nothing is written meanwhile.

use super::body::Body;
use super::facts::info;
use super::failure::{Answer, Failure, Json};
use super::pool::Reading;
use super::session::lock;
use super::state::Shared;
use axum::extract::State;
use schema_core::engine::name::{literal, quoted};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_postgres::Row;

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Viewer {
    pub(super) role: String,
    /// What an application would set for its user: `request.jwt.claims`, `app.user_id`.
    settings: BTreeMap<String, String>,
}

impl Viewer {
    /// PostgreSQL keeps an empty text where such a setting has been, not nothing; policies can tell.
    pub(super) fn stains(&self) -> bool {
        !self.settings.is_empty()
    }

    /// Becomes it, for a transaction. The settings come last: they are set with its rights.
    pub(super) fn begin(&self) -> String {
        // The `$user` in its search path is the role itself.
        let mut sql = format!("; SET LOCAL ROLE {}; SET LOCAL row_security = on", quoted(&self.role));
        for (name, value) in &self.settings {
            sql += &format!("; SELECT pg_catalog.set_config({}, {}, true)", literal(name), literal(value));
        }
        // A first query has run in any case, so that nobody can make the transaction a writing one.
        sql + "; SELECT 1"
    }
}

/// Whom one can become: no superuser, for whom there is no row security, and nobody who may read or write files of the
/// server.
const ROLES: &str = "
    SELECT r.rolname::text, r.rolcanlogin, r.rolbypassrls FROM pg_roles r
    WHERE pg_has_role(session_user, r.oid, 'MEMBER') AND NOT r.rolsuper AND r.rolname !~ '^pg_'
        AND NOT pg_has_role(r.oid, 'pg_read_server_files', 'MEMBER')
        AND NOT pg_has_role(r.oid, 'pg_write_server_files', 'MEMBER')
        AND NOT pg_has_role(r.oid, 'pg_execute_server_program', 'MEMBER')";

/// `GET /api/roles`.
pub(super) async fn roles(State(studio): State<Shared>) -> Answer {
    let lease = studio.reader.read(Reading::ours(10)).await?;
    let rows = lease.query(&format!("{ROLES} ORDER BY 2 DESC, 1"), &[]).await?;
    lease.rollback().await?;
    let role = |row: &Row| json!({"name": row.get::<_, &str>(0), "login": row.get::<_, bool>(1), "bypasses": row.get::<_, bool>(2)});
    Ok(Json(json!({"roles": rows.iter().map(role).collect::<Vec<_>>()})))
}

#[derive(Deserialize)]
pub(super) struct Wish {
    /// Nobody: as oneself again.
    role: Option<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

/// `POST /api/role`.
pub(super) async fn become_role(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Answer {
    let viewer = match wish.role {
        None => None,
        Some(role) => {
            let settings = wish.settings;
            if let Some(name) = settings.keys().find(|name| !is_custom(name)) {
                return Err(Failure::wrong(format!("{name} is no setting of an application"))
                    .next("such names have a dot: request.jwt.claims, app.user_id"));
            }
            let viewer = Arc::new(Viewer { role, settings });
            let lease = studio.reader.read(Reading::ours(10)).await?;
            let known = lease.query_opt(&format!("{ROLES} AND r.rolname = $1"), &[&viewer.role]).await?;
            lease.rollback().await?;
            if known.is_none() {
                return Err(Failure::forbidden(format!("you cannot look as {}", viewer.role))
                    .next("choose a role that you are a member of and that has no rights over the server"));
            }
            // Whether PostgreSQL agrees is seen at once.
            studio.reader.read(Reading::rows(10, Some(Arc::clone(&viewer)))).await?.rollback().await?;
            Some(viewer)
        }
    };
    *lock(&studio.viewer) = viewer;
    info(State(studio)).await
}

/// `prefix.name`, as PostgreSQL takes it from anybody: a setting that means nothing to PostgreSQL itself.
fn is_custom(name: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.contains('.') && name.len() < 64 && name.split('.').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_applications() {
        for name in ["app.user_id", "request.jwt.claims", "a.b"] {
            assert!(is_custom(name), "{name}");
        }
        for name in ["", "role", "row_security", "a.", ".a", "a.b;c", "a.b'", "a.1", "session_authorization"]
        {
            assert!(!is_custom(name), "{name}");
        }
    }

    #[test]
    fn names_and_values_are_quoted() {
        let settings = BTreeMap::from([("app.user".to_owned(), "it's".to_owned())]);
        let sql = Viewer { role: "a\"; RESET ROLE; --".to_owned(), settings }.begin();
        let expected = "; SET LOCAL ROLE \"a\"\"; RESET ROLE; --\"; SET LOCAL row_security = on; \
            SELECT pg_catalog.set_config('app.user', 'it''s', true); SELECT 1";
        assert_eq!(sql, expected);
    }
}
