//! All integration tests, one binary.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests start programs and servers")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod cli;
mod declared;
mod extract;
mod line;
mod managed;
mod properties;
mod pull;
mod push;
mod renames;
mod scratch;
mod studio;
mod support;
mod tidy;
mod tour;
