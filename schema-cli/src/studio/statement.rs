//! What kind of statement it is, by its first words. This is for the person: what stops a statement that must not write
//! is PostgreSQL. Only what PostgreSQL would let a reader do beside reading is refused here.

use super::failure::Failure;
use super::pool::Power;
use schema_core::engine::lex::{self, Token, TokenKind};

/// One statement of a text.
pub(super) struct Statement<'a> {
    pub(super) sql: &'a str,
    /// Where it begins, in characters before it.
    pub(super) offset: u32,
    pub(super) line: u32,
    pub(super) kind: Kind,
    /// Its first word, or words: `CREATE TABLE`.
    pub(super) command: String,
    tokens: Vec<Token>,
    text: &'a str,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Reads; what is hidden in it (a function, a WITH that writes) PostgreSQL stops.
    Read,
    /// Writes rows.
    Write,
    /// Settings, code, locks: nothing that is forbidden, and no reading either.
    Other,
    /// Changes the schema.
    Schema,
    /// Begins or ends a transaction.
    Transaction,
    /// Goes over the connection in a way of its own.
    Copy,
}

/// Functions that do more than read and that no read-only transaction stops; also by their beginnings.
const EFFECTS: &[&str] = &[
    "dblink",
    "lo_",
    "loread",
    "lowrite",
    "pg_backup_start",
    "pg_backup_stop",
    "pg_cancel_backend",
    "pg_copy_",
    "pg_create_",
    "pg_drop_",
    "pg_export_snapshot",
    "pg_file_",
    "pg_import_",
    "pg_log_backend_memory_contexts",
    "pg_log_standby_snapshot",
    "pg_logical_",
    "pg_ls_",
    "pg_promote",
    "pg_read_binary_file",
    "pg_read_file",
    "pg_reload_conf",
    "pg_replication_",
    "pg_rotate_logfile",
    "pg_start_backup",
    "pg_stat_file",
    "pg_stat_reset",
    "pg_stat_statements_reset",
    "pg_stop_backup",
    "pg_switch_wal",
    "pg_sync_replication_slots",
    "pg_terminate_backend",
    "pg_wal_replay_",
];

/// Functions that run a text as SQL, in which anything can hide.
const RUNS_TEXT: &[&str] =
    &["connectby", "crosstab", "cursor_to_xml", "query_to_xml", "ts_rewrite", "ts_stat", "xpath_table"];

impl<'a> Statement<'a> {
    /// The statements of a text, in order.
    pub(super) fn all(text: &'a str) -> Result<Vec<Self>, Failure> {
        let wrong = |error: lex::LexError| Failure::wrong(error.what).line(error.line);
        let tokens = lex::tokens(text).map_err(wrong)?;
        let spans = lex::statements(text, &tokens).map_err(wrong)?;
        let statement = |span: lex::Span| {
            let own: Vec<Token> = tokens[span.tokens.clone()]
                .iter()
                .filter(|token| token.kind != TokenKind::Comment)
                .cloned()
                .collect();
            let words = words(text, &own);
            let kind = kind(&words, text, &own);
            let command = match kind {
                Kind::Schema => words.iter().take(2).cloned().collect::<Vec<_>>().join(" "),
                Kind::Read | Kind::Write | Kind::Other | Kind::Transaction | Kind::Copy => {
                    words.first().cloned().unwrap_or_default()
                }
            };
            Self {
                sql: &text[span.range.clone()],
                offset: u32::try_from(text[..span.range.start].chars().count()).unwrap_or(u32::MAX),
                line: span.line,
                kind,
                command: command.to_uppercase(),
                tokens: own,
                text,
            }
        };
        Ok(spans.into_iter().map(statement).collect())
    }

    /// What no statement of the editor may be.
    pub(super) fn never(&self, ddl: bool) -> Result<(), Failure> {
        let refused = |what: &str, next: &str| Err(Failure::forbidden(what).next(next).line(self.line));
        match self.kind {
            Kind::Read | Kind::Write | Kind::Other => Ok(()),
            Kind::Schema if ddl => Ok(()),
            Kind::Schema => refused(
                &format!("{} changes the schema: change the code instead", self.command),
                "edit the struct, then `schema generate`; --allow-ddl is for databases that are thrown away",
            ),
            Kind::Transaction => refused(
                &format!("{} is not for this editor", self.command),
                "what runs together is one transaction already, and fails or is kept as a whole",
            ),
            Kind::Copy => refused(
                "COPY is not for this editor",
                "export and import of the table do the same; files and programs of the server are for psql",
            ),
        }
    }

