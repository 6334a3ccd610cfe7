//! All integration tests, one binary.

mod declared;
mod extract;
