//! Prints findings in the format that was asked for: text, JSON, annotations of GitHub Actions, SARIF.

use crate::args::Format;
use crate::report::{Outcome, Report};
use schema_core::engine::findings::{Count, Finding, Palette, RuleText, github, sarif, text};
use serde_json::{Map, Value, json};

/// The colours of `report`, as a terminal takes them; where there is none, they are taken out again.
const PALETTE: Palette = Palette {
    error: "\u{1b}[1m\u{1b}[31m",
    warn: "\u{1b}[1m\u{1b}[33m",
    info: "\u{1b}[1m\u{1b}[36m",
    place: "\u{1b}[1m",
    label: "\u{1b}[2m",
    end: "\u{1b}[0m",
};

/// Prints them and says how the command ends. `more` stands beside them in the JSON object.
pub(crate) fn show(
    report: Report,
    findings: &[Finding],
    rules: &[RuleText],
    strict: bool,
    more: Map<String, Value>,
) -> Outcome {
    let count = Count::of(findings);
    match report.format() {
        Format::Text | Format::Mermaid | Format::Dot => report.result(&text(findings, &PALETTE)),
        Format::Json => {
            let mut object = json!({"findings": findings, "count": count});
            if let Value::Object(map) = &mut object {
                map.extend(more);
            }
            report.object(&object);
        }
        Format::Github => report.raw(&github(findings)),
        Format::Sarif => report.raw(&format!("{:#}\n", sarif(findings, rules, env!("CARGO_PKG_VERSION")))),
    }
    if count.fails(strict) { Outcome::Findings } else { Outcome::Fine }
}
