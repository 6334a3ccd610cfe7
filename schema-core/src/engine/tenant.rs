//! Migrations for many tenants, each in a PostgreSQL schema of its own: the files are written for one schema, the template,
//! and its name is replaced where it stands as a schema's name. Pure; `postgres::tenant_proof` proves it.
//!
//! The name is replaced before a dot and after the word SCHEMA; in `$$` bodies too, which are code. Other texts are left as
//! they are, unless PostgreSQL reads a name in them (`'t.x'::regclass`); one that names the template otherwise is refused.

use crate::engine::error::Error;
use crate::engine::history::{Down, History};
use crate::engine::lex::{self, Token, TokenKind};
use crate::engine::name::{QName, quoted};
use crate::engine::script::Script;
use std::ops::Range;

/// A History whose schema can be exchanged.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    history: History,
    /// For the up.sql of each migration, in order.
    places: Vec<Places>,
}

/// For each section and statement of a script, in order: where the name stands.
type Places = Vec<Vec<Vec<Place>>>;

/// A piece of a text that is replaced by the tenant's name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    range: Range<usize>,
    /// CREATE SCHEMA, where the tenant's schema may be there already.
    creates: bool,
}

/// Functions whose first argument is a name.
const BY_NAME: [&str; 6] =
    ["nextval", "currval", "setval", "to_regclass", "to_regtype", "pg_get_serial_sequence"];

impl Template {
    /// Finds the template's name in all migrations.
    ///
    /// # Errors
    /// When a text names the template where it cannot be replaced.
    pub fn new(history: &History, name: &str) -> Result<Self, Error> {
        let places =
            history.0.iter().map(|migration| in_script(&migration.up, name)).collect::<Result<_, _>>()?;
        Ok(Self { name: name.to_owned(), history: history.clone(), places })
    }

    /// The template's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The History as it is in the files.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Does any statement name the template at all?
    pub fn is_used(&self) -> bool {
        self.places.iter().flatten().flatten().any(|places| !places.is_empty())
    }

    /// The History for one tenant; of its ways back none is rewritten. Its checksums are those of the files.
    ///
    /// # Errors
    /// When no text could hold the tenant's name.
    pub fn written_for(&self, tenant: &str) -> Result<History, Error> {
        let written = written(tenant)?;
        let mut history = self.history.clone();
        for (migration, places) in history.0.iter_mut().zip(&self.places) {
            replace_in(&mut migration.up, places, &written);
        }
        Ok(history)
    }

    /// The same with the ways back, but for those that cannot be rewritten, and have never run for a tenant.
    ///
    /// # Errors
    /// As `written_for`.
    pub fn both_ways_for(&self, tenant: &str) -> Result<History, Error> {
        let mut history = self.written_for(tenant)?;
        for migration in &mut history.0 {
            if let Down::Script(script) = &migration.down {
                migration.down =
                    self.script_for(script, tenant).map_or_else(|_| migration.down.clone(), Down::Script);
            }
        }
        Ok(history)
    }

    /// A script for one tenant, such as a way back. Its checksums stay what they are.
    ///
    /// # Errors
    /// As `new` and `written_for`.
    pub fn script_for(&self, script: &Script, tenant: &str) -> Result<Script, Error> {
        let (places, written) = (in_script(script, &self.name)?, written(tenant)?);
        let mut script = script.clone();
        replace_in(&mut script, &places, &written);
        Ok(script)
    }

    /// What a relation of the template is called for a tenant.
    pub fn named_for(&self, name: &QName, tenant: &str) -> QName {
        let schema = if name.schema.as_str() == self.name { tenant } else { name.schema.as_str() };
        QName::new(schema, name.name.as_str())
    }
}

/// How the tenant's name is written.
fn written(tenant: &str) -> Result<String, Error> {
    if tenant.is_empty()
        || tenant.len() > 63
        || tenant.contains(['\'', '\\', '$', '\0'])
        || tenant.starts_with("pg_")
    {
        return Err(Error::usage(format!("{tenant:?} cannot be the schema of a tenant"))
            .next("at most 63 bytes, without ', \\ and $, and not beginning with pg_"));
    }
    Ok(quoted(tenant))
}

fn replace_in(script: &mut Script, places: &Places, written: &str) {
    for (section, places) in script.sections.iter_mut().zip(places) {
        for (statement, places) in section.statements.iter_mut().zip(places) {
            statement.sql = replaced(&statement.sql, places, written);
        }
    }
}

/// A text that PostgreSQL printed with the template's name replaced, as in the migrations.
pub fn rewritten(sql: &str, template: &str, tenant: &str) -> String {
    let mut places = places(sql, template).unwrap_or_default();
    places.iter_mut().for_each(|place| place.creates = false);
    replaced(sql, &places, &quoted(tenant))
}

