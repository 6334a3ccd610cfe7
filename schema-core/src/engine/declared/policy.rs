//! The policies of row security. They come last: what they test may call any function and read any view.

use super::mention::Mentions;
use super::view::Sources;
use super::{BlockId, Declared, clause, location, qname, written};
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::{Policy, PolicyCommand, Table};
use std::collections::BTreeSet;

const LINE: usize = 100;
/// Roles that are words of SQL.
const WORDS: [&str; 4] = ["public", "current_role", "current_user", "session_user"];

/// Adds the table's policies to `declared`.
pub(super) fn create_policies(
    table: &Table,
    sources: &Sources,
    declared: &mut Declared,
) -> Result<(), Error> {
    let on = qname(&table.name);
    for policy in &table.policies {
        let id = ObjectId::Policy(on.clone(), Ident::from(policy.name.as_str()));
        let mut needs = BTreeSet::from([BlockId::Object(ObjectId::Table(on.clone()))]);
        for sql in policy.using.iter().chain(&policy.with_check) {
            let mentions =
                Mentions::of(sql).map_err(|error| clause::unreadable(sql, &error, &policy.origin))?;
            needs.extend(mentions.of_sources(sources).map(|id| BlockId::Object(id.clone())));
        }
        let sql = text(policy, &on)?;
        declared.push(id, sql, needs.into_iter().collect(), location(&policy.origin));
    }
    Ok(())
}

fn text(policy: &Policy, on: &QName) -> Result<String, Error> {
    let mut head = format!("CREATE POLICY {} ON {}", Ident::from(policy.name.as_str()), written(on));
    if policy.restrictive {
        head.push_str(" AS RESTRICTIVE");
    }
    head.push_str(match policy.command {
        PolicyCommand::All => "",
        PolicyCommand::Select => " FOR SELECT",
        PolicyCommand::Insert => " FOR INSERT",
        PolicyCommand::Update => " FOR UPDATE",
        PolicyCommand::Delete => " FOR DELETE",
    });
    if !policy.to.is_empty() {
        let roles: Vec<String> = policy.to.iter().map(|role| self::role(role)).collect();
        head.push_str(&format!(" TO {}", roles.join(", ")));
    }
    let mut parts = vec![head];
    if let Some(using) = &policy.using {
        parts.push(format!("USING {}", clause::parenthesised(using, &policy.origin)?));
    }
    if let Some(check) = &policy.with_check {
        parts.push(format!("WITH CHECK {}", clause::parenthesised(check, &policy.origin)?));
    }
    let one_line = format!("{};", parts.join(" "));
    if one_line.chars().count() <= LINE && !one_line.contains('\n') {
        Ok(one_line)
    } else {
        Ok(format!("{};", parts.join("\n    ")))
    }
}

fn role(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) { lower.to_uppercase() } else { Ident::from(name).to_string() }
}
