//! The program under test, as a binary of this package so that its tests can find it.
fn main() -> std::process::ExitCode {
    schema_cli::main()
}
