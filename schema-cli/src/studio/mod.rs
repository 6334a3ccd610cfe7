//! `schema studio`: a page in the browser on one database, served to this machine only.

mod assets;
mod body;
mod browser;
mod declared;
mod definition;
mod explain;
mod facts;
mod failure;
mod guard;
mod journal;
mod pool;
mod relation;
mod rows;
mod seek;
mod server;
mod session;
mod sql;
mod sql_text;
mod state;
mod statement;
mod table;
mod tables;

pub(crate) use server::{Options, run};
pub(crate) use state::Project;
