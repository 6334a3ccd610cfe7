//! JSON out of the body of a request; the guard has looked at its type.

use super::failure::Failure;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

/// What a request says.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Failure::new(error.status(), "the body is too long, or broke off"))?;
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| Failure::wrong(format!("the request is not what was agreed: {error}")))?;
        Ok(Self(value))
    }
}
