//! What `pg_get_constraintdef` and `pg_get_indexdef` print, taken apart. What is not understood to its end is `None`,
//! and stays SQL.

use super::expression::bare;
use crate::engine::lex::{self, Token, TokenKind};
use crate::engine::name::{QName, quoted};
use crate::engine::record::{Action, ConstraintKind, Deferrable, IndexKey, KeyPart, Name};

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constraint {
    pub(super) kind: ConstraintKind,
    pub(super) deferrable: Deferrable,
}

/// An index without its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) method: Option<String>,
    pub(super) keys: Vec<IndexKey>,
    pub(super) include: Vec<String>,
    pub(super) nulls_not_distinct: bool,
    pub(super) predicate: Option<String>,
    pub(super) with: Option<String>,
}

/// Reads a constraint's definition.
pub(super) fn constraint(definition: &str) -> Option<Constraint> {
    let mut at = Cursor::new(definition)?;
    let kind = if at.words("PRIMARY KEY") {
        ConstraintKind::PrimaryKey { columns: at.names()?, include: at.include()? }
    } else if at.words("UNIQUE") {
        let nulls_not_distinct = at.words("NULLS NOT DISTINCT");
        ConstraintKind::Unique { columns: at.names()?, include: at.include()?, nulls_not_distinct }
    } else if at.words("CHECK") {
        let expression = bare(at.group()?).to_owned();
        ConstraintKind::Check { expression, no_inherit: at.words("NO INHERIT"), column: None }
    } else if at.words("FOREIGN KEY") {
        foreign_key(&mut at)?
    } else if at.words("EXCLUDE USING") {
        let method = at.name()?;
        let elements = at.group()?.to_owned();
        let predicate = if at.words("WHERE") { Some(bare(at.group()?).to_owned()) } else { None };
        ConstraintKind::Exclude { method, elements, predicate }
    } else {
        return None;
    };
    let deferrable = match (at.words("DEFERRABLE"), at.words("INITIALLY DEFERRED")) {
        (true, true) => Deferrable::Deferred,
        (true, false) => Deferrable::Immediate,
        (false, false) => Deferrable::No,
        (false, true) => return None,
    };
    at.ends().then_some(Constraint { kind, deferrable })
}

fn foreign_key(at: &mut Cursor<'_>) -> Option<ConstraintKind> {
    let columns = at.names()?;
    if !at.words("REFERENCES") {
        return None;
    }
    let target = at.qname()?;
    let target_columns = at.names()?;
    let match_full = at.words("MATCH FULL");
    let on_update = if at.words("ON UPDATE") { at.action()? } else { Action::NoAction };
    let on_delete = if at.words("ON DELETE") { at.action()? } else { Action::NoAction };
    let target =
        Name { schema: Some(target.schema.as_str().to_owned()), name: target.name.as_str().to_owned() };
    Some(ConstraintKind::ForeignKey { columns, target, target_columns, match_full, on_delete, on_update })
}

/// Reads what follows an index's name: `public.users USING btree (email) WHERE ...`.
pub(super) fn index(on: &str) -> Option<Index> {
    let mut at = Cursor::new(on)?;
    at.qname()?;
    if !at.words("USING") {
        return None;
    }
    let method = at.name()?;
    let keys = at.group()?;
    let mut index = Index {
        method: (method != "btree").then_some(method),
        keys: parts(keys)?.into_iter().map(index_key).collect::<Option<_>>()?,
        include: at.include()?,
        nulls_not_distinct: at.words("NULLS NOT DISTINCT"),
        ..Index::default()
    };
    if at.words("WITH") {
        index.with = Some(at.group()?.to_owned());
    }
    if at.words("WHERE") {
        index.predicate = Some(bare(at.rest()).to_owned());
    }
    at.ends().then_some(index)
}

fn index_key(text: &str) -> Option<IndexKey> {
    let mut at = Cursor::new(text)?;
    let on = at.key_part()?;
    let collation = if at.words("COLLATE") { Some(at.collation()?) } else { None };
    let opclass = at.opclass()?;
    let descending = at.words("DESC");
    let nulls_first = if at.words("NULLS FIRST") {
        Some(true)
    } else if at.words("NULLS LAST") {
        Some(false)
    } else {
        None
    };
    at.ends().then_some(IndexKey { on, collation, opclass, descending, nulls_first })
}

/// A collation as SQL, always in quotes, so that the derive leaves it as it is.
pub(super) fn quoted_collation(schema: Option<&str>, name: &str) -> String {
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    match schema {
        Some("pg_catalog") | None => quote(name),
        Some(schema) => format!("{}.{}", quote(schema), quote(name)),
    }
}

