//! Which PostgreSQL a scratch is: where it comes from and its version. Not how it is found or started.

use std::fmt;
use std::path::PathBuf;

/// Where a scratch server comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A server that the user named; without its password: `postgres://user@host:port/database`.
    Url(String),
    /// Binaries found on this machine, in this directory.
    Found(PathBuf),
    /// The binaries that come with the program.
    Embedded,
}

/// The PostgreSQL behind a scratch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Where it comes from.
    pub source: Source,
    /// As PostgreSQL prints it: `15.18`.
    pub version: String,
    /// As `server_version_num` has it: `150018`.
    pub version_num: u32,
    /// The major: `15`.
    pub major: u16,
}

impl ServerInfo {
    pub(super) fn new(source: Source, version: Version) -> Self {
        Self { source, major: version.major(), version: version.text, version_num: version.num }
    }
}

impl fmt::Display for ServerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {} (", self.version)?;
        match &self.source {
            Source::Url(server) => f.write_str(server)?,
            Source::Found(dir) => write!(f, "{}", dir.display())?,
            Source::Embedded => f.write_str("embedded")?,
        }
        f.write_str(")")
    }
}

/// A version as text and as `server_version_num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) text: String,
    pub(super) num: u32,
}

impl Version {
    /// Reads what `postgres --version` prints: `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    pub(super) fn from_program(output: &str) -> Option<Self> {
        let (_, rest) = output.split_once("(PostgreSQL) ")?;
        Self::from_text(rest.split_whitespace().next()?)
    }

    /// Reads `15.18`, `18beta2` or `19devel`.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (major, rest) = leading_number(text)?;
        let minor = match rest.strip_prefix('.') {
            Some(rest) => leading_number(rest)?.0,
            None => 0,
        };
        Some(Self { text: text.to_owned(), num: major.checked_mul(10_000)?.checked_add(minor)? })
    }

    pub(super) fn major(&self) -> u16 {
        u16::try_from(self.num / 10_000).unwrap_or(u16::MAX)
    }
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_programs_print_them() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(("15.18", 150_018, 15))),
            ("postgres (PostgreSQL) 18.4\n", Some(("18.4", 180_004, 18))),
            ("postgres (PostgreSQL) 18beta2\n", Some(("18beta2", 180_000, 18))),
            ("postgres: error while loading shared libraries", None),
        ];
        for (output, expected) in cases {
            let version = Version::from_program(output);
            let got = version.as_ref().map(|v| (v.text.as_str(), v.num, v.major()));
            assert_eq!(got, expected, "{output}");
        }
    }
}
