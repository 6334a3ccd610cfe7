//! Tidiness: what ARCHITECTURE.md says about files, and the rules that no compiler knows. Reads only texts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The directories whose modules ARCHITECTURE.md lists, under a heading of this name each.
const SOURCES: [&str; 4] =
    ["schema-derive/src", "schema-core/src", "schema-core/embedded/src", "schema-cli/src"];

const LONGEST: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a directory by their paths in the repository; not what was built, and nothing hidden.
fn files(below: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut open = vec![root.join(below)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with('.') || name == "target" || name == "wip" {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "no file below {below:?}");
    found.sort();
    found
}

fn rust_files(below: &str) -> Vec<String> {
    files(below).into_iter().filter(|file| file.ends_with(".rs")).collect()
}

/// The lines without what follows `//`.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line.split("//").next().unwrap_or_default()))
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The word with which a text begins.
fn first_word(text: &str) -> &str {
    &text[..text.find(|c| !in_word(c)).unwrap_or(text.len())]
}

/// The word after each `prefix`.
fn words_after<'a>(line: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(prefix).map(move |(at, _)| first_word(&line[at + prefix.len()..]))
}

fn is_upper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The modules that the map lists under a heading: names in backticks before the colon of each `- ` line.
fn listed(architecture: &str, heading: &str) -> BTreeSet<String> {
    let heading = format!("### `{heading}`");
    let mut lines = architecture.lines().skip_while(|line| *line != heading).skip(1);
    let mut modules = BTreeSet::new();
    for line in lines.by_ref().take_while(|line| !line.starts_with('#')) {
        if let Some((name, what)) = line.strip_prefix("- `").and_then(|line| line.split_once("`: ")) {
            assert!(!what.is_empty(), "{name} is listed without a word");
            assert!(modules.insert(name.to_owned()), "{name} is listed twice");
        }
    }
    modules
}

/// Lines that name a kind: `Object::Table`, `ObjectId::Column`, `kind::table`, `column::...`.
fn kinds_named(text: &str, kinds: &[(String, String)]) -> Vec<usize> {
    let names_one = |line: &str| {
        let used = line.split_once("kind::").map_or("", |(_, used)| used);
        let mut words = used.split(|c| !in_word(c));
        words_after(line, "Object::").chain(words_after(line, "ObjectId::")).any(is_upper)
            || words.any(|word| kinds.iter().any(|(variant, module)| word == variant || word == module))
            || kinds.iter().any(|(_, module)| {
                line.match_indices(&format!("{module}::")).any(|(at, _)| !line[..at].ends_with(in_word))
            })
    };
    code(text).filter(|(_, line)| names_one(line)).map(|(number, _)| number).collect()
}

/// The variants of an enum with the names in their parentheses, as its source writes them.
fn variants<'a>(source: &'a str, head: &str) -> Vec<(&'a str, &'a str)> {
    let (_, body) = source.split_once(head).unwrap_or_else(|| panic!("no `{head}`"));
    let (body, _) = body.split_once("\n}").unwrap();
    let variant = |line: &'a str| {
        let line = line.strip_prefix("    ").filter(|line| is_upper(line))?;
        let name = first_word(line);
        Some((name, line[name.len()..].trim_matches(['(', ')', ','])))
    };
    body.lines().filter_map(variant).collect()
}

fn snake(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Words of work that is not done. Put together, so that this file does not hold them.
fn unfinished(line: &str) -> bool {
    let words = [["TO", "DO"], ["FIX", "ME"], ["todo", "!"], ["unimplemented", "!"]];
    words.iter().any(|word| line.contains(&word.concat()))
}

#[test]
fn every_module_is_on_the_map() {
    let architecture = text("ARCHITECTURE.md");
    for source in SOURCES {
        let there: BTreeSet<String> = rust_files(source)
            .iter()
            .map(|file| file.strip_prefix(source).unwrap().trim_start_matches('/').to_owned())
            .collect();
        let listed = listed(&architecture, source);
        let missing: Vec<_> = there.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(&there).collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "ARCHITECTURE.md, under `{source}`: without a line are {missing:?}; not there any more are {gone:?}"
        );
    }
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> =
        rust_files("").into_iter().filter(|file| !text(file).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "these must open with a `//!` line: {silent:?}");
}

