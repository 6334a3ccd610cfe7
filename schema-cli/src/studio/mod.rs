//! `schema studio`: a page in the browser on one database, served to this machine only.

mod activity;
mod assets;
mod body;
mod browser;
mod changes;
mod completion;
mod csv;
mod declared;
mod definition;
mod diagram;
mod edits;
mod explain;
mod export;
mod facts;
mod failure;
mod foreign_key;
mod guard;
mod import;
mod journal;
mod pool;
mod queries;
mod relation;
mod row;
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
