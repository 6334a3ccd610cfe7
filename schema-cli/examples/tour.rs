//! The whole line on `examples/finance`, with nothing to set up: the code is ahead of the migrations, `generate` writes
//! and proves the missing one, `migrate` applies it to a throwaway database, `status` shows it. Works below
//! `target/tour` and leaves the example as it is. Called with arguments it is the program `schema` itself.

use schema_core::engine::postgres::scratch::{Scratch, ScratchOptions};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return schema_cli::main();
    }
    match tour() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a program")]
            let () = eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn tour() -> Result<(), Box<dyn Error>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let example = repository.join("examples/finance");
    let place = repository.join("target/tour");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    // As after a pull: somebody has added a field, and the migration for it is missing.
    let mut migrations = Vec::new();
    for entry in fs::read_dir(example.join("migrations"))? {
        migrations.push(entry?.path());
    }
    migrations.retain(|path| path.is_dir());
    migrations.sort();
    let first = migrations.first().ok_or("the example has no migrations")?;
    copy(first, &place.join("migrations").join(first.file_name().unwrap_or_default()))?;
    fs::write(place.join("schema.toml"), "# The tour's own copy.\nmigrations = \"migrations\"\n")?;

    let mut scratch = Scratch::open(&ScratchOptions::default())?;
    let database = scratch.database()?;
    say(&format!("A throwaway database on {}.\n", scratch.server()));
    let manifest = example.join("Cargo.toml").display().to_string();
    schema(&place, &database.url(), &["migrate"])?;
    schema(&place, &database.url(), &["generate", "--manifest-path", &manifest])?;
    schema(&place, &database.url(), &["migrate"])?;
    schema(&place, &database.url(), &["status"])?;
    say(&format!("The migrations are in {}.", place.join("migrations").display()));
    Ok(())
}

/// Runs `schema` as a user would: this very program, with arguments.
fn schema(place: &Path, url: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    say(&format!("$ schema {}", arguments[0]));
    let status = Command::new(std::env::current_exe()?)
        .args(arguments)
        .current_dir(place)
        .env("DATABASE_URL", url)
        .status()?;
    say("");
    if status.success() { Ok(()) } else { Err(format!("schema {} ended with {status}", arguments[0]).into()) }
}

fn copy(from: &PathBuf, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program")]
fn say(line: &str) {
    println!("{line}");
}
