//! A `.sql` file as psql would read it: its statements, each with its line. What only psql understands is passed over
//! where it says nothing about the schema, and named where it cannot be read. Pure; runs nothing.

use super::error::Error;
use super::lex::{self, LexError, Token, TokenKind};
use super::script::{COPY, Statement, not_sql};

/// A file of SQL that somebody else wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// The path as the user would write it.
    pub file: String,
    /// What runs, in order, each by itself.
    pub statements: Vec<Statement>,
}

/// Commands of psql that pg_dump writes and that do nothing to a schema.
const HARMLESS: [&str; 2] = ["restrict", "unrestrict"];

const WHAT_TO_TAKE: &str =
    "of a database take what pg_dump --schema-only writes; leave out the lines that begin with a backslash";

impl SqlFile {
    /// Reads a file; `file` is its path as the user would write it.
    ///
    /// # Errors
    /// When something in it is no SQL, with its line.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let at = |error: LexError| Error::usage(error.what).at(file, error.line);
        let tokens = lex::tokens(text).map_err(|error| match data_before(text, error.line) {
            Some(line) => Error::usage(COPY).at(file, line).next(WHAT_TO_TAKE),
            None => at(error),
        })?;
        let tokens = without_harmless(text, tokens);
        let mut statements = Vec::new();
        for span in lex::statements(text, &tokens).map_err(at)? {
            if let Some(what) = not_sql(text, &tokens[span.tokens]) {
                return Err(Error::usage(what).at(file, span.line).next(WHAT_TO_TAKE));
            }
            statements.push(Statement { sql: text[span.range].to_owned(), line: span.line });
        }
        Ok(Self { file: file.to_owned(), statements })
    }
}

/// Rows are no SQL, so that the lexer stumbles over them; then the COPY before them is what is to be named.
fn data_before(text: &str, line: u32) -> Option<u32> {
    let copies = |text: &str| {
        let text = text.trim_end().to_ascii_lowercase();
        text.starts_with("copy ") && text.ends_with(" from stdin;")
    };
    let (number, _) = (1..=line).zip(text.lines()).find(|(_, text)| copies(text))?;
    Some(number)
}

/// The tokens without harmless commands of psql: they stand between statements and end with their line.
fn without_harmless(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let between = kept
            .iter()
            .rfind(|token| token.kind != TokenKind::Comment)
            .is_none_or(|last| &text[last.range.clone()] == ";");
        let command = tokens.peek().map(|next| &text[next.range.clone()]).unwrap_or_default();
        if between && &text[token.range.clone()] == "\\" && HARMLESS.contains(&command) {
            while tokens.next_if(|next| next.line == token.line).is_some() {}
        } else {
            kept.push(token);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, u32)> {
        let file = SqlFile::read("a.sql", text).expect("it can be read");
        file.statements.into_iter().map(|statement| (statement.sql, statement.line)).collect()
    }

    fn fails(text: &str) -> String {
        SqlFile::read("a.sql", text).expect_err("it cannot be read").to_string()
    }

    #[test]
    fn statements_have_their_lines() {
        let text = "begin;\n-- x\ncreate table a ();;\n\ncreate table b (\n  c text default ';'\n);\ncommit";
        let lines: Vec<u32> = read(text).into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, [1, 3, 5, 8]);
        assert_eq!(read("-- nothing\n"), []);
    }

    #[test]
    fn what_pg_dump_writes_for_psql_is_passed_over() {
        let text = "--\n\n\\restrict xyz\n\nSET a = 1;\n-- done\n\\unrestrict xyz\n";
        assert_eq!(read(text), [("SET a = 1".to_owned(), 5)]);
        assert_eq!(read("\\restrict a\n\\unrestrict a\n"), []);
        // Inside of a text it is one.
        assert_eq!(read("select '\n\\restrict x\n'").len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let connect = fails("select 1;\n\\connect other\nselect 2;");
        assert!(connect.starts_with("\\connect is a command of psql, not SQL\n  at a.sql:2"), "{connect}");
        for rows in ["1\tplain\n", "1\tit's\n", "1\t\"\n", "1\t$$\n", "1\t/*\n"] {
            let error = fails(&format!("\nCOPY public.t (id, a) FROM stdin;\n{rows}\\.\n\nselect 1;\n"));
            assert!(error.contains("a.sql:2") && error.contains("pg_dump --schema-only"), "{rows}: {error}");
        }
        assert!(fails("select 1;\nselect 'x;\n").contains("a.sql:2"));
    }
}
