//! All integration tests, one binary.

mod declared;
