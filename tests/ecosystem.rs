//! The files of `examples/deploy`: every command in them runs against `examples/finance` and a throwaway database, but for
//! those that need Docker or the network.

use crate::cli::story::{Database, PROGRAM, Story};
use schema_core::engine::postgres::connect::Target;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a command begins that cannot run here.
const ELSEWHERE: [&str; 2] = ["cargo install ", "docker "];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn text(file: &str) -> String {
    std::fs::read_to_string(root().join("examples/deploy").join(file))
        .unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The scripts of a workflow, in order: `run: one line`, or `run: |` and the lines below it.
fn scripts(workflow: &str) -> Vec<String> {
    let lines: Vec<&str> = workflow.lines().collect();
    let mut scripts = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(script) = line.trim_start().trim_start_matches("- ").strip_prefix("run: ") else { continue };
        if script != "|" {
            scripts.push(script.to_owned());
            continue;
        }
        let below = lines[index + 1..].iter().take_while(|below| indentation(below) > indentation(line));
        scripts.push(below.map(|line| line.trim_start()).collect::<Vec<_>>().join("\n"));
    }
    scripts
}

/// The variables that a workflow takes the database from.
fn variables(workflow: &str) -> Vec<&str> {
    let lines = workflow.lines().filter_map(|line| line.trim().split_once(": "));
    lines.map(|(name, _)| name).filter(|name| name.ends_with("DATABASE_URL")).collect()
}

/// Runs a script in a directory as a workflow's step runs: the first command that fails ends it.
fn step(script: &str, directory: &Path, variables: &[(&str, &str)]) -> String {
    let programs = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(PROGRAM, programs.path().join("schema")).unwrap();
    let story = Story::new();
    // The program's environment as in the stories, nothing of the tests' own.
    let like = story.command("");
    let mut command = Command::new("bash");
    command.env_clear().args(["-e", "-o", "pipefail", "-c", script]).current_dir(directory);
    for (name, value) in like.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", programs.path().display()));
    command.env("GITHUB_STEP_SUMMARY", story.path().join("summary"));
    command.envs(variables.iter().copied());
    let output = command.output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "$ {script}\n{said}");
    let summary = std::fs::read_to_string(story.path().join("summary")).unwrap_or_default();
    said + &summary
}

/// Runs a whole workflow; what it said, and how many of its scripts ran.
fn workflow(file: &str) -> (String, usize) {
    let workflow = text(&format!(".github/workflows/{file}"));
    let database = Database::new();
    let url = database.db.url();
    let variables: Vec<(&str, &str)> =
        variables(&workflow).into_iter().map(|name| (name, url.as_str())).collect();
    assert_eq!(variables.len(), 1, "{file} names its database once");
    let directory = root().join("examples/finance");
    let (mut said, mut ran) = (String::new(), 0);
    for script in scripts(&workflow) {
        if ELSEWHERE.iter().any(|start| script.starts_with(start)) {
            assert!(!script.contains('\n'), "{script}");
            continue;
        }
        assert!(script.contains("schema "), "what is this? {script}");
        said += &step(&script, &directory, &variables);
        ran += 1;
    }
    (said, ran)
}

#[test]
fn validation_of_pull_requests() {
    let (said, ran) = workflow("pull-request.yml");
    assert_eq!(ran, 3);
    assert!(said.contains("CREATE TABLE public.accounts") && said.contains("2 migrations applied"), "{said}");
    assert!(said.contains("2 applied"), "{said}");
}

#[test]
fn staging() {
    let (said, ran) = workflow("staging.yml");
    assert_eq!(ran, 3);
    assert!(said.contains("2 migrations applied"), "{said}");
}

#[test]
fn deploy() {
    let (said, ran) = workflow("deploy.yml");
    assert_eq!(ran, 3);
    assert!(said.contains("```sql\n-- 2026") && said.contains("2 migrations applied"), "{said}");
}

/// The words of `["a", "b"]` after a key.
fn words(text: &str, key: &str) -> Vec<String> {
    let line =
        text.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap_or_else(|| panic!("no {key}"));
    let list = line.trim().trim_start_matches('[').trim_end_matches(']');
    list.split(", ").map(|word| word.trim_matches('"').to_owned()).collect()
}

#[test]
fn the_migration_runs_before_the_program() {
    let (dockerfile, compose) = (text("Dockerfile"), text("compose.yaml"));
    // What the image `migrate` holds is enough.
    let stage = dockerfile.split("AS migrate").nth(1).unwrap().split("FROM ").next().unwrap();
    let image = Story::new();
    for line in stage.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from=")) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let from = root().join("examples/finance").join(parts[1]);
        let copied =
            Command::new("cp").arg("-r").arg(from).arg(image.path().join(parts[2])).status().unwrap();
        assert!(copied.success(), "{line}");
    }
    let database = Database::new();
    let url = database.db.url();
    let entry = words(stage, "ENTRYPOINT");
    let service = compose.split("\n  migrate:\n").nth(1).unwrap().split("\n  program:\n").next().unwrap();
    for command in [words(stage, "CMD"), words(service, "command:")] {
        let line = [entry.clone(), command].concat().join(" ");
        let said = step(&line, image.path(), &[("DATABASE_URL", &url)]);
        assert!(said.contains("2 migrations applied") || said.contains("nothing to apply"), "{said}");
    }
    assert!(
        service.contains("db:\n        condition: service_healthy") && service.contains("restart: \"no\"")
    );
    let program = compose.split("\n  program:\n").nth(1).unwrap();
    assert!(program.contains("migrate:\n        condition: service_completed_successfully"));
    for target in ["migrate", "program"] {
        assert!(
            dockerfile.contains(&format!("AS {target}\n"))
                && compose.contains(&format!("target: {target}\n"))
        );
    }
}

#[test]
fn the_env_file_of_a_developer() {
    let story = Story::new();
    story.write(".env", &text(".env.example"));
    story.write("schema.toml", "");
    story.write("migrations/1_a/up.sql", "select 1;\n");
    let said = story.show("status --verbose");
    assert!(
        said.contains("postgres://postgres@localhost:5432/finance (from DATABASE_URL in .env)"),
        "{said}"
    );
    // What the README shows is what the example has, and each URL of compose is one that we read.
    let shown = text("README.md");
    let toml = shown.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let finance = std::fs::read_to_string(root().join("examples/finance/schema.toml")).unwrap();
    assert!(toml.lines().all(|line| finance.contains(line)), "{toml}");
    let compose = text("compose.yaml").replace("${POSTGRES_PASSWORD}", "p");
    let urls = compose.lines().filter_map(|line| line.trim().strip_prefix("DATABASE_URL: "));
    assert_eq!(urls.map(|url| Target::new(url, &|_| None).unwrap()).filter(Target::has_password).count(), 2);
}