fn in_script(script: &Script, name: &str) -> Result<Places, Error> {
    let sections = script.sections.iter().map(|section| {
        let statements = section.statements.iter().map(|statement| {
            places(&statement.sql, name).map_err(|at| {
                let before = &statement.sql[..at];
                let lines = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
                Error::refused(format!("this text names the schema {name}, and texts are not rewritten for tenants"))
                    .at(&script.file, statement.line.saturating_add(lines))
                    .next(format!(
                        "write a body as $$ ... $$, a name as '{name}.x'::regclass, or let it stand outside of the text"
                    ))
            })
        });
        statements.collect()
    });
    sections.collect()
}

fn replaced(sql: &str, places: &[Place], written: &str) -> String {
    let mut text = String::with_capacity(sql.len() + places.len() * written.len());
    let mut from = 0;
    for place in places {
        text.push_str(&sql[from..place.range.start]);
        if place.creates {
            text.push_str("IF NOT EXISTS ");
        }
        text.push_str(written);
        from = place.range.end;
    }
    text.push_str(&sql[from..]);
    text
}

/// Where the name stands as a schema's, in order; or where a text names it that cannot be rewritten.
fn places(sql: &str, name: &str) -> Result<Vec<Place>, usize> {
    let mut found = Vec::new();
    collect(sql, 0, name, &mut found)?;
    Ok(found)
}

