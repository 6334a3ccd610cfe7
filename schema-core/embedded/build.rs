//! Lists the files of the payload crates for `include_bytes!`. Downloads nothing, and changes nothing.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    // Cargo hands us what the build scripts of the payload crates say, as DEP_<links>_<key>.
    for (name, value) in env::vars() {
        if !name.starts_with("DEP_OLIPHAUNT_ARTIFACT_") {
            continue;
        }
        if name.ends_with("_ROOT") {
            let payload = Path::new(&value).join("files");
            let runtime = payload.join("runtime");
            collect(&runtime, &runtime, &mut files)?;
            collect_licences(&payload, &mut files)?;
        } else if name.ends_with("_MANIFEST") {
            collect_listed(&fs::read_to_string(&value)?, &mut files);
        }
    }
    files.retain(|path, _| is_needed(path));

    let mut code = String::from("&[\n");
    for (path, source) in &files {
        let executable = path.starts_with("bin/");
        writeln!(
            code,
            "File {{ path: {path:?}, executable: {executable}, bytes: include_bytes!({source:?}) }},"
        )?;
    }
    code.push(']');
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("files.rs"), code)?;
    Ok(())
}

/// All files under a directory.
fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), Box<dyn Error>> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.insert(path.strip_prefix(root)?.display().to_string(), path);
        }
    }
    Ok(())
}

/// The licences go where the files go.
fn collect_licences(payload: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut found = BTreeMap::new();
    collect(payload, &payload.join("THIRD_PARTY_LICENSES"), &mut found)?;
    for name in ["LICENSE", "THIRD_PARTY_NOTICES.liboliphaunt-native.md"] {
        let path = payload.join(name);
        if path.is_file() {
            found.insert(name.to_owned(), path);
        }
    }
    files.extend(found.into_iter().map(|(path, source)| (format!("licences/{path}"), source)));
    Ok(())
}

/// The files that a manifest lists, as `source = "..."` followed by `relative = "..."`.
fn collect_listed(manifest: &str, files: &mut BTreeMap<String, PathBuf>) {
    let mut source = None;
    for line in manifest.lines() {
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let value = value.trim_matches('"');
        match key {
            "source" => source = Some(PathBuf::from(value)),
            "relative" => {
                if let Some(source) = source.take() {
                    files.insert(value.to_owned(), source);
                }
            }
            _ => {}
        }
    }
}

/// Not the second copies for servers in a library, nor what only serves other programs.
fn is_needed(path: &str) -> bool {
    let unneeded = ["lib/modules/", "lib/libecpg", "lib/libpgtypes", "bin/pg_ctl", ".oliphaunt"];
    let twice = ["lib/libpq.so", "lib/libpq.so.5.18", "lib/libpq.dylib", "lib/libpq.5.18.dylib"];
    !unneeded.iter().any(|prefix| path.starts_with(prefix)) && !twice.contains(&path)
}
