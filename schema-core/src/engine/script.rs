//! One `up.sql` or `down.sql`: its sections, statements, header and checksum. Pure; runs nothing.

use crate::engine::error::Error;
use crate::engine::hex::hex;
use crate::engine::lex::{self, Span, Token, TokenKind};
use crate::engine::nearest::did_you_mean;
use sha2::{Digest, Sha256};

/// A list of sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The path as the user would write it.
    pub file: String,
    /// The whole text.
    pub text: String,
    /// What runs, in order.
    pub sections: Vec<Section>,
    /// Of the tokens of all sections; comments and white space don't count.
    pub checksum: String,
}

/// One transaction, or one statement outside of any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Whether it runs in a transaction.
    pub transaction: bool,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// Of its tokens.
    pub checksum: String,
}

/// One statement, without its `;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The line on which it begins, counted from 1.
    pub line: u32,
}

/// What the directives of a file say beside its sections.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) parent: Option<String>,
    pub(crate) tool: Option<String>,
    /// The reason, and the directive's line.
    pub(crate) irreversible: Option<(String, u32)>,
    /// The migrations that this one stands for, and the lines that say so.
    pub(crate) replaces: Vec<(Replaced, u32)>,
}

/// A migration that another one stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its id.
    pub id: String,
    /// The checksum of its `up.sql`.
    pub checksum: String,
}

const DIRECTIVES: &[&str] = &["section", "parent", "tool", "irreversible", "replaces", "allow"];

/// Statements that would end or begin the section's own transaction.
const TRANSACTION: &[&[&str]] = &[
    &["begin"],
    &["start", "transaction"],
    &["commit"],
    &["end"],
    &["rollback"],
    &["abort"],
    &["prepare", "transaction"],
];

enum Directive {
    Section {
        transaction: bool,
    },
    Parent(Option<String>),
    Tool(String),
    Irreversible(String),
    /// What it allows, and why, is for lint.
    Allow,
    Replaces(Replaced),
}

impl Script {
    /// Reads a script; `file` is its path as the user would write it.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        read_script(file, text).map(|(script, _)| script)
    }
}

/// Reads a script and its header.
pub(crate) fn read_script(file: &str, text: &str) -> Result<(Script, Header), Error> {
    let lexed = |error: lex::LexError| Error::usage(error.what).at(file, error.line);
    let tokens = lex::tokens(text).map_err(lexed)?;
    let spans = lex::statements(text, &tokens).map_err(lexed)?;

    let mut header = Header::default();
    let mut reader = Reader { file, text, tokens: &tokens, sections: Vec::new(), open: None };
    let mut spans = spans.iter().peekable();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Comment {
            continue;
        }
        let Some(directive) = directive(text, token) else {
            continue;
        };
        while let Some(span) = spans.next_if(|span| span.tokens.start < index) {
            if span.tokens.contains(&index) {
                return Err(Error::usage("a directive stands inside of a statement")
                    .at(file, token.line)
                    .next(format!("end the statement that begins on line {} with `;`", span.line)));
            }
            reader.statement(span)?;
        }
        match parse_directive(directive).map_err(|what| Error::usage(what).at(file, token.line))? {
            Directive::Section { transaction } => reader.section(transaction, token.line)?,
            Directive::Parent(parent) => header.parent = parent,
            Directive::Tool(tool) => header.tool = Some(tool),
            Directive::Irreversible(reason) => header.irreversible = Some((reason, token.line)),
            Directive::Allow => {}
            Directive::Replaces(replaced) => header.replaces.push((replaced, token.line)),
        }
    }
    for span in spans {
        reader.statement(span)?;
    }
    reader.close()?;

    let sections = reader.sections;
    let checksum = sha(sections.iter().map(|section| section.checksum.as_bytes()));
    Ok((Script { file: file.to_owned(), text: text.to_owned(), sections, checksum }, header))
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    tokens: &'a [Token],
    sections: Vec<Section>,
    /// The section that statements go to, and its line; none before the first directive or statement.
    open: Option<(Section, u32)>,
}

