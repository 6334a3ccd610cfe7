//! One file as lint sees it: sections and statements with their actions, waivers, header. More lenient than `script`: what
//! a run would refuse is a finding here. Pure.

use super::action::{Action, Placed, Transaction};
use super::read::{Read, read};
use super::waiver::Waiver;
use crate::engine::error::Error;
use crate::engine::files::Texts;
use crate::engine::lex::{self, Span, Token, TokenKind};
use crate::engine::name::QName;
use crate::engine::script::directive;
use crate::engine::step::LockMode;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The way there, of a migration.
    Up,
    /// The way back.
    Down,
    /// A file by itself.
    Loose,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The path as the user would write it.
    pub file: String,
    /// What it is for.
    pub part: Part,
    /// The migration that it belongs to.
    pub migration: Option<String>,
    /// The migration that was the last when this one was generated, where the file says so.
    pub parent: Option<String>,
    /// Whether the file says what its parent is, be it `none`.
    pub says_parent: bool,
    /// `-- schema:irreversible`: the reason and the line.
    pub irreversible: Option<(String, u32)>,
    /// What runs, in order.
    pub sections: Vec<Section>,
    /// What is allowed although a rule speaks against it.
    pub waivers: Vec<Waiver>,
    /// `BEGIN` without its `COMMIT`: the line.
    pub unfinished: Option<u32>,
}

/// One transaction, or what runs outside of any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Whether its statements run in one transaction.
    pub transaction: bool,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text, without `;`.
    pub sql: String,
    /// The line on which it begins, counted from 1.
    pub line: u32,
    /// The line on which it ends.
    pub last_line: u32,
    /// What it does.
    pub read: Read,
    /// What it was seen to do on a real server.
    pub observed: Option<Observed>,
}

/// What a statement did when it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The strongest lock on each relation that was there before.
    pub locks: Vec<(LockMode, QName)>,
    /// Tables and indexes that were written anew.
    pub rewritten: Vec<QName>,
    /// Why it did not run.
    pub failed: Option<String>,
}

impl Statement {
    /// Its actions.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.read.actions.iter().map(|placed| &placed.action)
    }
}

impl Unit {
    /// Reads a file.
    ///
    /// # Errors
    /// When it ends inside of something, with the line.
    pub fn read(file: &str, part: Part, migration: Option<&str>, text: &str) -> Result<Self, Error> {
        let lexed = |error: lex::LexError| Error::usage(error.what).at(file, error.line);
        let tokens = lex::tokens(text).map_err(lexed)?;
        let spans = lex::statements(text, &tokens).map_err(lexed)?;
        let mut unit = Self {
            file: file.to_owned(),
            part,
            migration: migration.map(str::to_owned),
            parent: None,
            says_parent: false,
            irreversible: None,
            sections: Vec::new(),
            waivers: Vec::new(),
            unfinished: None,
        };
        let statements: Vec<Statement> = spans.iter().map(|span| statement(text, &tokens, span)).collect();
        let begins = |statement: &Statement| {
            statement.actions().any(|action| matches!(action, Action::Transaction(Transaction::Begin)))
        };
        // As psql runs it: what stands between BEGIN and COMMIT is one transaction, all else is by itself.
        let by_itself = part == Part::Loose && statements.iter().any(begins);
        let mut reader = Reader { unit: &mut unit, by_itself, open: None };
        let mut statements = statements.into_iter().peekable();
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Comment) {
            let Some(directive) = directive(text, token) else { continue };
            while let Some(statement) = statements.next_if(|statement| statement.line < token.line) {
                reader.statement(statement);
            }
            let next = statements.peek().map(|statement| (statement.line, statement.last_line));
            reader.directive(directive, token.line, next);
        }
        statements.for_each(|statement| reader.statement(statement));
        unit.sections.retain(|section| !section.statements.is_empty());
        Ok(unit)
    }

    /// The files of migrations: of each its up.sql, then its down.sql.
    ///
    /// # Errors
    /// When one ends inside of something, with the line.
    pub fn of_migrations(migrations: &[Texts]) -> Result<Vec<Self>, Error> {
        let mut units = Vec::new();
        for Texts { id, folder, up, down } in migrations {
            units.push(Self::read(&format!("{folder}/up.sql"), Part::Up, Some(id), up)?);
            if let Some(down) = down {
                units.push(Self::read(&format!("{folder}/down.sql"), Part::Down, Some(id), down)?);
            }
        }
        Ok(units)
    }

    /// All statements with the number of their section.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &Statement)> {
        let numbered = self.sections.iter().enumerate();
        numbered
            .flat_map(|(number, section)| section.statements.iter().map(move |statement| (number, statement)))
    }

    /// All actions with the number of their section.
    pub fn actions(&self) -> impl Iterator<Item = (usize, &Placed)> {
        self.statements()
            .flat_map(|(number, statement)| statement.read.actions.iter().map(move |placed| (number, placed)))
    }
}

