//! `schema check`: what the engine finds out about histories, and the command.

mod by_hand;
mod command;
mod engine;
mod own;
