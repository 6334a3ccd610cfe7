//! All integration tests, one binary.

mod scratch;