fn statement(text: &str, tokens: &[Token], span: &Span) -> Statement {
    let sql = &text[span.range.clone()];
    let last = tokens[span.tokens.clone()].last();
    let inside = last.map_or(0, |token| text[token.range.clone()].matches('\n').count());
    let last_line = last.map_or(span.line, |token| token.line) + u32::try_from(inside).unwrap_or(0);
    Statement { sql: sql.to_owned(), line: span.line, last_line, read: read(sql, span.line), observed: None }
}

struct Reader<'a> {
    unit: &'a mut Unit,
    by_itself: bool,
    /// The line of a BEGIN that is not ended yet.
    open: Option<u32>,
}

impl Reader<'_> {
    fn directive(&mut self, text: &str, line: u32, next: Option<(u32, u32)>) {
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match name {
            "section" => self.section(rest != "no-transaction"),
            "parent" => {
                self.unit.says_parent = true;
                self.unit.parent = (rest != "none").then(|| rest.to_owned());
            }
            "irreversible" => self.unit.irreversible = Some((rest.to_owned(), line)),
            "allow" => self.unit.waivers.push(Waiver::parse(rest, line, next)),
            // `script` says what is no directive.
            _other => {}
        }
    }

    fn section(&mut self, transaction: bool) {
        self.unit.sections.push(Section { transaction, statements: Vec::new() });
    }

    fn statement(&mut self, statement: Statement) {
        let transaction = statement.actions().find_map(|action| {
            if let Action::Transaction(transaction) = action { Some(*transaction) } else { None }
        });
        let line = statement.line;
        if self.by_itself && (self.open.is_none() || transaction == Some(Transaction::Begin)) {
            self.section(transaction == Some(Transaction::Begin));
        }
        if self.unit.sections.is_empty() {
            self.section(true);
        }
        if let Some(section) = self.unit.sections.last_mut() {
            section.statements.push(statement);
        }
        match transaction {
            Some(Transaction::Begin) => self.open = Some(line),
            Some(Transaction::End) => self.open = None,
            None => {}
        }
        self.unit.unfinished = self.open;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(part: Part, text: &str) -> Vec<(bool, usize)> {
        let unit = Unit::read("x.sql", part, None, text).expect("readable");
        unit.sections.iter().map(|section| (section.transaction, section.statements.len())).collect()
    }

    #[test]
    fn sections_as_they_run() {
        let text = "-- schema:section\nselect 1; select 2;\n-- schema:section no-transaction\nvacuum;";
        assert_eq!(shape(Part::Up, text), [(true, 2), (false, 1)]);
        assert_eq!(shape(Part::Loose, "select 1; select 2"), [(true, 2)]);
        assert_eq!(
            shape(Part::Loose, "select 1; begin; select 2; commit; select 3"),
            [(false, 1), (true, 3), (false, 1)]
        );
    }

    #[test]
    fn unfinished_transactions_and_lines() {
        let unit =
            Unit::read("x.sql", Part::Loose, None, "select 1;\nbegin;\nselect\n'a\nb';").expect("readable");
        assert_eq!(unit.unfinished, Some(2));
        let last = unit.statements().last().expect("three").1;
        assert_eq!((last.line, last.last_line), (3, 5));
    }
}
