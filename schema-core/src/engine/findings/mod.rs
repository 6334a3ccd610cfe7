//! What a check has to say about the user's files and objects: one type for lint and for `schema check`, and writers
//! for people and for programs. Decides nothing.

mod github;
mod sarif;
mod text;

pub use github::github;
pub use sarif::{RuleText, sarif};
pub use text::{PLAIN, Palette, text};

use crate::engine::error::Location;
use std::fmt;

/// How bad a finding is, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look; fails only a strict run.
    Warn,
    /// Fails the run.
    Error,
}

impl Severity {
    /// The name that configuration, text and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Place {
    /// The path as the user would write it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Place {
    /// A line of a file.
    pub fn new(file: impl Into<String>, line: u32) -> Self {
        Self { file: file.into(), line, column: None }
    }
}

impl From<&Location> for Place {
    fn from(location: &Location) -> Self {
        Self::new(&location.file, location.line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Finding {
    /// Where.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The rule's stable name in kebab-case.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong here, one sentence.
    pub message: String,
    /// The object that it is about, as SQL would name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to do instead; may have several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Finding {
    /// A finding without place; the rest is added.
    pub fn new(rule: impl Into<String>, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            place: None,
            rule: rule.into(),
            severity,
            message: message.into(),
            object: None,
            why: None,
            next: None,
        }
    }

    /// Adds where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds the object.
    #[must_use]
    pub fn of(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Adds why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Message, why and what to do, for those who show one text.
    fn whole(&self) -> String {
        let parts = [Some(&self.message), self.why.as_ref(), self.next.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// How many there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warn: usize,
    /// The rest.
    pub info: usize,
}

impl Count {
    /// Counts.
    pub fn of(findings: &[Finding]) -> Self {
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self { error: of(Severity::Error), warn: of(Severity::Warn), info: of(Severity::Info) }
    }

    /// Whether a run ends with exit code 1.
    pub fn fails(self, strict: bool) -> bool {
        self.error > 0 || (strict && self.warn > 0)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let some =
            |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        write!(f, "{}, {}", some(self.error, "error", "errors"), some(self.warn, "warning", "warnings"))?;
        if self.info > 0 { write!(f, ", {} to know", self.info) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn two() -> Vec<Finding> {
        let place = Place { column: Some(5), ..Place::new("m/2_b/up.sql", 3) };
        vec![
            Finding::new("drop-table", Severity::Error, "drops the table users: 100% of its rows,\nfor good")
                .at(place)
                .of("public.users")
                .why("The rows are gone.")
                .next("move it away first:\nALTER TABLE users SET SCHEMA parked;"),
            Finding::new("no-primary-key", Severity::Warn, "has no primary key"),
        ]
    }

    #[test]
    fn for_people() {
        assert_eq!(
            text(&two(), &PLAIN),
            "m/2_b/up.sql:3:5: error[drop-table]: drops the table users: 100% of its rows,\n    for good\n    why: \
             The rows are gone.\n    do: move it away first:\n        ALTER TABLE users SET SCHEMA parked;\n\
             warn[no-primary-key]: has no primary key\n"
        );
        assert_eq!(Count::of(&two()).to_string(), "1 error, 1 warning");
    }

    #[test]
    fn for_github() {
        assert_eq!(
            github(&two()),
            "::error file=m/2_b/up.sql,line=3,col=5,title=drop-table::drops the table users: 100%25 of its rows,%0Afor \
             good%0AThe rows are gone.%0Amove it away first:%0AALTER TABLE users SET SCHEMA parked;\n\
             ::warning title=no-primary-key::has no primary key\n"
        );
        let odd = Finding::new("x", Severity::Info, "m").at(Place::new("a,b:c%.sql", 1));
        assert_eq!(github(&[odd]), "::notice file=a%2Cb%3Ac%25.sql,line=1,title=x::m\n");
    }

    #[test]
    fn for_code_scanning() {
        let rules = [RuleText {
            name: "drop-table",
            summary: "A table is dropped",
            help: "Park it.".to_owned(),
            severity: Severity::Error,
        }];
        let log = sarif(&two(), &rules, "0.1.0");
        let run = &log["runs"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["tool"]["driver"]["rules"][0]["shortDescription"]["text"], "A table is dropped");
        // A rule that nobody described is listed all the same: results point into the list.
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "no-primary-key");
        assert_eq!(run["results"][0]["ruleIndex"], 0);
        assert_eq!(run["results"][0]["level"], "error");
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "m/2_b/up.sql");
        assert_eq!(place["region"]["startLine"], 3);
        assert_eq!(place["region"]["startColumn"], 5);
        assert_eq!(run["results"][1]["ruleIndex"], 1);
        assert_eq!(run["results"][1]["level"], "warning");
        assert_eq!(run["results"][1].get("locations"), None);
    }

    #[test]
    fn for_programs() {
        let value = serde_json::to_value(two()).expect("plain data");
        assert_eq!(value[0]["file"], "m/2_b/up.sql");
        assert_eq!(value[0]["severity"], "error");
        assert_eq!(value[1].get("file"), None);
    }
}