impl Reader<'_> {
    fn section(&mut self, transaction: bool, line: u32) -> Result<(), Error> {
        self.close()?;
        self.open = Some((Section { transaction, statements: Vec::new(), checksum: String::new() }, line));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Error> {
        let Some((mut section, line)) = self.open.take() else {
            return Ok(());
        };
        if !section.transaction && section.statements.len() != 1 {
            let count = section.statements.len();
            return Err(Error::usage(format!(
                "a section outside of a transaction holds exactly one statement, this one holds {count}"
            ))
            .at(self.file, line)
            .next("give each such statement its own `-- schema:section no-transaction`"));
        }
        if section.statements.is_empty() {
            return Ok(());
        }
        section.checksum = section_checksum(&section)
            .map_err(|error| Error::usage(error.what).at(self.file, line + error.line))?;
        self.sections.push(section);
        Ok(())
    }

    fn statement(&mut self, span: &Span) -> Result<(), Error> {
        let words = leading_words(self.text, &self.tokens[span.tokens.clone()]);
        let begins = |start: &[&str]| start.iter().zip(&words).filter(|(a, b)| a == b).count() == start.len();
        let to_savepoint = words.first().is_some_and(|w| w == "rollback") && words.iter().any(|w| w == "to");
        if TRANSACTION.iter().any(|start| begins(start)) && !to_savepoint {
            let what = format!(
                "{} ends or begins a transaction; a section is one by itself",
                words[0].to_uppercase()
            );
            return Err(Error::usage(what)
                .at(self.file, span.line)
                .next("delete it; to begin another transaction, write `-- schema:section`"));
        }
        if let Some(what) = not_sql(self.text, &self.tokens[span.tokens.clone()]) {
            return Err(Error::usage(what).at(self.file, span.line).next(
                "from a dump, leave the lines that begin with a backslash out, and take pg_dump --inserts for data",
            ));
        }
        if self.open.is_none() {
            self.section(true, span.line)?;
        }
        if let Some((section, _)) = &mut self.open {
            let sql = self.text[span.range.clone()].to_owned();
            section.statements.push(Statement { sql, line: span.line });
        }
        Ok(())
    }
}

pub(crate) const COPY: &str = "COPY from or to the client: the rows that follow are no SQL";

/// What psql understands and the server does not: its own commands, and data that follows a COPY.
pub(crate) fn not_sql(text: &str, tokens: &[Token]) -> Option<String> {
    let words = || {
        tokens.iter().filter(|token| token.kind != TokenKind::Comment).map(|token| &text[token.range.clone()])
    };
    if words().next() == Some("\\") {
        return Some(format!("\\{} is a command of psql, not SQL", words().nth(1).unwrap_or_default()));
    }
    let copies = words().next().is_some_and(|word| word.eq_ignore_ascii_case("copy"));
    let pairs = words().zip(words().skip(1));
    let is = |pair: (&str, &str), a: &str, b: &str| {
        pair.0.eq_ignore_ascii_case(a) && pair.1.eq_ignore_ascii_case(b)
    };
    let stream = pairs.into_iter().any(|pair| is(pair, "from", "stdin") || is(pair, "to", "stdout"));
    (copies && stream).then(|| COPY.to_owned())
}

/// The first words of a statement in small letters, up to anything else; at most four.
pub(crate) fn leading_words(text: &str, tokens: &[Token]) -> Vec<String> {
    let code = tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    let words = code.take_while(|token| token.kind == TokenKind::Word).take(4);
    words.map(|token| text[token.range.clone()].to_ascii_lowercase()).collect()
}

