//! All integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod cli;
mod declared;
mod extract;
mod line;
mod scratch;
mod support;
