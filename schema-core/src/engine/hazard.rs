//! Hazards: what can hurt when a Step runs on a database with rows and readers. Facts for people; no decision.

use super::id::ObjectId;
use std::borrow::Cow;
use std::fmt;

/// The kinds of hazards; their names are those that `--allow` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HazardKind {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// The whole table is written anew under a strong lock.
    Rewrite,
    /// A lock is held while the table is read.
    LongLock,
    /// It depends on the rows whether it works.
    MayFail,
    /// Programs that run now can break.
    BreaksRunningCode,
}

impl HazardKind {
    /// All of them, in the order of their weight.
    pub const ALL: [Self; 5] =
        [Self::DataLoss, Self::Rewrite, Self::LongLock, Self::MayFail, Self::BreaksRunningCode];

    /// The name that flags, SQL comments and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::DataLoss => "data-loss",
            Self::Rewrite => "rewrite",
            Self::LongLock => "long-lock",
            Self::MayFail => "may-fail",
            Self::BreaksRunningCode => "breaks-running-code",
        }
    }
}

impl fmt::Display for HazardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One hazard of one Step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Hazard {
    /// What it is.
    pub kind: HazardKind,
    /// The object that it is about.
    pub of: ObjectId,
    /// Why, in a few plain words.
    pub why: Cow<'static, str>,
}
