//! Stories on the command line: the real program, a real server, what a person reads and what a program reads.

mod arguments;
mod diff;
mod generate;
mod init;
mod migrate;
mod pull;
mod push;
mod settings;
pub(crate) mod story;
