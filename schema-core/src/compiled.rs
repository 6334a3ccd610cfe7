//! The records inside one compiled file: an rlib or a static library (an archive of object files), an executable, a
//! shared library. Reads only the headers and the section it wants.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "compiled files are read here")]

use crate::engine::decode::decode;
use crate::engine::error::Error;
use crate::engine::record::Records;
use crate::wire::{SECTION, SECTION_MACHO};
use object::read::archive::ArchiveFile;
use object::read::{Object, ObjectSection, ReadCache, ReadRef};
use std::fs::File;
use std::path::Path;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Found {
    /// As often as they stand there.
    pub records: Records,
    /// Parts of it are LLVM bitcode, which has no sections: link-time optimisation does that.
    pub bitcode: bool,
}

/// Reads all records of a file.
///
/// # Errors
/// When the file cannot be read, or when another version of this crate has written the records.
pub fn read(path: &Path) -> Result<Found, Error> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let cache = ReadCache::new(file);
    let mut found = Found::default();
    if !starts_with(&cache, ARCHIVE) {
        part(&cache, &mut found, path)?;
        return Ok(found);
    }
    let archive = ArchiveFile::parse(&cache).map_err(|error| unreadable(path, &error))?;
    for member in archive.members() {
        let member = member.map_err(|error| unreadable(path, &error))?;
        // The compiler's own metadata, large and without records.
        if member.name().ends_with(b".rmeta") {
            continue;
        }
        let (offset, size) = member.file_range();
        part(cache.range(offset, size), &mut found, path)?;
    }
    Ok(found)
}

const ARCHIVE: &[u8] = b"!<arch>\n";
/// LLVM bitcode, plain and in its wrapper.
const BITCODE: [&[u8]; 2] = [b"BC\xc0\xde", b"\xde\xc0\x17\x0b"];

fn part<'a, R: ReadRef<'a>>(data: R, found: &mut Found, path: &Path) -> Result<(), Error> {
    if BITCODE.iter().any(|magic| starts_with(data, magic)) {
        found.bitcode = true;
        return Ok(());
    }
    // An archive may hold anything beside objects.
    let Ok(object) = object::File::parse(data) else {
        return Ok(());
    };
    for section in object.sections() {
        let name = section.name_bytes().unwrap_or_default();
        if name != SECTION.as_bytes() && name != SECTION_MACHO.as_bytes() {
            continue;
        }
        let bytes = section.data().map_err(|error| unreadable(path, &error))?;
        let Records { tables, enums, composites, domains, views, sql } = decode(bytes)?;
        found.records.tables.extend(tables);
        found.records.enums.extend(enums);
        found.records.composites.extend(composites);
        found.records.domains.extend(domains);
        found.records.views.extend(views);
        found.records.sql.extend(sql);
    }
    Ok(())
}

fn starts_with<'a, R: ReadRef<'a>>(data: R, magic: &[u8]) -> bool {
    data.read_bytes_at(0, magic.len() as u64).is_ok_and(|start| start == magic)
}

fn unreadable(path: &Path, error: &dyn core::fmt::Display) -> Error {
    Error::failed(format!("{} can't be read: {error}", path.display()))
        .next("remove the build with `cargo clean` and try again")
}
