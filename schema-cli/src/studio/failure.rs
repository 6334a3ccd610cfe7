//! What goes wrong in a request: a status, and the object that the page shows.

use super::relation::Named;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schema_core::engine::error::{Class, Error};
use schema_core::engine::postgres::failure::is_lost;
use serde::Serialize;
use serde_json::{Value, json};
use std::ops::{Deref, DerefMut};
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

/// The answer of a handler.
pub(super) type Answer = Result<Json, Failure>;

/// A JSON body.
pub(super) struct Json<T = Value>(pub(super) T);

/// An answer that is an error. Never holds a password: the driver's messages have none.
#[derive(Debug, Clone)]
pub(super) struct Failure(Box<Said>);

/// What is said of it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    /// What the page gets under `error`.
    pub(super) message: String,
    pub(super) code: Option<String>,
    /// In characters, counted from 1.
    pub(super) position: Option<u32>,
    pub(super) line: Option<u32>,
    pub(super) hint: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) next: Option<String>,
    /// Where the server says so: what the error is about.
    pub(super) column: Option<String>,
    pub(super) constraint: Option<String>,
    pub(super) table: Option<Named>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(Box::new(Said {
            status,
            message: message.into(),
            code: None,
            position: None,
            line: None,
            hint: None,
            detail: None,
            next: None,
            column: None,
            constraint: None,
            table: None,
        }))
    }

    /// The request makes no sense.
    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// It may not be done here.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Something on this machine did not work.
    pub(super) fn broken(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// A panic: it is told on the terminal, and here without a word of it.
    pub(super) fn broke_off() -> Self {
        Self::broken("this broke off: see the terminal of `schema studio`")
    }

    #[must_use]
    pub(super) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    #[must_use]
    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub(super) fn line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// The message with the server's detail.
    pub(super) fn full(&self) -> String {
        let detail = self.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
        format!("{}{detail}", self.message)
    }

    pub(super) fn has_code(&self, code: &SqlState) -> bool {
        self.code.as_deref() == Some(code.code())
    }

    /// The object under `error`.
    pub(super) fn object(&self) -> Value {
        json!({
            "message": self.message,
            "code": self.code,
            "position": self.position,
            "line": self.line,
            "hint": self.hint,
            "detail": self.detail,
            "next": self.next,
        })
    }

    fn of_server(db: &DbError) -> Self {
        let status = if *db.code() == SqlState::INSUFFICIENT_PRIVILEGE {
            StatusCode::FORBIDDEN
        } else {
            StatusCode::BAD_REQUEST
        };
        let mut failure = Self::new(status, db.message());
        failure.code = Some(db.code().code().to_owned());
        failure.position = match db.position() {
            Some(ErrorPosition::Original(position)) => Some(*position),
            Some(ErrorPosition::Internal { .. }) | None => None,
        };
        failure.hint = db.hint().map(ToOwned::to_owned);
        failure.detail = db.detail().map(ToOwned::to_owned);
        failure.column = db.column().map(ToOwned::to_owned);
        failure.constraint = db.constraint().map(ToOwned::to_owned);
        failure.table = db
            .schema()
            .zip(db.table())
            .map(|(schema, name)| Named { schema: schema.to_owned(), name: name.to_owned() });
        if *db.code() == SqlState::READ_ONLY_SQL_TRANSACTION {
            failure.status = StatusCode::FORBIDDEN;
            failure.next = Some("turn writing on to change data".to_owned());
        }
        failure
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        if is_lost(&error) {
            return Self::new(StatusCode::BAD_GATEWAY, "the connection to the database is lost")
                .next("is the server running? the next request connects again");
        }
        match error.as_db_error() {
            Some(db) => Self::of_server(db),
            None => Self::wrong(error.to_string()),
        }
    }
}

/// Errors of the engine.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match error.class {
            Class::Findings | Class::Usage => StatusCode::BAD_REQUEST,
            Class::Refused => StatusCode::FORBIDDEN,
            Class::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let places: String = error.at.iter().map(|at| format!("\n{at}")).collect();
        let mut failure = Self::new(status, error.what + &places);
        failure.next = error.next;
        failure
    }
}

impl Deref for Failure {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Said {
        &mut self.0
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        match serde_json::to_string(&self.0) {
            Ok(text) => (kind, text).into_response(),
            Err(error) => Failure::broken(format!("an answer cannot be written: {error}")).into_response(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": self.object()}))).into_response()
    }
}
