//! Findings as workflow commands of GitHub Actions: they show up as annotations on the changed lines.

use super::{Finding, Severity};
use std::fmt::Write;

/// One command a line.
pub fn github(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warn => "warning",
            Severity::Info => "notice",
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "::{command} ");
        if let Some(place) = &finding.place {
            let _ = write!(text, "file={},line={},", property(&place.file), place.line);
            if let Some(column) = place.column {
                let _ = write!(text, "col={column},");
            }
        }
        let _ = writeln!(text, "title={}::{}", property(&finding.rule), data(&finding.whole()));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