/// The text after `-- schema:` of a comment that has its line for itself.
pub(crate) fn directive<'a>(text: &'a str, token: &Token) -> Option<&'a str> {
    let before = text[..token.range.start].rsplit('\n').next().unwrap_or_default();
    if !before.trim_start_matches('\u{feff}').trim().is_empty() {
        return None;
    }
    text[token.range.clone()]
        .strip_prefix("--")?
        .trim()
        .strip_prefix("schema:")
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn parse_directive(directive: &str) -> Result<Directive, String> {
    let (name, rest) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
    let rest = rest.trim();
    let needs = |what: &str| format!("`-- schema:{name}` needs {what}");
    match name {
        "section" => match rest {
            "" => Ok(Directive::Section { transaction: true }),
            "no-transaction" => Ok(Directive::Section { transaction: false }),
            other => Err(format!(
                "`-- schema:section {other}`: after `section` stands nothing, or `no-transaction`{}",
                did_you_mean(other, &["no-transaction"])
            )),
        },
        "parent" if rest.is_empty() => Err(needs("the id of a migration, or `none`")),
        "parent" => Ok(Directive::Parent((rest != "none").then(|| rest.to_owned()))),
        "tool" if rest.is_empty() => Err(needs("a version")),
        "tool" => Ok(Directive::Tool(rest.to_owned())),
        "irreversible" => Ok(Directive::Irreversible(rest.to_owned())),
        "allow" => Ok(Directive::Allow),
        "replaces" => match rest.split_whitespace().collect::<Vec<_>>().as_slice() {
            [id, checksum] => {
                Ok(Directive::Replaces(Replaced { id: (*id).to_owned(), checksum: (*checksum).to_owned() }))
            }
            _ => Err(needs("the id of a migration and the checksum of its up.sql")),
        },
        other => Err(format!("`-- schema:{other}` is not a directive{}", did_you_mean(other, DIRECTIVES))),
    }
}

/// Of the tokens: each ends with NUL, which no token holds; each statement ends with `;`. Line ends inside of tokens
/// count as `\n`, so that a checkout with other line ends is the same migration.
fn section_checksum(section: &Section) -> Result<String, lex::LexError> {
    let mut parts: Vec<u8> = Vec::new();
    parts.push(if section.transaction { b'T' } else { b'N' });
    for statement in &section.statements {
        for token in lex::tokens(&statement.sql)? {
            if token.kind != TokenKind::Comment {
                parts.push(b't');
                parts.extend(statement.sql[token.range].replace("\r\n", "\n").bytes());
                parts.push(0);
            }
        }
        parts.push(b';');
    }
    Ok(sha([parts.as_slice()]))
}

