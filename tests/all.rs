//! All integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod declared;
mod extract;
mod line;
mod properties;
mod renames;
mod scratch;
mod support;
