//! All integration tests, one binary.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests start programs and servers")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod back;
mod cases;
mod check;
mod cli;
mod declared;
mod ecosystem;
mod extract;
mod faults;
mod line;
mod lint;
mod managed;
mod online;
mod properties;
mod pull;
mod push;
mod renames;
mod scratch;
mod support;
mod tidy;
mod tour;