fn collect(sql: &str, offset: usize, name: &str, found: &mut Vec<Place>) -> Result<(), usize> {
    // What is no SQL (a body in another language) is looked at as a text.
    let Ok(tokens) = lex::tokens(sql) else {
        return if mentions(sql, name) { Err(offset) } else { Ok(()) };
    };
    let tokens: Vec<&Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let text = |index: usize| tokens.get(index).map_or("", |token| &sql[token.range.clone()]);
    let is_comment = text(0).eq_ignore_ascii_case("comment");
    for (index, token) in tokens.iter().enumerate() {
        let range = offset + token.range.start..offset + token.range.end;
        match token.kind {
            TokenKind::Word | TokenKind::Quoted if lex::name(sql, token).as_deref() == Some(name) => {
                let qualifies = text(index + 1) == "." && (index == 0 || text(index - 1) != ".");
                let context = context(sql, &tokens[..index]);
                if qualifies || context.is_some() {
                    found.push(Place { range, creates: context == Some(Context::Create) });
                }
            }
            TokenKind::Literal => {
                let raw = &sql[token.range.clone()];
                if let Some((start, body)) = dollar_body(raw) {
                    collect(body, offset + token.range.start + start, name, found)?;
                } else if is_name(sql, &tokens, index) && is_plain(raw) {
                    collect(&raw[1..raw.len() - 1], offset + token.range.start + 1, name, found)?;
                } else if !is_comment && mentions(raw, name) {
                    return Err(offset + token.range.start);
                }
            }
            TokenKind::Word
            | TokenKind::Quoted
            | TokenKind::Number
            | TokenKind::Param
            | TokenKind::Operator
            | TokenKind::Char
            | TokenKind::Comment => {}
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Context {
    /// After CREATE SCHEMA, without IF NOT EXISTS.
    Create,
    /// After SCHEMA, or in a list of schemas, or in a search_path.
    Schema,
}

/// What stands before a name that no dot follows.
fn context(sql: &str, before: &[&Token]) -> Option<Context> {
    let words: Vec<String> =
        before.iter().rev().take(40).map(|token| sql[token.range.clone()].to_ascii_lowercase()).collect();
    let mut words = words.iter().map(String::as_str).peekable();
    // Back over `other, ` of a list.
    while words.peek() == Some(&",") {
        words.nth(1)?;
    }
    match words.next()? {
        "schema" => Some(if words.next() == Some("create") { Context::Create } else { Context::Schema }),
        "exists" => {
            let word = words.next()?;
            let word = if word == "not" { words.next()? } else { word };
            (word == "if" && words.next()? == "schema").then_some(Context::Schema)
        }
        "=" | "to" => (words.next()? == "search_path").then_some(Context::Schema),
        _ => None,
    }
}

/// Does PostgreSQL read a name in this text: `'x'::regclass`, `regclass 'x'`, `nextval('x')`?
fn is_name(sql: &str, tokens: &[&Token], index: usize) -> bool {
    let word = |index: Option<usize>| {
        index
            .and_then(|index| tokens.get(index))
            .map_or_else(String::new, |t| sql[t.range.clone()].to_ascii_lowercase())
    };
    let is_type = |word: String| word.starts_with("reg") && word.len() > 3;
    let after = word(Some(index + 1)) == "::" && is_type(word(Some(index + 2)));
    let qualified = word(Some(index + 2)) == "pg_catalog" && is_type(word(Some(index + 4)));
    let called = word(index.checked_sub(1)) == "(" && BY_NAME.contains(&word(index.checked_sub(2)).as_str());
    after || (word(Some(index + 1)) == "::" && qualified) || is_type(word(index.checked_sub(1))) || called
}

/// `'...'` without escapes in it.
fn is_plain(literal: &str) -> bool {
    literal.len() >= 2 && literal.starts_with('\'') && !literal[1..literal.len() - 1].contains(['\'', '\\'])
}

/// The body of `$tag$..$tag$`, and where it begins.
fn dollar_body(literal: &str) -> Option<(usize, &str)> {
    let tag = literal.strip_prefix('$')?.find('$')? + 2;
    Some((tag, &literal[tag..literal.len() - tag]))
}

/// Does a text name the schema: the name, and a dot?
fn mentions(text: &str, name: &str) -> bool {
    let written = format!("\"{}\"", name.replace('"', "\"\""));
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '"';
    [name, written.as_str()].into_iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            !text[..at].ends_with(part) && text[at + name.len()..].trim_start().starts_with('.')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::history::Migration;

    fn to(sql: &str) -> String {
        replaced(sql, &places(sql, "tenant").expect("can be rewritten"), &quoted("T 1"))
    }

    #[test]
    fn as_a_schema_only() {
        let cases = [
            ("create table tenant.users (id int)", "create table \"T 1\".users (id int)"),
            ("select \"tenant\" . x, TENANT.y from Tenant.t", "select \"T 1\" . x, \"T 1\".y from \"T 1\".t"),
            ("create schema tenant", "create schema IF NOT EXISTS \"T 1\""),
            ("create schema if not exists tenant", "create schema if not exists \"T 1\""),
            ("drop schema if exists a, tenant, b", "drop schema if exists a, \"T 1\", b"),
            ("grant usage on schema a, tenant to x", "grant usage on schema a, \"T 1\" to x"),
            (
                "alter function f() set search_path = tenant, public",
                "alter function f() set search_path = \"T 1\", public",
            ),
            ("set search_path to pg_temp, tenant", "set search_path to pg_temp, \"T 1\""),
            ("alter table x set schema tenant", "alter table x set schema \"T 1\""),
            ("select 'x'::tenant.mood", "select 'x'::\"T 1\".mood"),
            ("select nextval('tenant.s'::regclass)", "select nextval('\"T 1\".s'::regclass)"),
            ("select nextval('tenant.s')", "select nextval('\"T 1\".s')"),
            (
                "select regclass 'tenant.s', 'tenant.s'::pg_catalog.regclass",
                "select regclass '\"T 1\".s', '\"T 1\".s'::pg_catalog.regclass",
            ),
            (
                "create function tenant.f() returns int language sql as $f$ select x -- tenant.a\n from tenant.t $f$",
                "create function \"T 1\".f() returns int language sql as $f$ select x -- tenant.a\n from \"T 1\".t $f$",
            ),
        ];
        for (sql, expected) in cases {
            assert_eq!(to(sql), expected);
        }
        let same = [
            "create table x.tenant (tenant text, other int)",
            "select a.tenant.b from a.tenant",
            "/* tenant.x */ select 'tenant', 'my tenant' -- tenant.y",
            "select tenant from tenants.x, tenant_1.y",
            "insert into x values ('a subtenant. And so on')",
        ];
        for sql in same {
            assert_eq!(to(sql), sql);
        }
        assert_eq!(
            to("comment on table tenant.x is 'see tenant.y'"),
            "comment on table \"T 1\".x is 'see tenant.y'"
        );
    }

    #[test]
    fn texts_that_cannot_be_rewritten_are_refused() {
        let up = "create schema tenant;\n\ndo $$ begin\n  execute 'drop table tenant.x';\nend $$;";
        let history = History(vec![Migration::read("1_a", "m/1_a", up, None).expect("valid")]);
        let error = Template::new(&history, "tenant").expect_err("a text in a body").to_string();
        assert!(error.contains("names the schema tenant") && error.contains("at m/1_a/up.sql:4"), "{error}");
        for sql in ["select E'tenant.x'::regclass", "select 'tenant . x'", "select $$ it's \"tenant\".x $$"] {
            assert!(places(sql, "tenant").is_err(), "{sql}");
        }
    }

    #[test]
    fn a_history_for_a_tenant() {
        let up = "create table tenant.a ();\n-- schema:section no-transaction\ncreate index concurrently i on tenant.a (x);";
        let history = History(vec![Migration::read("1_a", "1_a", up, None).expect("valid")]);
        let template = Template::new(&history, "tenant").expect("valid");
        assert!(template.is_used());
        let written = template.written_for("t_42").expect("valid");
        assert_eq!(
            written.0[0].up.sections[1].statements[0].sql,
            "create index concurrently i on t_42.a (x)"
        );
        assert_eq!(written.0[0].up.checksum, history.0[0].up.checksum);
        for name in ["", "it's", "a$b", "pg_x", &"x".repeat(64)] {
            assert!(template.written_for(name).is_err(), "{name}");
        }
    }
}
