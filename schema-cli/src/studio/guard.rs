//! What stands before every request: whose name the page was called by, who asks, and what the browser may do with the
//! answer. No header ever lets another origin in.

use super::failure::Failure;
use super::state::Shared;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Every call of the API carries it: no form and no simple request can.
const OURS: &str = "x-schema-studio";

/// What a page of ours may load: what lies in this program, nothing else.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), usb=()"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
];

/// The first thing that a request meets.
pub(super) async fn guard(State(studio): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = match check(&studio, &request) {
        Ok(()) => {
            studio.touch();
            unbroken(next.run(request)).await
        }
        Err(failure) => failure.into_response(),
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
    }
    for (name, value) in ALWAYS {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A panic is told on the terminal; whoever asked gets an answer all the same, without a word of it.
async fn unbroken(answer: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| Failure::broke_off().into_response())
}

fn check(studio: &Shared, request: &Request) -> Result<(), Failure> {
    let headers = request.headers();
    let host = host(headers, studio.port)?;
    if ![Method::GET, Method::HEAD, Method::POST].contains(request.method()) {
        return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and POST"));
    }
    let reads = request.method() != Method::POST;
    let path = request.uri().path();
    let api = path == "/api" || path.starts_with("/api/");
    if reads && !api {
        return Ok(());
    }
    origin(headers, host, reads)?;
    if one(headers, HeaderName::from_static(OURS))? != Some("1") {
        return Err(Failure::forbidden("the header X-Schema-Studio is missing"));
    }
    if !reads {
        let kind = one(headers, CONTENT_TYPE)?.unwrap_or_default();
        if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body must be application/json",
            ));
        }
    }
    if path != "/api/session" && !studio.sessions.knows(headers) {
        return Err(Failure::new(StatusCode::UNAUTHORIZED, "there is no session")
            .next("open the address that `schema studio` has printed"));
    }
    Ok(())
}

/// The one name that the browser knows us by. Another one is a page that had its name point here.
fn host(headers: &HeaderMap, port: u16) -> Result<&str, Failure> {
    let wrong = || Failure::new(StatusCode::MISDIRECTED_REQUEST, "this is not a host of schema studio");
    let host = one(headers, HOST).ok().flatten().ok_or_else(wrong)?;
    let (name, of) = host.rsplit_once(':').unwrap_or((host, "80"));
    let ours = ["127.0.0.1", "localhost", "[::1]"].contains(&name) && of == port.to_string();
    if ours { Ok(host) } else { Err(wrong()) }
}

/// Browsers say where a request that changes something comes from; other requests they may leave unsaid.
fn origin(headers: &HeaderMap, host: &str, may_be_missing: bool) -> Result<(), Failure> {
    let wrong = || Failure::forbidden("this request comes from another page");
    match one(headers, ORIGIN)? {
        Some(origin) if origin.strip_prefix("http://") == Some(host) => {}
        None if may_be_missing => {}
        Some(_) | None => return Err(wrong()),
    }
    match one(headers, HeaderName::from_static("sec-fetch-site"))? {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(wrong()),
    }
}

/// The value of a header that may stand once.
fn one(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Failure> {
    let mut values = headers.get_all(&name).into_iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Failure::wrong(format!("the header {name} stands twice")));
    }
    first.map(HeaderValue::to_str).transpose().map_err(|_| Failure::wrong("a header is not text"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_without_its_words() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let told = runtime.block_on(async {
            let answer = unbroken(async { panic!("password=hunter2") }).await;
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap()
        });
        let told = String::from_utf8(told.to_vec()).unwrap();
        assert!(told.contains("see the terminal") && !told.contains("hunter2"), "{told}");
    }
}
