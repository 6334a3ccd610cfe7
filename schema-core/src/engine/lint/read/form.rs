//! Statements with a form of their own: DROP, REINDEX, VACUUM, GRANT, SET, transactions and the like.

use super::object::kind_of;
use super::words::Words;
use crate::engine::lint::action::{Action, Drop, Kind, Privileges, Transaction};

/// What changes no schema and no row.
const QUIET: &[&str] = &[
    "comment on",
    "analyze",
    "analyse",
    "security label",
    "listen",
    "unlisten",
    "notify",
    "discard",
    "checkpoint",
    "load",
    "deallocate",
    "declare",
    "fetch",
    "move",
    "close",
    "savepoint",
    "release",
    "rollback to",
    "rollback work to",
    "rollback transaction to",
    "reset",
    "set constraints",
    "set role",
    "set session authorization",
    "explain",
    "show",
    "table",
    "values",
];

pub(super) fn read(mut words: Words<'_>) -> Option<Action> {
    if QUIET.iter().any(|start| words.next_are(start)) {
        return Some(Action::Other);
    }
    let verbs = [
        "drop owned",
        "drop",
        "reindex",
        "cluster",
        "vacuum",
        "refresh materialized view",
        "truncate",
        "grant",
        "revoke",
        "set",
        "lock",
        "do",
        "reassign owned",
        "begin",
        "start transaction",
        "commit",
        "end",
        "rollback",
        "abort",
        "prepare transaction",
    ];
    match words.take_one_of(&verbs)? {
        "drop owned" => Some(Action::Other),
        "drop" => drop(words),
        "reindex" => reindex(words),
        "cluster" => {
            words.group();
            words.take("verbose");
            words.skip_to("on");
            let table = words.name();
            Some(Action::Rebuild { verb: "CLUSTER", table })
        }
        "vacuum" => Some(vacuum(words)),
        "refresh materialized view" => {
            let concurrently = words.take("concurrently");
            Some(Action::Refresh { view: words.name()?, concurrently })
        }
        "truncate" => {
            words.take("table");
            let tables = words.names();
            let restart = words.has("restart identity");
            Some(Action::Truncate { tables, cascade: words.has("cascade"), restart })
        }
        "grant" => privileges(words, true),
        "revoke" => privileges(words, false),
        "set" => set(words),
        "lock" => {
            words.take("table");
            let tables = words.names();
            let mode = if words.take("in") { words.until(&["mode"]) } else { "ACCESS EXCLUSIVE" };
            Some(Action::Lock { tables, mode: Words::of(mode).plain().to_ascii_uppercase() })
        }
        "do" => {
            if words.take("language") {
                words.literal();
            }
            Some(Action::Do { body: words.literal()? })
        }
        "reassign owned" => {
            let of = format!(
                "what {} owns",
                words.until(&["to"]).trim_start_matches("by ").trim_start_matches("BY ")
            );
            words.take("to");
            Some(Action::Owner { of, to: words.literal()? })
        }
        "begin" | "start transaction" => Some(Action::Transaction(Transaction::Begin)),
        _ends => Some(Action::Transaction(Transaction::End)),
    }
}

fn drop(mut words: Words<'_>) -> Option<Action> {
    let keywords = [
        "table",
        "foreign table",
        "view",
        "materialized view",
        "index",
        "sequence",
        "schema",
        "database",
        "type",
        "domain",
        "extension",
        "function",
        "procedure",
        "routine",
        "aggregate",
        "trigger",
        "policy",
    ];
    let Some(found) = keywords.into_iter().find(|keyword| words.next_are(keyword)) else {
        let cascade = words.has("cascade");
        let others = [
            "role",
            "user",
            "rule",
            "cast",
            "collation",
            "conversion",
            "event trigger",
            "foreign data wrapper",
            "server",
            "user mapping",
            "language",
            "operator",
            "publication",
            "subscription",
            "statistics",
            "tablespace",
            "text search",
            "access method",
            "transform",
            "group",
        ];
        return others.iter().any(|other| words.next_are(other)).then(|| {
            let nothing = Drop {
                kind: Kind::Other,
                names: Vec::new(),
                on: None,
                cascade,
                if_exists: words.has("if exists"),
                concurrently: false,
            };
            Action::Drop(nothing)
        });
    };
    words.take(found);
    let concurrently = words.take("concurrently");
    let if_exists = words.take("if exists");
    let names = words.names();
    let on = if words.take("on") { words.name() } else { None };
    let cascade = words.has("cascade");
    Some(Action::Drop(Drop { kind: kind_of(found), names, on, cascade, if_exists, concurrently }))
}

fn reindex(mut words: Words<'_>) -> Option<Action> {
    let inside = words.group().unwrap_or_default().to_ascii_lowercase();
    let what = words.take_one_of(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"])?;
    let concurrently = words.take("concurrently") || inside.contains("concurrently");
    Some(Action::Reindex { what: what.to_owned(), name: words.name(), concurrently })
}

fn vacuum(mut words: Words<'_>) -> Action {
    let inside = words.group().unwrap_or_default().to_ascii_lowercase();
    let full = words.take("full") || Words::of(&inside).has("full");
    while words.take_one_of(&["freeze", "verbose", "analyze", "analyse"]).is_some() {}
    Action::Rebuild { verb: if full { "VACUUM FULL" } else { "VACUUM" }, table: words.name() }
}

fn privileges(mut words: Words<'_>, grant: bool) -> Option<Action> {
    let mut option = words.take("grant option for") || words.take("admin option for");
    let between = if grant { "to" } else { "from" };
    let privileges = Words::of(words.until(&["on", between])).plain().to_ascii_uppercase();
    let on = words.take("on").then(|| one_line(words.until(&[between])));
    if !words.take(between) {
        return None;
    }
    let to = words.until(&["with", "granted", "cascade", "restrict"]);
    let to =
        to.split(',').map(|role| role.trim().trim_start_matches("GROUP ").to_ascii_lowercase()).collect();
    option |= words.has("with grant option") || words.has("with admin");
    Some(Action::Privileges(Privileges { grant, privileges, on, to, option }))
}

fn set(mut words: Words<'_>) -> Option<Action> {
    let scope = words.take_one_of(&["local", "session"]);
    if words.next_are("transaction") || words.next_are("characteristics") {
        return Some(Action::Other);
    }
    if words.take("time zone") {
        let value = words.rest().to_owned();
        return Some(Action::Set { name: "timezone".to_owned(), value, local: scope == Some("local") });
    }
    let name = words.name()?.to_string().to_ascii_lowercase();
    if words.take_one_of(&["to", "="]).is_none() {
        return Some(Action::Other);
    }
    Some(Action::Set { name, value: words.rest().to_owned(), local: scope == Some("local") })
}

/// A text without line ends and more than single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