/// What stands between the commas outside of all parentheses.
fn parts(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for token in lex::tokens(text).ok()? {
        match &text[token.range.clone()] {
            "(" | "[" if token.kind == TokenKind::Char => depth += 1,
            ")" | "]" if token.kind == TokenKind::Char => depth -= 1,
            "," if token.kind == TokenKind::Char && depth == 0 => {
                parts.push(text[start..token.range.start].trim());
                start = token.range.end;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    Some(parts)
}

/// Reads a text token by token.
struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Option<Self> {
        Some(Self { text, tokens: lex::tokens(text).ok()?, at: 0 })
    }

    fn token(&self, ahead: usize) -> Option<(TokenKind, &'a str)> {
        let token = self.tokens.get(self.at + ahead)?;
        Some((token.kind, &self.text[token.range.clone()]))
    }

    fn is_char(&self, ahead: usize, char: &str) -> bool {
        self.token(ahead) == Some((TokenKind::Char, char))
    }

    fn ends(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// Goes past these words, if all of them are there.
    fn words(&mut self, words: &str) -> bool {
        let mut count = 0;
        for word in words.split(' ') {
            if !self.token(count).is_some_and(|(kind, text)| kind == TokenKind::Word && text == word) {
                return false;
            }
            count += 1;
        }
        self.at += count;
        true
    }

    fn name(&mut self) -> Option<String> {
        let name = lex::name(self.text, self.tokens.get(self.at)?)?;
        self.at += 1;
        Some(name)
    }

    fn qname(&mut self) -> Option<QName> {
        let schema = self.name()?;
        if !self.is_char(0, ".") {
            return None;
        }
        self.at += 1;
        Some(QName::new(schema, self.name()?))
    }

    /// What stands inside the parentheses that open here.
    fn group(&mut self) -> Option<&'a str> {
        let start = self.tokens.get(self.at)?.range.end;
        let end = self.close()?;
        Some(self.text[start..end].trim())
    }

    /// Goes past the parentheses that open here; gives where the last one closes.
    fn close(&mut self) -> Option<usize> {
        if !self.is_char(0, "(") {
            return None;
        }
        let mut depth = 0_i32;
        while let Some(token) = self.tokens.get(self.at) {
            let (kind, range) = (token.kind, token.range.clone());
            self.at += 1;
            match &self.text[range.clone()] {
                "(" if kind == TokenKind::Char => depth += 1,
                ")" if kind == TokenKind::Char => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(range.start);
            }
        }
        None
    }

    /// `(a, "B")`.
    fn names(&mut self) -> Option<Vec<String>> {
        let group = self.group()?;
        parts(group)?
            .into_iter()
            .map(|part| {
                let mut at = Cursor::new(part)?;
                let name = at.name()?;
                at.ends().then_some(name)
            })
            .collect()
    }

    fn include(&mut self) -> Option<Vec<String>> {
        if self.words("INCLUDE") { self.names() } else { Some(Vec::new()) }
    }

    fn action(&mut self) -> Option<Action> {
        const ACTIONS: [(&str, Action); 5] = [
            ("NO ACTION", Action::NoAction),
            ("RESTRICT", Action::Restrict),
            ("CASCADE", Action::Cascade),
            ("SET NULL", Action::SetNull),
            ("SET DEFAULT", Action::SetDefault),
        ];
        ACTIONS.into_iter().find(|(words, _)| self.words(words)).map(|(_, action)| action)
    }

    /// All that is left.
    fn rest(&mut self) -> &'a str {
        let start = self.tokens.get(self.at).map_or(self.text.len(), |token| token.range.start);
        self.at = self.tokens.len();
        &self.text[start..]
    }

    /// A column, a call, or an expression in parentheses.
    fn key_part(&mut self) -> Option<KeyPart> {
        let start = self.tokens.get(self.at)?.range.start;
        if self.is_char(0, "(") {
            return Some(KeyPart::Expression(bare(self.group()?).to_owned()));
        }
        let name = self.name()?;
        while self.is_char(0, ".") {
            self.at += 1;
            self.name()?;
        }
        if !self.is_char(0, "(") {
            return Some(KeyPart::Column(name));
        }
        let end = self.close()?;
        Some(KeyPart::Expression(self.text[start..=end].to_owned()))
    }

    fn collation(&mut self) -> Option<String> {
        let first = self.name()?;
        if self.is_char(0, ".") {
            self.at += 1;
            return Some(quoted_collation(Some(&first), &self.name()?));
        }
        Some(quoted_collation(None, &first))
    }

    /// An operator class with its parameters, as far as one stands here.
    fn opclass(&mut self) -> Option<Option<String>> {
        let is_word = |word: &str| self.token(0) == Some((TokenKind::Word, word));
        if self.ends() || ["DESC", "NULLS"].into_iter().any(is_word) {
            return Some(None);
        }
        let mut text = quoted(&self.name()?);
        if self.is_char(0, ".") {
            self.at += 1;
            text = format!("{text}.{}", quoted(&self.name()?));
        }
        if self.is_char(0, "(") {
            text = format!("{text} ({})", self.group()?);
        }
        Some(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> IndexKey {
        IndexKey {
            on: KeyPart::Column(name.to_owned()),
            collation: None,
            opclass: None,
            descending: false,
            nulls_first: None,
        }
    }

    #[test]
    fn constraints() {
        let read = |text: &str| constraint(text).unwrap_or_else(|| panic!("{text}"));
        let key = read("PRIMARY KEY (id, \"Odd, (name)\") INCLUDE (note) DEFERRABLE INITIALLY DEFERRED");
        assert_eq!(key.deferrable, Deferrable::Deferred);
        assert_eq!(
            key.kind,
            ConstraintKind::PrimaryKey {
                columns: vec!["id".to_owned(), "Odd, (name)".to_owned()],
                include: vec!["note".to_owned()]
            }
        );
        let foreign = read(
            "FOREIGN KEY (a, b) REFERENCES billing.\"Plans\"(x, y) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL",
        );
        assert_eq!(
            foreign.kind,
            ConstraintKind::ForeignKey {
                columns: vec!["a".to_owned(), "b".to_owned()],
                target: Name { schema: Some("billing".to_owned()), name: "Plans".to_owned() },
                target_columns: vec!["x".to_owned(), "y".to_owned()],
                match_full: true,
                on_delete: Action::SetNull,
                on_update: Action::Cascade,
            }
        );
        let check = read("CHECK (((a > 0) AND (b <> ')'::text))) NO INHERIT");
        assert_eq!(
            check.kind,
            ConstraintKind::Check {
                expression: "(a > 0) AND (b <> ')'::text)".to_owned(),
                no_inherit: true,
                column: None
            }
        );
        let exclude =
            read("EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((NOT cancelled)) DEFERRABLE");
        assert_eq!(
            exclude.kind,
            ConstraintKind::Exclude {
                method: "gist".to_owned(),
                elements: "room WITH =, during WITH &&".to_owned(),
                predicate: Some("NOT cancelled".to_owned())
            }
        );
    }

    #[test]
    fn what_the_derives_do_not_know_is_not_read() {
        for text in [
            "PRIMARY KEY (id, valid WITHOUT OVERLAPS)",
            "FOREIGN KEY (a) REFERENCES public.t(a) ON DELETE SET NULL (a)",
            "FOREIGN KEY (a, PERIOD v) REFERENCES public.t(a, PERIOD v)",
            "CHECK ((a > 0)) NOT ENFORCED",
            "NOT NULL a",
        ] {
            assert_eq!(constraint(text), None, "{text}");
        }
        assert_eq!(index("ONLY public.t USING btree (a)"), None);
    }

    #[test]
    fn indexes() {
        let read = index(
            "public.\"T\" USING gin (lower((a)::text) COLLATE \"C\" public.gin_trgm_ops (siglen='12') DESC NULLS LAST, \
             \"B\" NULLS FIRST, ((a || 'x, y'::text)), s.f(a)) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor='70') \
             WHERE (a IS NOT NULL)",
        )
        .expect("readable");
        assert_eq!(read.method.as_deref(), Some("gin"));
        assert_eq!(read.keys.len(), 4);
        assert_eq!(
            read.keys[0],
            IndexKey {
                on: KeyPart::Expression("lower((a)::text)".to_owned()),
                collation: Some("\"C\"".to_owned()),
                opclass: Some("public.gin_trgm_ops (siglen='12')".to_owned()),
                descending: true,
                nulls_first: Some(false),
            }
        );
        assert_eq!(read.keys[1], IndexKey { nulls_first: Some(true), ..column("B") });
        assert_eq!(read.keys[2].on, KeyPart::Expression("a || 'x, y'::text".to_owned()));
        assert_eq!(read.keys[3].on, KeyPart::Expression("s.f(a)".to_owned()));
        assert_eq!(read.include, ["c"]);
        assert!(read.nulls_not_distinct);
        assert_eq!(read.with.as_deref(), Some("fillfactor='70'"));
        assert_eq!(read.predicate.as_deref(), Some("a IS NOT NULL"));
        let plain = index("public.t USING btree (a)").expect("readable");
        assert_eq!(plain, Index { keys: vec![column("a")], ..Index::default() });
    }
}
