//! A statement outside of a transaction that was tried before: what it left behind, and whether it may run again.

use super::failure;
use super::status::Outcome;
use crate::engine::error::Error;
use crate::engine::lex::{self, Token, TokenKind};
use crate::engine::name::QName;
use crate::engine::script::{Script, Statement};
use postgres::Client;
use postgres::types::Type;

/// What to do with a section outside of a transaction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Run the statement.
    Run,
    /// Drop this index, which PostgreSQL left INVALID; then run the statement.
    DropAndRun(QName),
    /// The statement was through, only our note of it is missing.
    AlreadyDone,
}

/// The index of a `CREATE INDEX CONCURRENTLY name ON table`.
#[derive(Debug, PartialEq, Eq)]
struct Built {
    name: String,
    /// As the statement writes it.
    table: String,
}

/// Statements that do no harm when they run again.
const REPEATABLE: &[&str] = &["vacuum", "analyze", "analyse", "reindex", "cluster", "checkpoint", "refresh"];

/// Looks at what the last try of a statement left.
pub(crate) fn next(
    client: &mut Client,
    script: &Script,
    statement: &Statement,
    last: Option<&Outcome>,
    allow_rerun: bool,
) -> Result<Next, Error> {
    let last = match last {
        None => return Ok(Next::Run),
        Some(last) => last,
    };
    if let Some(built) = built(&statement.sql) {
        return Ok(match find(client, &built)? {
            Some((index, false)) => Next::DropAndRun(index),
            Some((_, true)) if *last != Outcome::Started => Next::Run,
            Some((_, true)) => Next::AlreadyDone,
            None => Next::Run,
        });
    }
    match last {
        Outcome::Failed(_) | Outcome::Done => Ok(Next::Run),
        Outcome::Started if allow_rerun || is_repeatable(&statement.sql) => Ok(Next::Run),
        Outcome::Started => Err(Error::refused(format!(
            "this statement runs outside of a transaction, and its last run was cut off: whether it took effect is not known\n  in: {}",
            failure::excerpt(&statement.sql)
        ))
        .at(&script.file, statement.line)
        .next("look at the database; undo what it may have done and run again with `--allow rerun`")),
    }
}

/// What a statement left behind that was cut off.
#[cfg(feature = "engine")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Left {
    /// It was through.
    Done,
    /// It did nothing, or may run again.
    Nothing,
    /// An index that is INVALID.
    Invalid(QName),
    /// Nobody can tell.
    Unknown,
}

/// Looks at what a statement left that was begun, and nobody wrote down how it ended.
#[cfg(feature = "engine")]
pub(crate) fn left(client: &mut Client, statement: &Statement) -> Result<Left, Error> {
    let Some(built) = built(&statement.sql) else {
        return Ok(if is_repeatable(&statement.sql) { Left::Nothing } else { Left::Unknown });
    };
    Ok(match find(client, &built)? {
        Some((_, true)) => Left::Done,
        Some((index, false)) => Left::Invalid(index),
        None => Left::Nothing,
    })
}

/// The index that a statement should have built and did not: left INVALID, which `IF NOT EXISTS` passes over in silence.
pub(crate) fn unfinished(client: &mut Client, statement: &Statement) -> Result<Option<QName>, Error> {
    let Some(built) = built(&statement.sql) else {
        return Ok(None);
    };
    Ok(find(client, &built)?.and_then(|(index, valid)| (!valid).then_some(index)))
}

/// Is there already an index of the name that a statement is about to build?
pub(crate) fn is_taken(client: &mut Client, statement: &Statement) -> Result<bool, Error> {
    match built(&statement.sql) {
        Some(built) => Ok(find(client, &built)?.is_some()),
        None => Ok(false),
    }
}

fn find(client: &mut Client, built: &Built) -> Result<Option<(QName, bool)>, Error> {
    let query = "SELECT n.nspname::text, c.relname::text, i.indisvalid FROM pg_catalog.pg_index i \
                 JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relname = $1 AND i.indrelid = pg_catalog.to_regclass($2)";
    let rows = client
        .query_typed(query, &[(&built.name, Type::TEXT), (&built.table, Type::TEXT)])
        .map_err(|e| failure::doing("looking for the index", &e))?;
    Ok(rows.first().map(|row| (QName::new(row.get::<_, String>(0), row.get::<_, String>(1)), row.get(2))))
}

/// Reads CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table.
fn built(sql: &str) -> Option<Built> {
    let tokens = lex::tokens(sql).ok()?;
    let mut tokens = tokens.iter().filter(|token| token.kind != TokenKind::Comment).peekable();
    let is = |token: &Token, keyword: &str| {
        token.kind == TokenKind::Word && sql[token.range.clone()].eq_ignore_ascii_case(keyword)
    };
    tokens.next_if(|t| is(t, "create"))?;
    tokens.next_if(|t| is(t, "unique"));
    tokens.next_if(|t| is(t, "index"))?;
    tokens.next_if(|t| is(t, "concurrently"))?;
    for word in ["if", "not", "exists"] {
        tokens.next_if(|t| is(t, word));
    }
    let name = lex::name(sql, tokens.next_if(|t| !is(t, "on"))?)?;
    tokens.next_if(|t| is(t, "on"))?;
    tokens.next_if(|t| is(t, "only"));
    let table = tokens.take_while(|t| {
        matches!(t.kind, TokenKind::Word | TokenKind::Quoted) && !is(t, "using")
            || sql[t.range.clone()] == *"."
    });
    let table = table.map(|t| &sql[t.range.clone()]).collect::<String>();
    Some(Built { name, table })
}

fn is_repeatable(sql: &str) -> bool {
    let tokens = lex::tokens(sql).unwrap_or_default();
    let words: Vec<String> = tokens.iter().filter_map(|token| lex::name(sql, token)).take(3).collect();
    let drop_index = ["drop", "index", "concurrently"];
    words.first().is_some_and(|word| REPEATABLE.contains(&word.as_str())) || words == drop_index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_index_of_a_statement() {
        let cases = [
            ("create index concurrently i on t (x)", Some(("i", "t"))),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I\"\"x\" ON ONLY s.\"T u\" USING btree (x)",
                Some(("I\"x", "s.\"T u\"")),
            ),
            ("create index /* c */ concurrently I on\n-- c\nt(x)", Some(("i", "t"))),
            ("create index concurrently on t (x)", None),
            ("create index i on t (x)", None),
            ("vacuum", None),
        ];
        for (sql, expected) in cases {
            let found = built(sql);
            assert_eq!(found.as_ref().map(|b| (b.name.as_str(), b.table.as_str())), expected, "{sql}");
        }
    }

    #[test]
    fn knows_what_may_run_again() {
        assert!(is_repeatable("VACUUM (FULL) t"));
        assert!(is_repeatable("drop index concurrently if exists i"));
        assert!(!is_repeatable("alter type e add value 'x'"));
        assert!(!is_repeatable("drop database x"));
    }
}
