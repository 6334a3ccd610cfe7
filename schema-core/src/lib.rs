//! PostgreSQL schemas as Rust code: the traits and const definitions that the derives fill in. Behind the
//! feature `engine`: everything that turns them into migrations.
#![cfg_attr(not(feature = "migrate"), no_std)]

pub mod def;
#[cfg(feature = "migrate")]
pub mod engine;
#[cfg(feature = "migrate")]
pub mod migrate;

#[cfg(feature = "migrate")]
#[doc(hidden)]
pub use schema_derive::__migrations;
