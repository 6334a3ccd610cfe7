//! How the values of a column are stored: `STORAGE` and `COMPRESSION`.

use serde::{Deserialize, Serialize};

/// Where a column's value lies (`STORAGE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "see CREATE TABLE")]
pub enum Storage {
    Plain,
    External,
    Extended,
    Main,
}

impl Storage {
    /// As `pg_attribute` and `pg_type` have it.
    pub fn of_letter(letter: &str) -> Option<Self> {
        match letter {
            "p" => Some(Self::Plain),
            "e" => Some(Self::External),
            "x" => Some(Self::Extended),
            "m" => Some(Self::Main),
            _ => None,
        }
    }

    /// As SQL has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::External => "EXTERNAL",
            Self::Extended => "EXTENDED",
            Self::Main => "MAIN",
        }
    }
}

/// How a column's value is compressed (`COMPRESSION`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "see CREATE TABLE")]
pub enum Compression {
    Pglz,
    Lz4,
}

impl Compression {
    /// As `pg_attribute` has it; nothing where it is not set.
    pub fn of_letter(letter: &str) -> Option<Self> {
        match letter {
            "p" => Some(Self::Pglz),
            "l" => Some(Self::Lz4),
            _ => None,
        }
    }

    /// As SQL has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pglz => "pglz",
            Self::Lz4 => "lz4",
        }
    }
}
