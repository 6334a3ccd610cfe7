//! The program `schema`: arguments, wiring and reports. No rule about schemas or migrations lives here.

pub mod extract;

/// Runs the program with the process's own arguments.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