#[test]
fn no_file_is_long() {
    let long: Vec<(String, usize)> = rust_files("")
        .into_iter()
        .filter(|file| !file.split('/').any(|part| part == "tests"))
        .map(|file| (text(&file).lines().count(), file))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, file)| (file, lines))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {long:?}");
}

#[test]
fn phases_name_no_kind() {
    let source = text("schema-core/src/engine/kind/mod.rs");
    let kinds: Vec<(String, String)> = variants(&source, "pub enum Object {")
        .into_iter()
        .map(|(variant, of)| (variant.to_owned(), of.split_once("::").unwrap().0.to_owned()))
        .collect();
    assert!(kinds.contains(&("Enum".to_owned(), "enumeration".to_owned())), "{kinds:?}");
    let mut phases = rust_files("schema-core/src/engine/plan");
    phases.push("schema-core/src/engine/diff.rs".to_owned());
    for phase in phases {
        let lines = kinds_named(&text(&phase), &kinds);
        assert!(lines.is_empty(), "{phase} names a kind in lines {lines:?}: that belongs into kind/");
    }
}

#[test]
fn nothing_is_left_to_do() {
    let texts = ["rs", "sql", "toml", "sh", "py"];
    let mut found = Vec::new();
    for file in
        files("").into_iter().filter(|file| texts.iter().any(|end| file.ends_with(&format!(".{end}"))))
    {
        let text = text(&file);
        let lines = text.lines().enumerate().filter(|(_, line)| unfinished(line));
        found.extend(lines.map(|(i, line)| format!("{file}:{}: {}", i + 1, line.trim())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_command_has_its_file() {
    let source = text("schema-cli/src/args.rs");
    let commands: BTreeSet<String> =
        variants(&source, "enum Command {").into_iter().map(|(name, _)| snake(name)).collect();
    // What lies deeper is a part of a command.
    let there: BTreeSet<String> = rust_files("schema-cli/src/cmd")
        .iter()
        .map(|file| file["schema-cli/src/cmd/".len()..].trim_end_matches(".rs").to_owned())
        .filter(|name| name != "mod" && !name.contains('/'))
        .collect();
    assert_eq!(there, commands);
}

#[test]
fn violations_are_seen() {
    let kinds = [("Enum".to_owned(), "enumeration".to_owned()), ("Index".to_owned(), "index".to_owned())];
    let named = |line: &str| !kinds_named(line, &kinds).is_empty();
    for line in [
        "matches!(object, Object::Table(_))",
        "if let ObjectId::Column(..) = id {",
        "use super::kind::enumeration::Enum;",
        "use super::kind::{Context, index, Object};",
        "enumeration::rename_label(x)",
    ] {
        assert!(named(line), "{line}");
    }
    for line in [
        "// as Object::Table does",
        "let index = id.map_or(0, ObjectId::rank);",
        "use super::kind::{Alteration, Context, Object};",
        "steps[index].sql",
    ] {
        assert!(!named(line), "{line}");
    }
    let map = "### `a/src`\n\n- `lib.rs`: the library.\n\n### `b/src`\n- `x/y.rs`: more.\n";
    assert_eq!(listed(map, "a/src"), BTreeSet::from(["lib.rs".to_owned()]));
    assert_eq!(listed(map, "c/src"), BTreeSet::new());
    assert!(unfinished(&["// TO", "DO: more"].concat()) && !unfinished("todo = \"warn\""));
    assert_eq!(snake("FooBar"), "foo_bar");
}
