//! The page: files that lie inside of the program.

use super::failure::Failure;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use schema_core::engine::hex::hex;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "src/studio/ui/"]
#[exclude = "src/*"]
#[exclude = "node_modules/*"]
struct Files;

/// `GET /`.
pub(super) async fn page(headers: HeaderMap) -> Response {
    file("index.html", &headers)
}

/// `GET /assets/...`.
pub(super) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&path, &headers)
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    let Some(found) = Files::get(path) else {
        return Failure::missing("there is no such file").into_response();
    };
    let mark = format!("\"{}\"", hex(&found.metadata.sha256_hash()[..16]));
    let known = headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == mark.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data = match found.data {
            Cow::Borrowed(inside) => Bytes::from_static(inside),
            Cow::Owned(read) => Bytes::from(read),
        };
        ([(CONTENT_TYPE, kind(path))], data).into_response()
    };
    // The file is asked for again each time, and sent only if it has changed.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        response.headers_mut().insert(ETAG, mark);
    }
    response
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
