//! Which names a piece of SQL mentions, and which ones it creates, as far as tokens tell. Only a hint for an order that
//! nobody wrote down: PostgreSQL says whether it was right.

use super::view::Sources;
use crate::engine::id::ObjectId;
use crate::engine::lex::{self, LexError, Token, TokenKind};
use crate::engine::name::QName;
use std::collections::BTreeSet;

/// The names inside a text, each with what stands before its dot.
#[derive(Debug, Clone, Default)]
pub(super) struct Mentions(BTreeSet<(String, Option<String>)>);

/// What statements begin with that create something which other SQL can name.
const CREATED: [&str; 8] =
    ["function", "procedure", "aggregate", "view", "table", "type", "domain", "sequence"];
/// What can stand between CREATE and the kind.
const BEFORE_KIND: [&str; 10] = [
    "or",
    "replace",
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "foreign",
    "materialized",
    "recursive",
];

impl Mentions {
    /// All names of the text, those inside of its literals too: bodies of functions.
    pub(super) fn of(sql: &str) -> Result<Self, LexError> {
        let mut names = BTreeSet::new();
        let tokens = lex::tokens(sql)?;
        let tokens: Vec<&Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            let is = |token: Option<&&Token>, text: &str| {
                token.is_some_and(|token| sql[token.range.clone()].eq_ignore_ascii_case(text))
            };
            if token.kind == TokenKind::Literal {
                // What is no SQL names nothing.
                names.extend(Self::of(inside(&sql[token.range.clone()])).unwrap_or_default().0);
            } else if let Some(name) = lex::name(sql, token)
                && !is(before(1), "as")
            {
                let qualifier =
                    if is(before(1), ".") { before(2).and_then(|token| lex::name(sql, token)) } else { None };
                names.insert((name, qualifier));
            }
        }
        Ok(Self(names))
    }

    /// Takes the names of another text too.
    pub(super) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether it can mean this object. A name without a schema can be in any.
    pub(super) fn has(&self, name: &QName) -> bool {
        let plain = (name.name.as_str().to_owned(), None);
        let (schema, (text, _)) = (name.schema.as_str().to_owned(), &plain);
        self.0.contains(&plain) || self.0.contains(&(text.clone(), Some(schema)))
    }

    /// Those of the declared objects that it can mean.
    pub(super) fn of_sources<'a>(&'a self, sources: &'a Sources) -> impl Iterator<Item = &'a ObjectId> {
        let named = self.names().filter_map(|name| sources.get(name)).flatten();
        named.filter(|(name, _)| self.has(name)).map(|(_, id)| id)
    }

    /// The names without what stands before them.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// The text between the quotes of a literal.
fn inside(literal: &str) -> &str {
    let inner = if let Some(tagged) = literal.strip_prefix('$') {
        let tag = tagged.find('$').map_or(literal.len(), |at| at + 2);
        literal.get(tag..literal.len().saturating_sub(tag))
    } else {
        let open = literal.find('\'').map_or(literal.len(), |at| at + 1);
        literal.get(open..literal.len().saturating_sub(1))
    };
    inner.unwrap_or_default()
}

/// What a statement creates that other SQL can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// `table`, `view` and the like.
    pub kind: &'static str,
    /// The schema, where it is written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// What the statements of a text create, by their first words.
///
/// # Errors
/// When the text is no SQL.
pub fn created(sql: &str) -> Result<Vec<Created>, LexError> {
    let tokens = lex::tokens(sql)?;
    let statements = lex::statements(sql, &tokens)?;
    Ok(statements.iter().filter_map(|statement| created_by(sql, &tokens[statement.tokens.clone()])).collect())
}

fn created_by(sql: &str, statement: &[Token]) -> Option<Created> {
    let tokens: Vec<&Token> = statement.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let is = |at: usize, text: &str| {
        tokens.get(at).is_some_and(|token| sql[token.range.clone()].eq_ignore_ascii_case(text))
    };
    let mut at = (1..tokens.len()).find(|at| !BEFORE_KIND.iter().any(|word| is(*at, word)))?;
    let kind = CREATED.into_iter().find(|kind| is(0, "create") && is(at, kind))?;
    at += if is(at + 1, "if") { 4 } else { 1 };
    let name = |at: usize| tokens.get(at).and_then(|token| lex::name(sql, token));
    let schema = if is(at + 1, ".") { name(at) } else { None };
    Some(Created { kind, name: name(if schema.is_some() { at + 2 } else { at })?, schema })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_can_be_meant() {
        let sql = "SELECT a.x AS other, 'it''s' FROM billing.\"Users\" a -- hidden\n JOIN LATERAL f($$ select 1 from deep $$)";
        let mentions = Mentions::of(sql).unwrap_or_default();
        assert!(mentions.has(&QName::new("billing", "Users")));
        assert!(mentions.has(&QName::new("public", "f")));
        assert!(mentions.has(&QName::new("public", "deep")));
        for name in ["Users", "other", "hidden", "x", "users"] {
            assert!(!mentions.has(&QName::new("public", name)), "{name}");
        }
    }

    #[test]
    fn what_statements_create() {
        let sql = "CREATE EXTENSION citext; create or replace function app.add(a int) returns int
            begin atomic select 1; end; CREATE TABLE IF NOT EXISTS \"T\" (); COMMENT ON TABLE t IS 'create view v';
            create recursive view r (n) as select 1; CREATE TRIGGER x BEFORE UPDATE ON function_calls;
            create /* x */ materialized view s.\"Odd\"\"one\" as select 1; create publication p for table q";
        let created = created(sql).unwrap_or_default();
        let made = |kind, schema: Option<&str>, name: &str| Created {
            kind,
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
        };
        let expected = [
            made("function", Some("app"), "add"),
            made("table", None, "T"),
            made("view", None, "r"),
            made("view", Some("s"), "Odd\"one"),
        ];
        assert_eq!(created, expected);
    }
}