    /// What else a statement may not be while writing is off.
    pub(super) fn only_reads(&self, power: Power) -> Result<(), Failure> {
        if self.kind != Kind::Read {
            return Err(Failure::forbidden(format!(
                "{} does not only read, and writing is off",
                self.command
            ))
            .next("turn writing on")
            .line(self.line));
        }
        let refused = |name: &str| {
            Err(Failure::forbidden(format!("{name} is refused while writing is off")).line(self.line))
        };
        for (index, token) in self.tokens.iter().enumerate() {
            let raw = &self.text[token.range.clone()];
            if token.kind == TokenKind::Quoted && raw.starts_with(['u', 'U']) {
                return refused("a name in escapes (U&\"...\")");
            }
            let called = self.tokens.get(index + 1).is_some_and(|next| &self.text[next.range.clone()] == "(");
            if let Some(name) = lex::name(self.text, token).filter(|_| called) {
                let starts = |list: &[&str]| list.iter().any(|start| name.starts_with(start));
                let way_back = name == "set_config" || starts(RUNS_TEXT);
                if starts(EFFECTS) || (power.server && way_back) {
                    return refused(&name);
                }
            }
        }
        Ok(())
    }
}

/// Whether a text may be written to a file: it speaks of no password.
pub(super) fn may_be_kept(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    !["password", "postgres://", "postgresql://", "secret", "crypt("].iter().any(|word| lower.contains(word))
}

fn words(text: &str, tokens: &[Token]) -> Vec<String> {
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
    words.map(|token| text[token.range.clone()].to_ascii_lowercase()).collect()
}

fn kind(words: &[String], text: &str, tokens: &[Token]) -> Kind {
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    match word(0) {
        "explain" => explained(words, text, tokens),
        "select" | "values" | "table" if makes_table(text, tokens) => Kind::Schema,
        "select" | "values" | "table" | "show" => Kind::Read,
        "with" if makes_table(text, tokens) => Kind::Schema,
        // Whether it writes is seen by what its end is; a WITH that writes inside is stopped by PostgreSQL.
        "with" => after_with(text, tokens),
        "insert" | "update" | "delete" | "merge" => Kind::Write,
        "begin" | "start" | "commit" | "end" | "rollback" | "abort" | "savepoint" | "release" => {
            Kind::Transaction
        }
        "prepare" if word(1) == "transaction" => Kind::Transaction,
        "set" if word(1) == "transaction" || word(2) == "characteristics" => Kind::Transaction,
        "copy" => Kind::Copy,
        "alter" | "create" | "drop" | "truncate" | "comment" | "grant" | "revoke" | "reindex" | "cluster"
        | "refresh" | "import" | "security" | "do" | "vacuum" | "reassign" => Kind::Schema,
        _ => Kind::Other,
    }
}

/// The kind of what is explained; explained only, a writing statement writes nothing.
fn explained(words: &[String], text: &str, tokens: &[Token]) -> Kind {
    let mut rest = words[1..].iter().enumerate().skip_while(|(_, word)| {
        ![
            "select", "values", "table", "with", "insert", "update", "delete", "merge", "create", "declare",
            "execute",
        ]
        .contains(&word.as_str())
    });
    let analyzes = words.iter().take_while(|word| !["select", "with", "values"].contains(&word.as_str()));
    let analyzes = analyzes.clone().any(|word| word == "analyze" || word == "analyse");
    match rest.next() {
        Some((at, word)) => match word.as_str() {
            "create" | "declare" | "execute" => Kind::Schema,
            "insert" | "update" | "delete" | "merge" if analyzes => Kind::Write,
            "select" | "with" | "table" | "values" => {
                let inner = kind(&words[at + 1..], text, tokens);
                if inner == Kind::Write && !analyzes { Kind::Read } else { inner }
            }
            _ => Kind::Read,
        },
        None => Kind::Other,
    }
}

/// What stands outside of parentheses, with the closing ones; words in small letters.
fn outer(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut depth = 0_i32;
    let mut words = Vec::new();
    for token in tokens {
        let raw = &text[token.range.clone()];
        match raw {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let word = token.kind == TokenKind::Word;
            words.push(if word { raw.to_ascii_lowercase() } else { raw.to_owned() });
        }
    }
    words
}

