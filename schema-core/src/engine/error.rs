//! The one error type: what happened, where, and what to do next. Never holds a password.

use std::fmt;

/// Where something stands in a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "engine", derive(serde::Serialize, serde::Deserialize))]
pub struct Location {
    /// The path as the user would write it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// How a command ends on an error; the program's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// There are differences or findings (exit 1).
    Findings,
    /// The command was called or configured wrongly (exit 2).
    Usage,
    /// An explicit permission or answer is missing (exit 3).
    Refused,
    /// It was tried and did not work (exit 4).
    Failed,
}

/// An error that speaks to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// How the command ends.
    pub class: Class,
    /// What happened, one sentence or a few lines.
    pub what: String,
    /// Where.
    pub at: Vec<Location>,
    /// What to do next.
    pub next: Option<String>,
    /// The flags that answer it, for programs: of each list one is to be given.
    pub answers: Vec<Vec<String>>,
}

impl Error {
    /// Something was tried and did not work.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Class::Failed, what)
    }

    /// The command was called or configured wrongly.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Class::Usage, what)
    }

    /// An explicit permission or answer is missing.
    pub fn refused(what: impl Into<String>) -> Self {
        Self::new(Class::Refused, what)
    }

    /// There are differences or findings.
    pub fn findings(what: impl Into<String>) -> Self {
        Self::new(Class::Findings, what)
    }

    fn new(class: Class, what: impl Into<String>) -> Self {
        Self { class, what: what.into(), at: Vec::new(), next: None, answers: Vec::new() }
    }

    /// Adds where it happened.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: u32) -> Self {
        self.at.push(Location { file: file.into(), line });
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for location in &self.at {
            write!(f, "\n  at {location}")?;
        }
        if let Some(next) = &self.next {
            write!(f, "\n  next: {next}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
