//! Saved queries: files in `queries/` beside schema.toml, to be kept with the code. The history of the editor.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::state::{Shared, Studio};
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

/// What is longer is no query of a person's.
const LONGEST: u64 = 1 << 20;

/// `GET /api/history`.
pub(super) async fn history(State(studio): State<Shared>) -> Answer {
    Ok(Json(json!({"history": studio.journal.history()})))
}

/// `GET /api/queries`.
pub(super) async fn list(State(studio): State<Shared>) -> Answer {
    let Ok(folder) = folder(&studio) else { return Ok(Json(json!({"queries": [], "available": false}))) };
    let mut found: Vec<(String, String)> = Vec::new();
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Json(json!({"queries": [], "available": true})));
        }
        Err(error) => return Err(Failure::broken(format!("{} cannot be read: {error}", folder.display()))),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".sql").filter(|name| checked(name).is_ok()) else { continue };
        // Of the folder's own files only: a link could lead anywhere.
        let plain = entry.metadata().is_ok_and(|meta| meta.is_file() && meta.len() <= LONGEST);
        if let Some(text) = plain.then(|| fs::read_to_string(entry.path()).ok()).flatten() {
            found.push((name.to_owned(), text));
        }
    }
    found.sort();
    let queries: Vec<Value> =
        found.into_iter().map(|(name, sql)| json!({"name": name, "sql": sql})).collect();
    Ok(Json(json!({"queries": queries, "available": true})))
}

#[derive(Deserialize)]
pub(super) struct Query {
    name: String,
    sql: String,
}

/// `POST /api/queries`.
pub(super) async fn save(State(studio): State<Shared>, Body(wish): Body<Query>) -> Answer {
    let (folder, name) = (folder(&studio)?, checked(&wish.name)?);
    let path = folder.join(format!("{name}.sql"));
    let text = format!("{}\n", wish.sql.trim_end());
    let failed =
        |error: std::io::Error| Failure::broken(format!("{} cannot be written: {error}", path.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    // Written beside it and moved there: what was a link is replaced, not followed.
    let fresh = folder.join(format!(".{name}.sql.new"));
    let written = || -> std::io::Result<()> {
        if fs::symlink_metadata(&fresh).is_ok() {
            fs::remove_file(&fresh)?;
        }
        fs::File::create_new(&fresh)?.write_all(text.as_bytes())?;
        fs::rename(&fresh, &path)
    };
    written().map_err(failed)?;
    list(State(studio)).await
}

#[derive(Deserialize)]
pub(super) struct Name {
    name: String,
}

/// `POST /api/queries/delete`.
pub(super) async fn delete(State(studio): State<Shared>, Body(wish): Body<Name>) -> Answer {
    let path = folder(&studio)?.join(format!("{}.sql", checked(&wish.name)?));
    match fs::remove_file(&path) {
        Ok(()) => list(State(studio)).await,
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::missing("there is no such query")),
        Err(error) => Err(Failure::broken(format!("{} cannot be removed: {error}", path.display()))),
    }
}

fn folder(studio: &Studio) -> Result<PathBuf, Failure> {
    let root = studio.project.root.as_ref().ok_or_else(|| {
        Failure::forbidden("there is no schema.toml, and saved queries are files beside it")
            .next("run `schema init`")
    })?;
    Ok(root.join("queries"))
}

/// A name that is one file in this folder, on every system.
fn checked(name: &str) -> Result<&str, Failure> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let ends_well = !name.starts_with(['.', ' ', '-']) && !name.ends_with(['.', ' ']);
    let fits = !name.is_empty() && name.len() <= 100 && name.chars().all(plain) && ends_well;
    if fits {
        return Ok(name);
    }
    Err(Failure::wrong("this is no name for a query").next("letters, digits, blanks, - _ and . make one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_queries() {
        for name in ["a", "monthly revenue", "größe-2_b.v1"] {
            assert!(checked(name).is_ok(), "{name}");
        }
        for name in
            ["", ".", "..", "../a", "a/b", "a\\b", ".hidden", "a.", "-x", "a\0b", "a:b", &"x".repeat(101)]
        {
            assert!(checked(name).is_err(), "{name:?}");
        }
    }
}
