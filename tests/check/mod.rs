//! `schema check`: what the engine finds out about histories, and the command.

mod command;
mod engine;
mod own;
