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
/// `CREATE OR REPLACE CONSTRAINT TRIGGER` and the like: the kind comes soon or not at all.
const WORDS_BEFORE_KIND: usize = 5;

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

/// The names, without schemas, of what the statements create.
pub(super) fn created(sql: &str) -> Result<BTreeSet<String>, LexError> {
    let tokens = lex::tokens(sql)?;
    let statements = lex::statements(sql, &tokens)?;
    Ok(statements.iter().filter_map(|statement| created_by(sql, &tokens[statement.tokens.clone()])).collect())
}

fn created_by(sql: &str, statement: &[Token]) -> Option<String> {
    let tokens: Vec<&Token> = statement.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let is = |at: usize, text: &str| {
        tokens.get(at).is_some_and(|token| sql[token.range.clone()].eq_ignore_ascii_case(text))
    };
    let kind = (1..=WORDS_BEFORE_KIND).find(|at| CREATED.iter().any(|kind| is(*at, kind)));
    let mut at = kind.filter(|_| is(0, "create"))? + 1;
    if is(at, "if") {
        at += 3;
    }
    while is(at + 1, ".") {
        at += 2;
    }
    lex::name(sql, tokens.get(at)?)
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
            create recursive view r (n) as select 1; CREATE TRIGGER x BEFORE UPDATE ON function_calls";
        let created = created(sql).unwrap_or_default();
        assert_eq!(created, ["T", "add", "r"].map(str::to_owned).into());
    }
}
