//! The documentation of rules, from the rules themselves.

use super::config::{Level, Profile};
use super::rule::{Check, Group, Rule};
use super::rules::RULES;
use crate::engine::findings::{RuleText, Severity};
use std::fmt::Write;

/// What `--explain` prints and `docs/rules.md` has of one rule, as Markdown.
pub fn explain(rule: &Rule) -> String {
    let levels: Vec<String> =
        Profile::ALL.iter().map(|p| format!("{} `{}`", p.name(), word(rule.levels.of(*p)))).collect();
    let said_by = |check: &Check| if let Check::By(by) = check { Some(*by) } else { None };
    let by = rule.checks.iter().find_map(said_by).map(|by| format!(" Said by {by}.")).unwrap_or_default();
    let mut text =
        format!("### `{}`\n\n{}\n\nBy profile: {}.{by}\n\n", rule.name, rule.summary, levels.join(", "));
    // Writing to a String cannot fail.
    let _ = writeln!(text, "**Why.** {}", rule.why);
    let (words, sql) = split(rule.recipe);
    let _ = write!(text, "\n**Instead.** {words}\n");
    if !sql.is_empty() {
        let _ = write!(text, "\n```sql\n{sql}\n```\n");
    }
    text
}

/// A recipe's first line is words; what follows is SQL.
fn split(recipe: &str) -> (&str, &str) {
    recipe.split_once('\n').unwrap_or((recipe, ""))
}

/// All rules by group: name, levels, what it is.
pub fn list() -> String {
    let mut text = String::new();
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for group in Group::ALL {
        let _ = writeln!(text, "{}", group.title());
        for rule in RULES.iter().filter(|rule| rule.group == group) {
            let levels: Vec<String> =
                Profile::ALL.iter().map(|p| format!("{:<5}", word(rule.levels.of(*p)))).collect();
            let _ = writeln!(text, "  {:<width$}  {}  {}", rule.name, levels.join(" "), rule.summary);
        }
    }
    text
}

/// For SARIF.
pub fn texts() -> Vec<RuleText> {
    let text = |rule: &Rule| RuleText {
        name: rule.name,
        summary: rule.summary,
        help: explain(rule),
        severity: rule.levels.ci.unwrap_or(Severity::Info),
    };
    RULES.iter().map(text).collect()
}

/// `off`, `info`, `warn`, `error`.
pub fn word(level: Level) -> &'static str {
    level.map_or("off", Severity::name)
}
