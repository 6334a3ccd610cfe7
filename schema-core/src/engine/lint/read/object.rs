//! CREATE and ALTER of what sqlparser reads in part or not at all: indexes, routines, triggers, policies, roles.

use super::words::Words;
use crate::engine::lint::action::{Action, CreateIndex, Kind, Policy, Routine};

/// What is made or changed and matters to no rule.
const OTHER: &[&str] = &[
    "create publication",
    "create subscription",
    "create server",
    "create user mapping",
    "create foreign data wrapper",
    "create cast",
    "create operator",
    "create aggregate",
    "create or replace aggregate",
    "create collation",
    "create text search",
    "create statistics",
    "create rule",
    "create or replace rule",
    "create event trigger",
    "create language",
    "create trusted language",
    "create or replace language",
    "create conversion",
    "create access method",
    "create transform",
    "create tablespace",
    "create database",
    "create group",
    "create type",
    "alter publication",
    "alter subscription",
    "alter server",
    "alter user mapping",
    "alter foreign",
    "alter operator",
    "alter aggregate",
    "alter collation",
    "alter text search",
    "alter statistics",
    "alter rule",
    "alter event trigger",
    "alter language",
    "alter conversion",
    "alter extension",
    "alter tablespace",
    "alter system",
    "alter database",
    "alter default privileges",
    "alter domain",
    "alter type",
    "alter group",
    "alter large object",
    "alter trigger",
    "alter index",
    "alter materialized view",
    "alter sequence",
    "alter view",
    "alter schema",
    "create role",
    "create user",
    "import foreign schema",
];

pub(super) fn read(mut words: Words<'_>) -> Option<Action> {
    let whole = words.clone();
    if words.take("create or replace") || words.take("create") {
        let or_replace = whole.next_are("create or replace");
        if let Some(action) = create(words.clone(), or_replace) {
            return Some(action);
        }
        // An enum is more than its name.
        if whole.next_are("create type") && words.has("as enum") {
            return None;
        }
    } else if words.take("alter")
        && let Some(action) = alter(words)
    {
        return Some(action);
    }
    OTHER.iter().any(|start| whole.next_are(start)).then_some(Action::Other)
}

fn create(mut words: Words<'_>, or_replace: bool) -> Option<Action> {
    let unique = words.take("unique");
    if words.take("index") {
        let concurrently = words.take("concurrently");
        let if_not_exists = words.take("if not exists");
        let name = if words.next_are("on") { None } else { words.ident() };
        let only = words.take("on only");
        if !only && !words.take("on") {
            return None;
        }
        let table = words.name()?;
        let on = words.plain().replace("USING btree ", "").replace("using btree ", "");
        let index = CreateIndex { name, table, only, unique, concurrently, if_not_exists, on };
        return Some(Action::CreateIndex(index));
    }
    if words.take("function") || words.take("procedure") {
        return routine(words, or_replace);
    }
    if words.take("trigger") || words.take("constraint trigger") {
        let name = words.ident()?;
        return if words.skip_to("on") {
            Some(Action::CreateTrigger { name, table: words.name()? })
        } else {
            None
        };
    }
    if words.take("policy") {
        return policy(words, true);
    }
    if words.take("extension") {
        let if_not_exists = words.take("if not exists");
        let name = words.ident()?;
        let schema = if words.skip_to("schema") { words.ident() } else { None };
        return Some(Action::CreateExtension { name, schema, if_not_exists });
    }
    if words.take("schema") {
        let if_not_exists = words.take("if not exists");
        words.take("authorization");
        return Some(Action::CreateSchema { name: words.ident()?, if_not_exists });
    }
    if words.take("role") || words.take("user") {
        return if words.next_are("mapping") { None } else { role(words) };
    }
    words.take_one_of(&["temporary", "temp", "unlogged"]);
    if words.take("sequence") {
        let if_not_exists = words.take("if not exists");
        return Some(Action::CreateSequence { name: words.name()?, if_not_exists });
    }
    None
}

fn routine(mut words: Words<'_>, or_replace: bool) -> Option<Action> {
    let name = words.name()?;
    let arguments = Words::of(words.group()?).plain().to_ascii_lowercase();
    let options = words.clone();
    let has = |text: &str| options.has(text);
    let volatility = volatility(&options).unwrap_or("VOLATILE");
    let body = if words.skip_to("as") { words.literal() } else { None };
    let mut tail = options.clone();
    let returns = if tail.take("returns") {
        let stop = [
            "language",
            "as",
            "immutable",
            "stable",
            "volatile",
            "security",
            "set",
            "strict",
            "begin",
            "return",
        ];
        Words::of(tail.until(&stop)).plain().to_ascii_lowercase()
    } else {
        String::new()
    };
    Some(Action::Routine(Routine {
        name,
        arguments,
        returns,
        or_replace,
        definer: has("security definer"),
        search_path: has("set search_path"),
        volatility,
        body: body.unwrap_or_else(|| options.rest().to_owned()),
    }))
}

