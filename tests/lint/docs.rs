//! `docs/rules.md` is made from the rules and their cases. To bless it: `INSTA_UPDATE=always cargo test ... lint::docs`.

use super::{has_case, text};
use schema_core::engine::lint::docs::explain;
use schema_core::engine::lint::rule::Group;
use schema_core::engine::lint::rules::RULES;
use std::fmt::Write;
use std::path::Path;

fn generated() -> String {
    let mut page = "# Rules of `schema lint`\n\nMade from the rules themselves and from `tests/lint/cases`; a test keeps it \
                    true. `schema lint --explain RULE` prints one of them.\n\nWhat is meant is waived, with the reason: \
                    `-- schema:allow RULE: why` before a statement, `allow(\"RULE\", reason = \"why\")` on a struct or a field, \
                    `[[lint.allow]]` in `schema.toml`.\n"
        .to_owned();
    for group in Group::ALL {
        let _ = write!(page, "\n## {}\n", group.title());
        for rule in RULES.iter().filter(|rule| rule.group == group) {
            let _ = write!(page, "\n{}", explain(rule));
            if has_case(rule) {
                for (title, name) in [("Found", "bad"), ("Not found", "good")] {
                    let sql = text(&format!("cases/{}/{name}.sql", rule.name));
                    let head = ["-- min:", "-- loose", "-- catalog", "-- not run", "-- config"];
                    let shown = |line: &&str| !head.iter().any(|head| line.starts_with(head));
                    let sql: Vec<&str> = sql.lines().filter(shown).collect();
                    let _ = write!(page, "\n{title}:\n\n```sql\n{}\n```\n", sql.join("\n"));
                }
            }
        }
    }
    page
}

#[test]
fn the_page_is_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/rules.md");
    let page = generated();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rules.md is not what the rules say; bless it with INSTA_UPDATE=always");
}
