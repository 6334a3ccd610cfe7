//! The page inside of the built program: everything that one of its files names is there, and nothing lies there for nobody.

use super::{Story, Studio};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where a file begins to name another one, and what may stand around that name.
const NAMES: &[(&str, &[&str])] = &[
    ("html", &["src=\"", "href=\""]),
    ("js", &["from \"", "import \"", "import(\"", "new URL(\""]),
    ("css", &["url(\"", "url(", "@import \""]),
];

/// The files that a file names, as it writes them.
fn named(kind: &str, text: &str) -> Vec<String> {
    let starts = NAMES.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, starts)| starts);
    let mut found = Vec::new();
    for start in starts {
        for part in text.split(start).skip(1) {
            let name: String = part.chars().take_while(|c| !"\"')".contains(*c)).collect();
            // A sentence may hold such words too.
            if name.starts_with(['.', '/']) {
                found.push(name);
            }
        }
    }
    found
}

/// From the place of a file to that of one that it names.
fn resolved(from: &str, name: &str) -> String {
    if name.starts_with('/') {
        return name.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[test]
fn every_import_is_answered() {
    let story = Story::new();
    // The program alone, away from its source.
    let studio = Studio::start(story, "--database-url postgres://me@127.0.0.1:1/x");
    let mut open = vec!["/".to_owned()];
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    while let Some(path) = open.pop() {
        if seen.contains_key(&path) {
            continue;
        }
        let answer = studio.ask("GET", &path).send();
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let kind = if path == "/" { "html" } else { path.rsplit('.').next().unwrap() };
        let said = answer.header("content-type").unwrap();
        let wanted = match kind {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{path}: what is a .{other}?"),
        };
        assert_eq!(said, wanted, "{path}");
        assert!(!answer.body.is_empty(), "{path}");
        open.extend(named(kind, &answer.body).iter().map(|name| resolved(&path, name)));
        seen.insert(path, answer.body);
    }
    assert!(seen.len() > 40, "{:?}", seen.keys());
    // What lies beside the page is asked for by it, and the program has it as it lies there.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("schema-cli/src/studio/ui");
    let mut there = BTreeSet::new();
    let mut directories = vec![folder.clone()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                directories.push(entry.path());
                continue;
            }
            let name = entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            // Licences are for people; the page itself is at `/`.
            let path = match name.as_str() {
                "vendor/LICENSES.txt" => continue,
                "index.html" => "/".to_owned(),
                other => format!("/assets/{other}"),
            };
            let text = std::fs::read_to_string(entry.path()).unwrap();
            assert_eq!(seen.get(&path), Some(&text), "{path} is not asked for, or not what was built in");
            there.insert(path);
        }
    }
    assert_eq!(there, seen.keys().cloned().collect());
}

#[test]
fn names_are_found() {
    let js = "import { a } from \"./a.js\";\nimport(\"../b.js\"); new URL(\"./c.js\", import.meta.url); // from \"here\" on";
    assert_eq!(named("js", js), ["./a.js", "../b.js", "./c.js"]);
    assert_eq!(resolved("/assets/vendor/x.js", "../b.js"), "/assets/b.js");
    assert_eq!(resolved("/", "/assets/main.js"), "/assets/main.js");
    assert_eq!(named("css", "a { background: url(./x.svg) }"), ["./x.svg"]);
}
