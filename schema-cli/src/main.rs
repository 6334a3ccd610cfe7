//! Entry point of the program; everything is in the library.
fn main() -> std::process::ExitCode {
    schema_cli::main()
}
