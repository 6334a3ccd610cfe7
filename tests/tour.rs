//! The README's first command, run as it is: the tour of `examples/finance`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// `cargo test --workspace` has built it; alone, this package has not.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join("examples/tour");
    if !program.exists() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let build = ["build", "--quiet", "--package", "schema-cli", "--example", "tour"];
        assert!(Command::new(cargo).args(build).status().unwrap().success());
    }
    program
}

#[test]
fn the_tour_of_the_example() {
    let output = Command::new(program()).env("NO_COLOR", "1").env_remove("DATABASE_URL").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    let expected = [
        "A throwaway database on PostgreSQL",
        "the code is ahead of the migrations:",
        "add    column transactions.status",
        "ALTER TABLE public.transactions ADD COLUMN status public.transaction_status",
        "proven and written: ",
        "2 applied",
    ];
    let mut rest = &*out;
    for text in expected {
        let Some(at) = rest.find(text) else {
            panic!("{text} is missing (or out of order) in\n{out}\n{err}")
        };
        rest = &rest[at + text.len()..];
    }
}
