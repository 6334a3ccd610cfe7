//! What a project wants of lint: profile, levels, names, the oldest PostgreSQL. Read from `schema.toml` by the program.

use super::waiver::ObjectWaiver;
use crate::engine::findings::Severity;
use std::collections::BTreeMap;

/// Where a migration is about to run; each rule has a level for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// On a database of one's own.
    Dev,
    /// In the checks of a pull request.
    #[default]
    Ci,
    /// Where rows and readers are.
    Prod,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dev, Self::Ci, Self::Prod];

    /// The name that configuration and flags use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Ci => "ci",
            Self::Prod => "prod",
        }
    }
}

/// How much a rule matters; `None` is off.
pub type Level = Option<Severity>;

/// The levels of a rule in each profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// On a database of one's own.
    pub dev: Level,
    /// In the checks of a pull request.
    pub ci: Level,
    /// Where rows and readers are.
    pub prod: Level,
}

impl Levels {
    /// Fails where it counts.
    pub const ERROR: Self =
        Self { dev: Some(Severity::Warn), ci: Some(Severity::Error), prod: Some(Severity::Error) };
    /// Fails everywhere: it never works, or it is never meant.
    pub const ALWAYS: Self =
        Self { dev: Some(Severity::Error), ci: Some(Severity::Error), prod: Some(Severity::Error) };
    /// Fails only where programs run that cannot be stopped.
    pub const PROD: Self = Self { dev: None, ci: Some(Severity::Warn), prod: Some(Severity::Error) };
    /// Wants a look.
    pub const WARN: Self =
        Self { dev: Some(Severity::Info), ci: Some(Severity::Warn), prod: Some(Severity::Warn) };
    /// Wants a look only where programs run.
    pub const WARN_PROD: Self = Self { dev: None, ci: Some(Severity::Info), prod: Some(Severity::Warn) };
    /// Worth knowing.
    pub const INFO: Self = Self { dev: None, ci: Some(Severity::Info), prod: Some(Severity::Info) };
    /// Only who asks for it.
    pub const OFF: Self = Self { dev: None, ci: None, prod: None };

    /// The level in a profile.
    pub fn of(self, profile: Profile) -> Level {
        match profile {
            Profile::Dev => self.dev,
            Profile::Ci => self.ci,
            Profile::Prod => self.prod,
        }
    }
}

/// The level of this name: `off`, `info`, `warn`, `error`.
pub fn level(name: &str) -> Option<Level> {
    match name {
        "off" => Some(None),
        "info" => Some(Some(Severity::Info)),
        "warn" => Some(Some(Severity::Warn)),
        "error" => Some(Some(Severity::Error)),
        _other => None,
    }
}

/// How names are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Naming {
    /// Patterns by what they are for: `schema`, `table`, `column`, `index`, `fk`, `check`, `unique`; see `Pattern`.
    pub patterns: BTreeMap<String, String>,
}

/// What has a pattern.
pub const NAMED: [&str; 7] = ["schema", "table", "column", "index", "fk", "check", "unique"];

/// What a project wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The profile.
    pub profile: Profile,
    /// Levels that are not the default ones; the names are those of rules.
    pub levels: BTreeMap<String, Level>,
    /// The oldest major of PostgreSQL that the migrations must run on.
    pub postgres: Option<u32>,
    /// How names are written.
    pub naming: Naming,
    /// Waivers of `schema.toml`.
    pub allow: Vec<ObjectWaiver>,
    /// Today, as `2027-01-01`; waivers end.
    pub today: Option<String>,
    /// This moment, as the digits of a migration's id.
    pub now: Option<String>,
    /// Migrations up to before this one are not linted.
    pub since: Option<String>,
}
