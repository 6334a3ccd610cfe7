//! A statement outside of a transaction that was tried before: what it left behind, and whether it may run again.

use super::failure;
use super::section::Failure;
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
    /// Run this instead: it ends what the last try began.
    Finalize(String),
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
    if let Some((parent, partition)) = detached(&statement.sql) {
        return Ok(match (is_pending(client, &parent, &partition)?, last) {
            (Some(true), _) => {
                Next::Finalize(format!("ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE"))
            }
            (None, Outcome::Started) => Next::AlreadyDone,
            (Some(false) | None, _) => Next::Run,
        });
    }
    if let Some(index) = dropped(&statement.sql)
        && *last == Outcome::Started
        && !exists(client, &index)?
    {
        return Ok(Next::AlreadyDone);
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

/// Drops an index that was left INVALID.
pub(crate) fn drop_invalid(client: &mut Client, index: &QName) -> Result<(), Failure<'static>> {
    client
        .batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {index}"))
        .map_err(|e| Failure::new(failure::doing("dropping the INVALID index", &e), &e, None))
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

/// Whether the table is still a partition, and if so, whether it is on its way out.
fn is_pending(client: &mut Client, parent: &str, partition: &str) -> Result<Option<bool>, Error> {
    let query = "SELECT inhdetachpending FROM pg_catalog.pg_inherits \
                 WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)";
    let rows = client
        .query_typed(query, &[(&parent, Type::TEXT), (&partition, Type::TEXT)])
        .map_err(|e| failure::doing("looking for the partition", &e))?;
    Ok(rows.first().map(|row| row.get(0)))
}

fn exists(client: &mut Client, relation: &str) -> Result<bool, Error> {
    let query = "SELECT pg_catalog.to_regclass($1) IS NOT NULL";
    let rows = client
        .query_typed(query, &[(&relation, Type::TEXT)])
        .map_err(|e| failure::doing("looking for the index", &e))?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// Reads DROP INDEX CONCURRENTLY [IF EXISTS] name; the name as the statement writes it.
fn dropped(sql: &str) -> Option<String> {
    let mut words = Words::of(sql)?;
    words.all(&["drop", "index", "concurrently"])?;
    words.all(&["if", "exists"]);
    words.written()
}

/// Reads ALTER TABLE [IF EXISTS] parent DETACH PARTITION partition CONCURRENTLY; the names as the statement writes them.
fn detached(sql: &str) -> Option<(String, String)> {
    let mut words = Words::of(sql)?;
    words.all(&["alter", "table"])?;
    words.all(&["if", "exists"]);
    let parent = words.written()?;
    words.all(&["detach", "partition"])?;
    let partition = words.written()?;
    words.all(&["concurrently"])?;
    Some((parent, partition))
}

/// The tokens of a statement without its comments, from the left.
struct Words<'a> {
    sql: &'a str,
    tokens: std::collections::VecDeque<Token>,
}

impl<'a> Words<'a> {
    fn of(sql: &'a str) -> Option<Self> {
        let tokens = lex::tokens(sql).ok()?;
        let tokens = tokens.into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
        Some(Self { sql, tokens })
    }

    /// Takes the keywords, if they come next.
    fn all(&mut self, keywords: &[&str]) -> Option<()> {
        let is = |(token, keyword): (&Token, &&str)| {
            token.kind == TokenKind::Word && self.sql[token.range.clone()].eq_ignore_ascii_case(keyword)
        };
        let found = self.tokens.len() >= keywords.len() && self.tokens.iter().zip(keywords).all(is);
        found.then(|| drop(self.tokens.drain(..keywords.len())))
    }

    /// Takes a name as PostgreSQL reads it.
    fn name(&mut self) -> Option<String> {
        lex::name(self.sql, &self.tokens.pop_front()?)
    }

    /// Takes a name as it is written, with its schema where that stands before it.
    fn written(&mut self) -> Option<String> {
        let mut name = String::new();
        loop {
            let part = self.tokens.pop_front()?;
            if !matches!(part.kind, TokenKind::Word | TokenKind::Quoted) {
                return None;
            }
            name.push_str(&self.sql[part.range]);
            match self.tokens.front() {
                Some(dot) if self.sql[dot.range.clone()] == *"." => {
                    self.tokens.pop_front();
                    name.push('.');
                }
                Some(_) | None => return Some(name),
            }
        }
    }
}

/// Reads CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table.
fn built(sql: &str) -> Option<Built> {
    let mut words = Words::of(sql)?;
    words.all(&["create"])?;
    words.all(&["unique"]);
    words.all(&["index", "concurrently"])?;
    words.all(&["if", "not", "exists"]);
    if words.all(&["on"]).is_some() {
        return None;
    }
    let name = words.name()?;
    words.all(&["on"])?;
    words.all(&["only"]);
    Some(Built { name, table: words.written()? })
}

fn is_repeatable(sql: &str) -> bool {
    let words: Vec<String> = lex::words(sql).into_iter().take(3).collect();
    words.first().is_some_and(|word| REPEATABLE.contains(&word.as_str()))
        || words == ["drop", "index", "concurrently"]
        || adds_missing_value(sql).is_some()
}

/// `ALTER TYPE ... ADD VALUE IF NOT EXISTS`.
fn adds_missing_value(sql: &str) -> Option<()> {
    let mut words = Words::of(sql)?;
    words.all(&["alter", "type"])?;
    words.written()?;
    words.all(&["add", "value", "if", "not", "exists"])
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
    fn reads_what_a_statement_takes_away() {
        assert_eq!(dropped("DROP INDEX /* c */ CONCURRENTLY s.\"I i\""), Some("s.\"I i\"".to_owned()));
        assert_eq!(dropped("drop index concurrently if exists i cascade"), Some("i".to_owned()));
        assert_eq!(dropped("drop index i"), None);
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(
            detached("ALTER TABLE s.p DETACH PARTITION s.\"P 1\" CONCURRENTLY"),
            pair("s.p", "s.\"P 1\"")
        );
        assert_eq!(detached("alter table p detach partition q"), None);
        assert_eq!(detached("alter table p detach partition q finalize"), None);
    }

    #[test]
    fn knows_what_may_run_again() {
        assert!(is_repeatable("VACUUM (FULL) t"));
        assert!(is_repeatable("drop index concurrently if exists i"));
        assert!(is_repeatable("ALTER TYPE s.\"E f\" ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'"));
        assert!(!is_repeatable("alter type e add value 'x'"));
        assert!(!is_repeatable("drop database x"));
    }
}
