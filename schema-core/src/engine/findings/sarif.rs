//! Findings as SARIF 2.1.0, which GitHub's code scanning and others read.

use super::{Finding, Place, Severity};
use serde_json::{Value, json};

/// What a log says about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// All of its documentation, as Markdown.
    pub help: String,
    /// How bad it is by default.
    pub severity: Severity,
}

/// One log with one run. Rules that nobody described are listed by their names.
pub fn sarif(findings: &[Finding], rules: &[RuleText], version: &str) -> Value {
    let mut names: Vec<&str> = rules.iter().map(|rule| rule.name).collect();
    for finding in findings {
        if !names.contains(&finding.rule.as_str()) {
            names.push(&finding.rule);
        }
    }
    let described = names.iter().map(|name| match rules.iter().find(|rule| rule.name == *name) {
        Some(rule) => json!({
            "id": name,
            "shortDescription": {"text": rule.summary},
            "help": {"text": rule.help, "markdown": rule.help},
            "defaultConfiguration": {"level": level(rule.severity)},
        }),
        None => json!({"id": name}),
    });
    let described: Vec<Value> = described.collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &names)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "schema", "version": version, "rules": described}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding, names: &[&str]) -> Value {
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": names.iter().position(|name| *name == finding.rule),
        "level": level(finding.severity),
        "message": {"text": finding.whole()},
    });
    if let Some(place) = &finding.place {
        result["locations"] = json!([location(place, finding.object.as_deref())]);
    }
    result
}

fn location(place: &Place, object: Option<&str>) -> Value {
    let mut region = json!({"startLine": place.line});
    if let Some(column) = place.column {
        region["startColumn"] = json!(column);
    }
    let uri = place.file.replace('\\', "/").replace('%', "%25").replace(' ', "%20");
    let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}});
    if let Some(object) = object {
        location["logicalLocations"] = json!([{"fullyQualifiedName": object}]);
    }
    location
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}