fn volatility(words: &Words<'_>) -> Option<&'static str> {
    ["IMMUTABLE", "STABLE", "VOLATILE"].into_iter().find(|word| words.has(word))
}

fn policy(mut words: Words<'_>, create: bool) -> Option<Action> {
    let name = words.ident()?;
    if !words.take("on") {
        return None;
    }
    let table = words.name()?;
    if words.take("rename to") {
        return Some(Action::Other);
    }
    let permissive = !words.has("as restrictive");
    let commands = ["SELECT", "INSERT", "UPDATE", "DELETE", "ALL"];
    let mut command = words.clone();
    let command = if command.skip_to("for") { command.take_one_of(&commands) } else { None };
    let part = |keywords: &str| {
        let mut words = words.clone();
        if words.skip_to(keywords) { words.group().map(str::to_owned) } else { None }
    };
    Some(Action::Policy(Policy {
        name,
        table,
        command: if create { command.or(Some("ALL")) } else { command },
        permissive,
        using: part("using"),
        check: part("with check"),
        create,
    }))
}

fn role(mut words: Words<'_>) -> Option<Action> {
    let name = words.ident()?;
    let superuser = words.has("superuser");
    Some(Action::Role { name, superuser, bypassrls: words.has("bypassrls") })
}

fn alter(mut words: Words<'_>) -> Option<Action> {
    if words.take("type") {
        return enumeration(words);
    }
    if words.take("policy") {
        return policy(words, false);
    }
    if words.take("role") || words.take("user") {
        return if words.next_are("mapping") || words.has("set") || words.has("reset") {
            None
        } else {
            role(words)
        };
    }
    if let Some(kind) = words.take_one_of(&["function", "procedure", "routine"]) {
        let mut named = words.clone();
        let name = named.name()?;
        named.group();
        if let Some(action) = common(kind, words) {
            return Some(action);
        }
        return Some(Action::AlterRoutine {
            name,
            volatility: volatility(&named),
            definer: named.has("security definer"),
            search_path: named.has("set search_path"),
        });
    }
    let kind = words.take_one_of(&[
        "materialized view",
        "view",
        "index",
        "sequence",
        "schema",
        "database",
        "domain",
        "extension",
        "aggregate",
        "server",
        "foreign data wrapper",
        "publication",
        "subscription",
        "collation",
        "text search configuration",
    ])?;
    words.take("if exists");
    if kind == "sequence" && words.has("restart") {
        return Some(Action::RestartSequence { name: words.name()?.to_string(), computed: false });
    }
    if kind == "view" && words.has("set (") {
        let view = words.name()?;
        let invoker = words.rest().to_ascii_lowercase();
        let set = invoker.contains("security_invoker");
        let off = ["false", "off", "= 0", "=0"].iter().any(|off| invoker.contains(off));
        return Some(Action::ViewOption { view, invoker: set.then_some(!off) });
    }
    common(kind, words)
}

/// `RENAME TO` and `OWNER TO`, which most kinds have.
fn common(kind: &str, mut words: Words<'_>) -> Option<Action> {
    let of = kind_of(kind);
    let name = words.name()?;
    words.group();
    if words.take("rename to") {
        return Some(Action::Rename { kind: of, name, to: words.ident()? });
    }
    if words.take("owner to") {
        let to = words.literal()?;
        return Some(Action::Owner { of: format!("{kind} {name}"), to });
    }
    None
}

/// The sort of object that keywords name.
pub(super) fn kind_of(keywords: &str) -> Kind {
    match keywords {
        "table" | "foreign table" => Kind::Table,
        "view" => Kind::View,
        "materialized view" => Kind::MaterializedView,
        "index" => Kind::Index,
        "sequence" => Kind::Sequence,
        "schema" => Kind::Schema,
        "database" => Kind::Database,
        "type" => Kind::Type,
        "domain" => Kind::Domain,
        "extension" => Kind::Extension,
        "function" | "procedure" | "routine" | "aggregate" => Kind::Routine,
        "trigger" => Kind::Trigger,
        "policy" => Kind::Policy,
        _other => Kind::Other,
    }
}

fn enumeration(mut words: Words<'_>) -> Option<Action> {
    let name = words.name()?;
    if words.take("add value") {
        words.take("if not exists");
        let label = words.literal()?;
        let placed = words.has("before") || words.has("after");
        return Some(Action::AddLabel { name, label, placed });
    }
    if words.take("rename value") {
        let from = words.literal()?;
        return words.take("to").then(|| words.literal()).flatten().map(|to| Action::RenameLabel {
            name,
            from,
            to,
        });
    }
    if words.take("rename to") {
        return Some(Action::Rename { kind: Kind::Type, name, to: words.ident()? });
    }
    if words.take("owner to") {
        return Some(Action::Owner { of: format!("type {name}"), to: words.literal()? });
    }
    None
}
