//! Who may ask: a token per run, exchanged for a cookie. Both are compared in constant time, neither is ever printed
//! but once.

use super::failure::Failure;
use crate::secret;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use schema_core::engine::hex::hex;
use std::collections::VecDeque;
use std::sync::Mutex;
use subtle::ConstantTimeEq;

/// So many pages can be open with cookies of their own; the oldest goes.
const MOST: usize = 32;

/// 256 random bits as text. Shows nothing of itself.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    fn new() -> Result<Self, Failure> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|error| Failure::broken(format!("the system gives no random numbers: {error}")))?;
        let text = hex(&bytes);
        secret::keep(&text);
        Ok(Self(text))
    }

    /// To be called where the secret goes to its one reader.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The token of this run, and the cookies that it was exchanged for.
pub(super) struct Sessions {
    token: Secret,
    cookie: String,
    open: Mutex<VecDeque<Secret>>,
}

impl Sessions {
    /// Cookies are not kept apart by port, so their name has it.
    pub(super) fn new(port: u16) -> Result<Self, Failure> {
        Ok(Self { token: Secret::new()?, cookie: format!("schema_studio_{port}"), open: Mutex::default() })
    }

    pub(super) fn token(&self) -> &Secret {
        &self.token
    }

    /// Exchanges the token for a `Set-Cookie`.
    pub(super) fn open(&self, token: &str) -> Result<Option<String>, Failure> {
        if !self.token.is(token) {
            return Ok(None);
        }
        let session = Secret::new()?;
        let line = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, session.reveal());
        let mut open = lock(&self.open);
        open.push_back(session);
        if open.len() > MOST {
            open.pop_front();
        }
        Ok(Some(line))
    }

    /// Whether a request comes with a cookie of ours.
    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let open = lock(&self.open);
        let mut known = false;
        for (name, value) in pairs {
            if name == self.cookie {
                for session in open.iter() {
                    known |= session.is(value);
                }
            }
        }
        known
    }
}

/// What a thread that panicked has left is as good as before: every change here is one step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_the_token_opens() {
        let sessions = Sessions::new(1).unwrap();
        let token = sessions.token().reveal().to_owned();
        assert_eq!(token.len(), 64);
        assert_ne!(token, Sessions::new(1).unwrap().token().reveal());
        for wrong in ["", &token[1..], &format!("{token}0"), &token.to_uppercase().replace('A', "B"), "0"] {
            assert!(sessions.open(wrong).unwrap().is_none());
        }
        let line = sessions.open(&token).unwrap().unwrap();
        let pair = line.split(';').next().unwrap();
        let asks = |cookie: &str| {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
            sessions.knows(&headers)
        };
        assert!(asks(pair) && asks(&format!("a=b; {pair}; c=d")));
        assert!(!asks(&pair.replace("_1=", "_2=")) && !asks(&pair[..pair.len() - 1]) && !asks(""));
        assert!(!asks(&format!("schema_studio_1={token}")));
        // Not a secret in what is shown.
        assert_eq!(format!("{:?}", sessions.token()), "Secret");
    }
}
