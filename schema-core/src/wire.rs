//! The wire format: definitions as bytes without pointers, put together while the user's crate compiles, so that
//! the tool reads them out of the build. Only the frame and the types; the derives write the rest (they know it
//! already, and an interpreter of const code is slow), and `engine::decode` reads.
//!
//! A record is `MAGIC`, the wire version (`u32`), its whole length (`u32`), the version of this crate (text), the
//! kind (`u8`), and then the fields of the definition in the order of [`crate::def`]. Numbers are little-endian;
//! text and lists are preceded by their length (`u32`); what is optional is preceded by 0 or 1. The file is
//! written once per record: the origins inside it have only line and path.

use crate::def::{Base, Name, Place, Type};

/// What a record starts with.
pub const MAGIC: [u8; 8] = *b"\x7fschema\n";
/// Changes with every change of the format.
pub const VERSION: u32 = 3;
/// The version of the crate that encodes and of the tool that decodes.
pub const CRATE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The record of a table.
pub const KIND_TABLE: u8 = 1;
/// The record of an enum.
pub const KIND_ENUM: u8 = 2;
/// The record of raw SQL.
pub const KIND_SQL: u8 = 3;
/// The record of a view.
pub const KIND_VIEW: u8 = 4;
/// The record of a composite type.
pub const KIND_COMPOSITE: u8 = 5;
/// The record of a domain.
pub const KIND_DOMAIN: u8 = 6;

/// The section that holds the records in ELF files, and in COFF and PE files.
pub const SECTION: &str = ".schema";
/// The section that holds the records in Mach-O files, in the segment `__DATA`.
pub const SECTION_MACHO: &str = "__schema";

/// Puts a record into the section of the object file; in builds with debug assertions only. A macro, because the
/// attribute is unsafe, which the user's crate may forbid in its own code.
#[doc(hidden)]
#[macro_export]
macro_rules! __record {
    ($kind:ident, $parts:expr) => {
        #[cfg(debug_assertions)]
        const _: () = {
            const LEN: ::core::primitive::usize = $crate::wire::length($parts);
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__schema"))]
            #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".schema"))]
            static RECORD: [::core::primitive::u8; LEN] = $crate::wire::record($crate::wire::$kind, $parts);
        };
    };
}

/// What a record is put together from.
pub type Parts = &'static [&'static [u8]];

/// The length of a record of these parts.
pub const fn length(parts: &[&[u8]]) -> usize {
    let mut length = MAGIC.len() + 4 + 4 + 4 + CRATE_VERSION.len() + 1;
    let mut i = 0;
    while i < parts.len() {
        length += parts[i].len();
        i += 1;
    }
    length
}

/// The record of these parts; `N` is its [`length`].
pub const fn record<const N: usize>(kind: u8, parts: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    let rest = out.as_mut_slice();
    let rest = put(rest, &MAGIC);
    let rest = put(rest, &VERSION.to_le_bytes());
    let rest = put(rest, &count(N));
    let rest = put(rest, &count(CRATE_VERSION.len()));
    let rest = put(rest, CRATE_VERSION.as_bytes());
    let mut rest = put(rest, &[kind]);
    let mut i = 0;
    while i < parts.len() {
        rest = put(rest, parts[i]);
        i += 1;
    }
    out
}

/// Writes at the start and gives what remains.
const fn put<'a>(out: &'a mut [u8], bytes: &[u8]) -> &'a mut [u8] {
    let (place, rest) = out.split_at_mut(bytes.len());
    place.copy_from_slice(bytes);
    rest
}

/// The length of a text or a list, as it stands before it.
pub const fn count(length: usize) -> [u8; 4] {
    (length as u32).to_le_bytes()
}

/// Where raw SQL runs.
pub const fn place(place: Place) -> u8 {
    match place {
        Place::BeforeTables => 0,
        Place::AfterTables => 1,
    }
}

/// More than a type of any length needs that PostgreSQL takes.
const TYPE_BYTES: usize = 512;

/// The bytes of a type, in the beginning of a larger array.
#[derive(Debug)]
pub struct TypeBytes {
    bytes: [u8; TYPE_BYTES],
    length: usize,
}

impl TypeBytes {
    /// Encodes the type.
    pub const fn new(ty: Type) -> Self {
        let mut bytes = [0; TYPE_BYTES];
        let rest = bytes.as_mut_slice();
        let rest = match ty.base {
            Base::Sql(sql) => put_text(put(rest, &[0]), sql),
            Base::Enum(name) => put_name(put(rest, &[1]), name),
            Base::Composite(name) => put_name(put(rest, &[2]), name),
            Base::Domain(name) => put_name(put(rest, &[3]), name),
        };
        let rest = put(rest, &[ty.dimensions, ty.nullable as u8]);
        let length = TYPE_BYTES - rest.len();
        Self { bytes, length }
    }

    /// The bytes.
    pub const fn get(&self) -> &[u8] {
        let (bytes, _) = self.bytes.split_at(self.length);
        bytes
    }
}

const fn put_text<'a>(out: &'a mut [u8], text: &str) -> &'a mut [u8] {
    assert!(text.len() < TYPE_BYTES - 64, "the name of the type is too long");
    put(put(out, &count(text.len())), text.as_bytes())
}

const fn put_name(out: &mut [u8], name: Name) -> &mut [u8] {
    let rest = match name.schema {
        None => put(out, &[0]),
        Some(schema) => put_text(put(out, &[1]), schema),
    };
    put_text(rest, name.name)
}
