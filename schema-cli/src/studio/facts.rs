//! Which database this is, who we are there, and whether it can be written to. The switch.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::pool::Reading;
use super::state::Shared;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

#[derive(Deserialize)]
pub(super) struct Token {
    token: String,
}

/// `POST /api/session`: the token for a cookie. The cookie is given even if the database is away.
pub(super) async fn session(State(studio): State<Shared>, Body(wish): Body<Token>) -> Response {
    let cookie = match studio.sessions.open(&wish.token) {
        Ok(Some(cookie)) => cookie,
        Ok(None) => {
            return Failure::new(StatusCode::UNAUTHORIZED, "this token is not of this run")
                .next("open the address that `schema studio` has printed")
                .into_response();
        }
        Err(failure) => return failure.into_response(),
    };
    let mut response = info(State(studio)).await.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// `GET /api/info`.
pub(super) async fn info(State(studio): State<Shared>) -> Answer {
    Ok(Json(facts(&studio).await?))
}

#[derive(Deserialize)]
pub(super) struct Switch {
    on: bool,
}

/// `POST /api/write`: the switch.
pub(super) async fn write(State(studio): State<Shared>, Body(wish): Body<Switch>) -> Answer {
    if wish.on && !studio.permissions.write {
        return Err(Failure::forbidden("this database is read-only here").next(studio.how_to_write()));
    }
    if wish.on {
        studio.must_be_oneself()?;
    }
    let was = studio.writing.swap(wish.on, Ordering::Relaxed);
    if was != wish.on {
        studio
            .journal
            .audit(if wish.on { "-- writing is turned on" } else { "-- writing is turned off" }, "");
    }
    info(State(studio)).await
}

async fn facts(studio: &Shared) -> Result<Value, Failure> {
    let lease = studio.reader.read(Reading::ours(10)).await?;
    let row = lease
        .query_one(
            "SELECT current_database()::text, session_user::text, current_setting('server_version'),
                current_setting('server_version_num')::int4, pg_is_in_recovery()",
            &[],
        )
        .await?;
    let power = lease.power();
    lease.rollback().await?;
    let permissions = studio.permissions;
    let mut warnings = Vec::new();
    if power.superuser {
        warnings.push(
            "this is a superuser: with writing on, statements can also read and write files of the server and start \
             programs there",
        );
    } else if power.server {
        warnings.push("this role may read or write files of the server, or start programs there");
    }
    if power.server && power.can_step_down {
        warnings.push(
            "with writing off, statements of the SQL editor run as pg_read_all_data, which has none of these rights; \
             functions that others have put into this database are not looked into",
        );
    } else if power.server {
        warnings.push(
            "this role cannot step down to pg_read_all_data: with writing off, functions for files of the server are \
             refused by their names only",
        );
    }
    if permissions.production {
        warnings.push("this looks like production");
    }
    let standby: bool = row.get(4);
    if standby {
        warnings.push("this server is a standby: it takes no writes");
    }
    let settings = &studio.project.settings;
    let viewer = studio.viewer();
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "project": studio.project.root.as_ref().map(|root| project_name(root)),
        "environment": {"name": settings.environment_name(), "local": permissions.local,
            "production": permissions.production},
        "database": row.get::<_, &str>(0),
        "host": studio.target.host(),
        "port": studio.target.port(),
        "user": row.get::<_, &str>(1),
        "server_version": row.get::<_, &str>(2),
        "major": row.get::<_, i32>(3) / 10_000,
        "superuser": power.superuser,
        "may_write": permissions.write,
        "writing": studio.writing.load(Ordering::Relaxed) && viewer.is_none(),
        "viewer": viewer.as_deref(),
        "may_change_schema": permissions.ddl,
        "warnings": warnings,
    }))
}

/// The name of its directory.
fn project_name(root: &std::path::Path) -> String {
    let full = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let full = full.canonicalize().unwrap_or(full);
    full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
