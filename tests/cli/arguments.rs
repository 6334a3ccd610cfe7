//! What the program makes of its words, colours, and a reader who goes away.

use super::story::{PROGRAM, Story};
use insta::assert_snapshot;
use std::process::{Command, Stdio};

#[test]
fn help() {
    let story = Story::new();
    let pages = [
        "--help",
        "init --help",
        "generate -h",
        "migrate --help",
        "status --help",
        "diff --help",
        "inspect --help",
        "push --help",
    ];
    assert_snapshot!(pages.map(|page| story.show(page)).join("\n"));
}

#[test]
fn mistakes() {
    let story = Story::new();
    let lines = [
        "",
        "migrat",
        "status --formt json",
        "migrate --allow rerum",
        "migrate --lock-timeout soon",
        "status --env a --database-url b",
        "status --config nowhere.toml",
        "status --format json --wrong",
    ];
    assert_snapshot!(lines.map(|line| story.show(line)).join("\n"));
}

#[test]
fn a_mistake_as_an_object() {
    let error = &Story::new().json("status --wrong")["error"];
    assert_eq!(error["class"], "usage");
    assert!(error["what"].as_str().unwrap().contains("--wrong"), "{error}");
}

#[cfg(unix)]
#[test]
fn cargo_calls_it_with_its_name() {
    let story = Story::new();
    let link = story.path().join("cargo-schema");
    std::os::unix::fs::symlink(PROGRAM, &link).unwrap();
    let output = Command::new(link).args(["schema", "status", "--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("Usage: cargo schema status"), "{text}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let story = Story::new();
    let coloured = |variables: &[(&str, &str)], arguments: &str| {
        let output = story.command(arguments).envs(variables.iter().copied()).output().unwrap();
        output.stderr.contains(&0x1b)
    };
    assert!(!coloured(&[], "status"));
    assert!(coloured(&[], "status --color always"));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], "status"));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], "status"));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], "status --color never"));
}

#[test]
fn a_reader_who_goes_away_is_no_bug() {
    let story = Story::new();
    let mut child = story.command("init").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert!(story.path().join("schema.toml").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let story = Story::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = story.command("init").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}
