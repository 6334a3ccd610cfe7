//! Finds the binaries to start a PostgreSQL from: the machine's own, else those that come with the program.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::super::error::Error;
use super::info::{ServerInfo, Source, Version};
use super::probe::Answers;
use super::user::RunAs;
use super::{ScratchOptions, embedded};

/// The oldest major that scratch starts or connects to.
pub(super) const OLDEST: u16 = 14;

/// Directories where PostgreSQL is installed; `*` stands for one name.
const PLACES: [&str; 14] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib64/pgsql/bin",
    "/usr/lib64/pgsql",
    "/usr/lib/postgresql*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/postgresql/bin",
    "/opt/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
];

/// Binaries that can be started here.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    /// What they need in their environment.
    pub(super) env: Vec<(&'static str, String)>,
    pub(super) info: ServerInfo,
}

/// The binaries to use: the preferred major, else the newest; embedded ones where the machine has none, or not the
/// preferred major.
pub(super) fn binaries(options: &ScratchOptions, cache: &Path, user: &RunAs) -> Result<Binaries, Error> {
    let mut answers = Answers::load(cache);
    let mut tried = Vec::new();
    let chosen = choose(options, cache, user, &mut answers, &mut tried);
    answers.save();
    chosen.ok_or_else(|| nothing(options, &tried))
}

fn choose(
    options: &ScratchOptions,
    cache: &Path,
    user: &RunAs,
    answers: &mut Answers,
    tried: &mut Vec<String>,
) -> Option<Binaries> {
    let named = options.bin_dir.clone().or_else(|| env::var_os("PG_BIN_DIR").map(PathBuf::from));
    // A directory that was named is meant: nothing else is taken in its place.
    let (dirs, exclusive) = match named {
        Some(dir) => (vec![dir], true),
        None => (candidates(answers, user, tried), false),
    };
    let mut found: Vec<Binaries> = Vec::new();
    for dir in dirs {
        match examine(&dir, Source::Found(dir.clone()), Vec::new(), answers, user) {
            Ok(binaries) => found.push(binaries),
            Err(reason) => tried.push(format!("{}: {reason}", dir.display())),
        }
    }
    let best = best(found, options.major);
    let is_preferred = |major| options.major == Some(major);
    let comes_with_us = embedded::major().is_some_and(is_preferred);
    let better = comes_with_us && !best.as_ref().is_some_and(|found| is_preferred(found.info.major));
    if exclusive || (best.is_some() && !better) {
        return best;
    }
    match embedded::unpack(cache, user)
        .and_then(|(dir, env)| examine(&dir, Source::Embedded, env, answers, user))
    {
        Ok(binaries) => Some(binaries),
        Err(reason) => {
            tried.push(format!("the embedded PostgreSQL: {reason}"));
            best
        }
    }
}

/// The preferred major, else the newest; of one version, what was found first.
fn best(found: Vec<Binaries>, major: Option<u16>) -> Option<Binaries> {
    found
        .into_iter()
        .rev()
        .max_by_key(|binaries| (Some(binaries.info.major) == major, binaries.info.version_num))
}

/// Asks the binaries of a directory for their version; says why they are of no use.
fn examine(
    dir: &Path,
    source: Source,
    env: Vec<(&'static str, String)>,
    answers: &mut Answers,
    user: &RunAs,
) -> Result<Binaries, String> {
    for program in ["postgres", "initdb"] {
        if !dir.join(program).is_file() {
            return Err(format!("it has no program {program}"));
        }
    }
    let output = answers.ask(&dir.join("postgres"), "--version", &env, user)?;
    let version = Version::from_program(&output).ok_or_else(|| format!("it calls itself {output:?}"))?;
    if version.major() < OLDEST {
        return Err(format!("PostgreSQL {} is older than {OLDEST}", version.text));
    }
    Ok(Binaries { dir: dir.to_owned(), env, info: ServerInfo::new(source, version) })
}

/// Directories on this machine that may hold the binaries, each once.
fn candidates(answers: &mut Answers, user: &RunAs, tried: &mut Vec<String>) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut dirs = Vec::new();
    let mut add = |dir: PathBuf| {
        if dir.join("postgres").is_file()
            && let Ok(real) = dir.join("postgres").canonicalize()
            && seen.insert(real.clone())
        {
            // A link in PATH may lead there; a script that stands for the program stays where it is.
            let home = real.parent().filter(|home| home.join("initdb").is_file());
            dirs.push(home.map_or(dir, Path::to_owned));
        }
    };
    let path = env::var_os("PATH").unwrap_or_default();
    for dir in env::split_paths(&path).filter(|dir| dir.is_absolute()) {
        let config = dir.join("pg_config");
        if config.is_file() {
            match answers.ask(&config, "--bindir", &[], user) {
                Ok(bin) => add(PathBuf::from(bin)),
                Err(reason) => tried.push(format!("{}: {reason}", config.display())),
            }
        }
        add(dir);
    }
    for place in PLACES {
        expand(place).into_iter().for_each(&mut add);
    }
    dirs
}

/// The directories that a pattern of [`PLACES`] stands for, in the order of their names.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let mut dirs = vec![PathBuf::from("/")];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        dirs = match part.split_once('*') {
            None => dirs.into_iter().map(|dir| dir.join(part)).collect(),
            Some((prefix, suffix)) => dirs.iter().flat_map(|dir| matching(dir, prefix, suffix)).collect(),
        };
    }
    dirs
}

fn matching(dir: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(prefix) && name.ends_with(suffix)
        })
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

fn nothing(options: &ScratchOptions, tried: &[String]) -> Error {
    let mut what = String::from("no PostgreSQL could be started for the scratch database");
    for line in tried {
        what.push_str("\n  tried ");
        what.push_str(line);
    }
    if tried.is_empty() {
        what.push_str("\n  no PostgreSQL was found in PATH or where packages install it");
    }
    let major = options.major.map(|major| format!("-{major}")).unwrap_or_default();
    Error::failed(what).next(format!(
        "one of: install PostgreSQL (for example: apt-get install postgresql{major}, brew install postgresql); \
         set PG_BIN_DIR to the directory of its programs postgres and initdb; name a server with --scratch URL, \
         where a database may be created{}",
        embedded::way_out()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dir: &str, version: &str) -> Binaries {
        let source = Source::Found(PathBuf::from(dir));
        let version = Version::from_text(version).expect("a version");
        Binaries { dir: PathBuf::from(dir), env: Vec::new(), info: ServerInfo::new(source, version) }
    }

    #[test]
    fn the_preferred_major_else_the_newest() {
        let all = || vec![found("a", "15.18"), found("b", "17.2"), found("c", "15.3"), found("d", "17.2")];
        let chosen = |major| best(all(), major).map(|binaries| binaries.dir);
        assert_eq!(chosen(Some(15)), Some(PathBuf::from("a")));
        assert_eq!(chosen(Some(16)), Some(PathBuf::from("b")), "16 is not there");
        assert_eq!(chosen(None), Some(PathBuf::from("b")));
    }

    #[test]
    fn places_are_expanded_in_order() {
        let root = tempfile::tempdir().expect("a directory");
        for name in ["pgsql-9/bin", "pgsql-17/bin", "other/bin"] {
            fs::create_dir_all(root.path().join(name)).expect("a directory");
        }
        let pattern = format!("{}/pgsql-*/bin", root.path().display());
        let expected: Vec<PathBuf> =
            ["pgsql-17/bin", "pgsql-9/bin"].iter().map(|name| root.path().join(name)).collect();
        assert_eq!(expand(&pattern), expected);
    }
}