/// 128 bits of the SHA-256 of some parts, in hexadecimal.
pub(crate) fn sha<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    hex(&hasher.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Script {
        Script::read("up.sql", text).expect("valid")
    }

    fn sum(text: &str) -> String {
        read(text).checksum
    }

    fn fails(text: &str) -> String {
        Script::read("m/up.sql", text).expect_err("must not be valid").to_string()
    }

    #[test]
    fn sections() {
        let script = read(
            "-- schema:parent none\n\n-- schema:section\n-- a\ncreate table a ();\ncreate table b ();\n\n\
             -- schema:section no-transaction\ncreate index concurrently i on a (x);\n-- schema:section\nselect 1",
        );
        let shape: Vec<_> = script.sections.iter().map(|s| (s.transaction, s.statements.len())).collect();
        assert_eq!(shape, [(true, 2), (false, 1), (true, 1)]);
        assert_eq!(script.sections[1].statements[0].line, 9);
        assert_eq!(script.sections[1].statements[0].sql, "create index concurrently i on a (x)");
    }

    #[test]
    fn a_file_without_directives_is_one_transaction() {
        let script = read("select 1; select 2;");
        assert_eq!(script.sections.len(), 1);
        assert!(script.sections[0].transaction);
        assert_eq!(read("-- nothing\n").sections, []);
        // A statement before the first directive is a section too.
        assert_eq!(read("select 1;\n-- schema:section\nselect 2;").sections.len(), 2);
    }

    #[test]
    fn only_real_comments_are_directives() {
        assert_eq!(read("select $$\n-- schema:nonsense\n$$, '\n-- schema:nonsense\n'").sections.len(), 1);
        assert_eq!(read("/*\n-- schema:nonsense\n*/ select 1").sections.len(), 1);
        assert_eq!(read("-- schema: public\nselect 1; -- schema:nonsense").sections.len(), 1);
    }

    #[test]
    fn mistakes_have_a_line() {
        assert_eq!(
            fails("\n-- schema:sektion\n"),
            "`-- schema:sektion` is not a directive; did you mean `section`?\n  at m/up.sql:2"
        );
        assert!(
            fails("-- schema:section no-transactoin\nselect 1").contains("did you mean `no-transaction`?")
        );
        assert!(fails("-- schema:section no-transaction\n").contains("this one holds 0\n  at m/up.sql:1"));
        assert!(
            fails("\n-- schema:section no-transaction\nselect 1; select 2")
                .contains("holds 2\n  at m/up.sql:2")
        );
        assert!(
            fails("select 1\n-- schema:section\nfrom t;").contains("inside of a statement\n  at m/up.sql:2")
        );
        assert!(fails("select\n'x").contains("at m/up.sql:2"));
        assert!(fails("-- schema:parent").contains("needs the id"));
        for sql in [
            "BEGIN",
            "start transaction",
            "commit",
            "END",
            "rollback",
            "abort",
            "PREPARE TRANSACTION 'x'",
            "commit prepared 'x'",
            "/* c */ begin work",
        ] {
            assert!(
                fails(&format!("select 1;\n{sql};"))
                    .contains("transaction; a section is one by itself\n  at m/up.sql:2"),
                "{sql}"
            );
        }
        read(
            "savepoint a; rollback to a; rollback work to savepoint a; release a; prepare x as select 1; start_ x",
        );
    }

    #[test]
    fn what_only_psql_understands() {
        let restrict = fails("-- dump\n\\restrict abc\n\nset x = 1;");
        assert!(
            restrict.starts_with("\\restrict is a command of psql, not SQL\n  at m/up.sql:2"),
            "{restrict}"
        );
        for sql in ["COPY t (a) FROM stdin;\n1\t2\n\\.\n", "/* c */ copy t to stdout"] {
            assert!(fails(sql).starts_with("COPY from or to the client"), "{sql}");
        }
        read("copy t from '/x'; select 1 from stdin; copy t (stdin) from '/x'");
    }

    #[test]
    fn the_checksum_is_fixed() {
        // If one of these fails, every applied migration of every user counts as edited.
        assert_eq!(sum(""), "e3b0c44298fc1c149afbf4c8996fb924");
        assert_eq!(sum("create table a (id int);"), "82352f5a30d9958c30e27781aecc0cb7");
        assert_eq!(sum("-- schema:section no-transaction\nvacuum;"), "f9c9cd1c891e06b14003cc9a5f8ef5e4");
    }

    #[test]
    fn the_checksum_knows_what_counts() {
        let same = [
            "select a, 'x' from t; select 2",
            "select a,'x' from t;\nselect 2;",
            "-- c\nselect /* d */ a\n\t, 'x' from t;;\r\nselect 2 -- e",
            "\u{feff}-- schema:section\nselect a, 'x' from t; select 2",
        ];
        for text in same {
            assert_eq!(sum(text), sum(same[0]), "{text:?}");
        }
        let different = [
            "select A, 'x' from t; select 2",
            "select a, 'X' from t; select 2",
            "select a, 'x ' from t; select 2",
            "select a, 'x' from t select 2",
            "select a, 'x' from t; select 2; select 3",
            "select a, 'x' from t;\n-- schema:section\nselect 2",
            "select \"a\", 'x' from t; select 2",
        ];
        for text in different {
            assert_ne!(sum(text), sum(same[0]), "{text:?}");
        }
        assert_ne!(sum("-- schema:section no-transaction\nvacuum"), sum("vacuum"));
        assert_ne!(sum("select ab"), sum("select a b"));
        assert_eq!(sum("select $$a\r\nb$$"), sum("select $$a\nb$$"));
    }
}