/// SELECT ... INTO makes a table; INSERT INTO and MERGE INTO do not.
fn makes_table(text: &str, tokens: &[Token]) -> bool {
    let words = outer(text, tokens);
    let into = words.iter().enumerate().filter(|(_, word)| *word == "into");
    into.map(|(at, _)| at.checked_sub(1).map_or("", |at| words[at].as_str()))
        .any(|before| !["insert", "merge", "."].contains(&before))
}

/// The statement after the WITH list: the first such word outside of parentheses.
fn after_with(text: &str, tokens: &[Token]) -> Kind {
    let first = outer(text, tokens).into_iter().find_map(|word| match word.as_str() {
        "insert" | "update" | "delete" | "merge" => Some(Kind::Write),
        "select" | "values" | "table" => Some(Kind::Read),
        _ => None,
    });
    first.unwrap_or(Kind::Read)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        Statement::all(text).unwrap().iter().map(|statement| statement.kind).collect()
    }

    #[test]
    fn first_words_tell() {
        for (sql, kind) in [
            ("select 1", Kind::Read),
            ("(select 1) union (select 2)", Kind::Read),
            ("/* x */ -- y\n SeLeCt 1", Kind::Read),
            ("table t", Kind::Read),
            ("with a as (select 1) select * from a", Kind::Read),
            ("with a as (insert into t values (1) returning 1) select * from a", Kind::Read),
            ("with a as (select 1) insert into t select * from a", Kind::Write),
            ("select 1 into t", Kind::Schema),
            ("select insert(1) into t", Kind::Schema),
            ("select * from (select 1) x into_", Kind::Read),
            ("insert into t values (1)", Kind::Write),
            ("explain insert into t values (1)", Kind::Read),
            ("explain analyze insert into t values (1)", Kind::Write),
            ("explain (analyze, buffers) delete from t", Kind::Write),
            ("explain (analyze) create table t as select 1", Kind::Schema),
            ("explain analyze with a as (select 1) delete from t", Kind::Write),
            ("begin", Kind::Transaction),
            ("COMMIT AND CHAIN", Kind::Transaction),
            ("set transaction read write", Kind::Transaction),
            ("set session characteristics as transaction read write", Kind::Transaction),
            ("prepare transaction 'x'", Kind::Transaction),
            ("copy t to program 'x'", Kind::Copy),
            ("set role x", Kind::Other),
            ("reset all", Kind::Other),
            ("call p()", Kind::Other),
            ("do 'begin end'", Kind::Schema),
            ("truncate t", Kind::Schema),
        ] {
            assert_eq!(kinds(sql), [kind], "{sql}");
        }
        assert_eq!(kinds("select 1; ; drop table t;"), [Kind::Read, Kind::Schema]);
        let both = Statement::all("select ';é'; create table\nt ()").unwrap();
        assert_eq!((both[1].sql, both[1].offset, both[1].line), ("create table\nt ()", 13, 1));
        assert_eq!(both[1].command, "CREATE TABLE");
    }

    #[test]
    fn what_reads_and_does_more() {
        let strong = Power { superuser: true, server: true, can_step_down: true };
        let weak = Power { superuser: false, server: false, can_step_down: false };
        let reads = |sql: &str, power: Power| {
            Statement::all(sql).unwrap().iter().all(|s| s.only_reads(power).is_ok())
        };
        for sql in ["select set_config('role', 'x', true)", "select query_to_xml('x', true, true, '')"] {
            assert!(!reads(sql, strong) && reads(sql, weak), "{sql}");
        }
        for sql in [
            "select pg_read_file('/x')",
            "select pg_catalog.\"pg_read_file\"('/x')",
            "select U&\"\\0070g_read_file\"('/x')",
            "select lo_import /* x */ ('/x')",
            "select * from dblink('x', 'y') as t (a int)",
            "select PG_TERMINATE_BACKEND(1)",
            "insert into t values (1)",
        ] {
            assert!(!reads(sql, weak), "{sql}");
        }
        assert!(reads("select 'pg_read_file' as \"lo\", u, us, lo_price, t.set_config from t", strong));
    }

    #[test]
    fn passwords_are_not_kept() {
        assert!(may_be_kept("select 1"));
        assert!(!may_be_kept("ALTER ROLE x PassWord 'y'"));
        assert!(!may_be_kept("select * from dblink('postgresql://a:b@c', '')"));
    }
}
