//! Binds, tells the address, serves, ends.

use super::failure::Failure;
use super::guard::guard;
use super::journal::Journal;
use super::session::lock;
use super::state::{Permissions, Project, Shared, Studio};
use super::{
    activity, assets, browser, changes, completion, diagram, edits, environments, explain, export, facts,
    health, import, queries, row, rows, sql, table, tables, viewer,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use schema_core::engine::error::Error;
use schema_core::engine::postgres::connect::Target;
use serde_json::json;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// A CSV that is imported comes in one body.
const LONGEST_BODY: usize = 64 << 20;
/// How long requests may go on after Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the command line says.
pub(crate) struct Options {
    pub(crate) port: Option<u16>,
    pub(crate) open: bool,
    pub(crate) write: bool,
    pub(crate) ddl: bool,
    pub(crate) allow_production: bool,
    /// Nobody asks anything for so long, and it ends.
    pub(crate) idle: Duration,
    /// Where the journal is written.
    pub(crate) directory: PathBuf,
}

/// Serves until Ctrl-C.
pub(crate) fn run(target: Target, project: Project, options: &Options) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::failed(format!("the studio cannot start: {error}")))?;
    let ended = runtime.block_on(serve(target, project, options));
    runtime.shutdown_timeout(PATIENCE);
    ended
}

async fn serve(target: Target, project: Project, options: &Options) -> Result<(), Error> {
    let (listeners, port) = bind(options.port).await?;
    let permissions = permissions(&target, &project, options);
    let journal = Journal::new(options.directory.clone(), target.display());
    let studio = Studio::new(target, project, permissions, journal, port);
    let studio = Arc::new(studio.map_err(|failure| Error::failed(failure.message.as_str()))?);
    tell(&studio, options);
    let app = app(&studio);
    for listener in listeners {
        let app = app.clone();
        tokio::spawn(async move { axum::serve(listener, app).await });
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
        () = idle(&studio, options.idle) => {
            studio.project.report.note("nobody has asked anything for a long time, so the studio ends");
        }
    }
    // What runs on the server is not left running.
    let running: Vec<_> = lock(&studio.running).values().cloned().collect();
    for token in running {
        let _ = tokio::time::timeout(PATIENCE, studio.target.cancel(token)).await;
    }
    Ok(())
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

async fn idle(studio: &Studio, most: Duration) {
    while let Some(left) = most.checked_sub(studio.idle()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left).await;
    }
}

/// This machine only, by both of its addresses: who else has the port of one would be taken for us.
async fn bind(port: Option<u16>) -> Result<(Vec<TcpListener>, u16), Error> {
    let failed = |error: std::io::Error| {
        let failed = Error::failed(format!("127.0.0.1 cannot be listened on: {error}"));
        if error.kind() == ErrorKind::AddrInUse {
            return failed.next("something has this port: choose another with --port, or none");
        }
        failed
    };
    for _ in 0..20 {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await.map_err(failed)?;
        let bound = first.local_addr().map_err(failed)?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(second) => return Ok((vec![first, second], bound)),
            Err(error) if error.kind() == ErrorKind::AddrInUse && port.is_none() => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(failed(error)),
            // There is no such address on this machine.
            Err(_) => return Ok((vec![first], bound)),
        }
    }
    Err(Error::failed("no port is free on both 127.0.0.1 and ::1").next("give one with --port"))
}

fn permissions(target: &Target, project: &Project, options: &Options) -> Permissions {
    let local = target.is_local();
    let names = [
        project.settings.environment_name().unwrap_or_default().to_owned(),
        target.host(),
        target.dbname().unwrap_or_default().to_owned(),
    ];
    let production = names.iter().any(|name| looks_like_production(name));
    let write = (local || options.write) && (!production || options.allow_production);
    Permissions { local, production, write, ddl: options.ddl && write }
}

/// `prod`, `production` or `live` as a word of the name.
fn looks_like_production(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| ["prod", "production", "prd", "live"].contains(&word))
}

/// The one place where the token is told.
fn tell(studio: &Studio, options: &Options) {
    let report = studio.project.report;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, studio.port));
    let page = format!("http://{address}/#token={}", studio.sessions.token().reveal());
    report.object(&json!({
        "address": page,
        "port": studio.port,
        "database": studio.target.display(),
        "may_write": studio.permissions.write,
        "production": studio.permissions.production,
    }));
    report.result(&format!("{}\n{page}\n", studio.target.display()));
    if studio.permissions.production && !studio.permissions.write {
        report.warn(
            "this looks like production, so it is read-only; --write --allow-production is the way around",
        );
    }
    report.note("only this machine can open it; Ctrl-C ends it");
    if options.open
        && let Err(error) = browser::open(&page, &options.directory)
    {
        report.note(&format!("the browser cannot be opened ({error}): open the address yourself"));
    }
}

fn app(studio: &Shared) -> Router {
    Router::new()
        .route("/", get(assets::page))
        .route("/assets/{*path}", get(assets::asset))
        .route("/api/session", post(facts::session))
        .route("/api/info", get(facts::info))
        .route("/api/write", post(facts::write))
        .route("/api/roles", get(viewer::roles))
        .route("/api/role", post(viewer::become_role))
        .route("/api/tables", get(tables::tables))
        .route("/api/table", get(table::table))
        .route("/api/definition", get(table::sql))
        .route("/api/rows", post(rows::rows))
        .route("/api/count", post(rows::count))
        .route("/api/cell", post(rows::cell))
        .route("/api/row", post(row::row))
        .route("/api/edits", post(edits::edits))
        .route("/api/export", post(export::export))
        .route("/api/import", post(import::import))
        .route("/api/diagram", get(diagram::diagram))
        .route("/api/completion", get(completion::completion))
        .route("/api/activity", get(activity::activity))
        .route("/api/health", get(health::health))
        .route("/api/changes", get(changes::changes))
        .route("/api/environments", get(environments::names))
        .route("/api/environment", post(environments::status))
        .route("/api/history", get(queries::history))
        .route("/api/queries", get(queries::list).post(queries::save))
        .route("/api/queries/delete", post(queries::delete))
        .route("/api/sql", post(sql::sql))
        .route("/api/sql/cancel", post(sql::cancel))
        .route("/api/explain", post(explain::explain))
        .fallback(async || Failure::missing("there is nothing here"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "this is not asked for in this way")
        })
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(studio), guard))
        .with_state(Arc::clone(studio))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_like_production() {
        for name in ["production", "db.prod.example.com", "app_production", "shop-live", "PROD1"] {
            assert!(looks_like_production(name), "{name}");
        }
        for name in ["", "products", "delivery", "localhost", "reproduction", "127.0.0.1", "app_dev"] {
            assert!(!looks_like_production(name), "{name}");
        }
    }
}
