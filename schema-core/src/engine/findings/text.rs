//! Findings for people: `path:line: severity[rule]: message`, and below it why, and what to do.

use super::{Finding, Severity};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What stands around words to colour them; what is empty colours nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Palette {
    /// Before an error's severity.
    pub error: &'static str,
    /// Before a warning's.
    pub warn: &'static str,
    /// Before what is only worth knowing.
    pub info: &'static str,
    /// Before places.
    pub place: &'static str,
    /// Before labels.
    pub label: &'static str,
    /// After each.
    pub end: &'static str,
}

/// No colours.
pub const PLAIN: Palette = Palette { error: "", warn: "", info: "", place: "", label: "", end: "" };

/// The findings, in their order. Why and what to do is said once, with the first to which it applies.
pub fn text(findings: &[Finding], palette: &Palette) -> String {
    let mut text = String::new();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for finding in findings {
        write(&mut text, finding, palette, &mut said);
    }
    text
}

fn write<'a>(text: &mut String, finding: &'a Finding, palette: &Palette, said: &mut BTreeSet<&'a str>) {
    let Palette { error, warn, info, place, label, end } = *palette;
    let colour = match finding.severity {
        Severity::Error => error,
        Severity::Warn => warn,
        Severity::Info => info,
    };
    // Writing to a String cannot fail.
    if let Some(at) = &finding.place {
        let _ = write!(text, "{place}{at}{end}: ");
    }
    let message = below(&finding.message, "    ");
    let _ = writeln!(text, "{colour}{}[{}]{end}: {message}", finding.severity, finding.rule);
    for (what, lines) in [("why", &finding.why), ("do", &finding.next)] {
        if let Some(lines) = lines
            && said.insert(lines)
        {
            let _ = writeln!(text, "    {label}{what}:{end} {}", below(lines, "        "));
        }
    }
}

/// Further lines stand below the first.
fn below(lines: &str, indent: &str) -> String {
    lines.replace('\n', &format!("\n{indent}"))
}
