//! A statement as a row of tokens that is read from left to right. Knows names and keywords, no grammar.

use crate::engine::lex::{self, Token, TokenKind};
use crate::engine::lint::action::Name;
use crate::engine::name::Ident;
use std::ops::Range;

/// The tokens of a statement, without comments, and how far they are read.
#[derive(Debug, Clone)]
pub(in crate::engine::lint) struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'a> Words<'a> {
    /// The tokens of a text; what cannot be told apart has none.
    pub(in crate::engine::lint) fn of(text: &'a str) -> Self {
        let mut tokens = lex::tokens(text).unwrap_or_default();
        tokens.retain(|token| token.kind != TokenKind::Comment);
        Self { text, tokens, at: 0 }
    }

    /// Whether these keywords come next; reads nothing.
    pub(in crate::engine::lint) fn next_are(&self, keywords: &str) -> bool {
        let mut at = self.at;
        keywords.split(' ').all(|keyword| {
            at += 1;
            self.is(at - 1, keyword)
        })
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let kind = matches!(token.kind, TokenKind::Word | TokenKind::Char | TokenKind::Operator);
            kind && self.text[token.range.clone()].eq_ignore_ascii_case(word)
        })
    }

    /// Reads these keywords if they come next.
    pub(in crate::engine::lint) fn take(&mut self, keywords: &str) -> bool {
        let comes = self.next_are(keywords);
        if comes {
            self.at += keywords.split(' ').count();
        }
        comes
    }

    /// Reads the first of these that comes next.
    pub(in crate::engine::lint) fn take_one_of<'k>(&mut self, keywords: &[&'k str]) -> Option<&'k str> {
        keywords.iter().copied().find(|keyword| self.take(keyword))
    }

    /// Whether these keywords stand anywhere from here on, outside of parentheses.
    pub(in crate::engine::lint) fn has(&self, keywords: &str) -> bool {
        self.find(keywords).is_some()
    }

    /// Reads on to behind these keywords, which stand outside of parentheses; else reads nothing.
    pub(in crate::engine::lint) fn skip_to(&mut self, keywords: &str) -> bool {
        let found = self.find(keywords);
        if let Some(at) = found {
            self.at = at + keywords.split(' ').count();
        }
        found.is_some()
    }

    fn find(&self, keywords: &str) -> Option<usize> {
        let mut probe = self.clone();
        while !probe.at_end() {
            if probe.next_are(keywords) {
                return Some(probe.at);
            }
            probe.step();
        }
        None
    }

    /// Whether all is read.
    pub(in crate::engine::lint) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Reads a token, or all of what stands in parentheses.
    pub(in crate::engine::lint) fn step(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.is(self.at, "(") || self.is(self.at, "[") {
                depth += 1;
            } else if self.is(self.at, ")") || self.is(self.at, "]") {
                depth = depth.saturating_sub(1);
            }
            self.at += 1;
            if depth == 0 || self.at_end() {
                return;
            }
        }
    }

    /// Reads an identifier.
    pub(in crate::engine::lint) fn ident(&mut self) -> Option<Ident> {
        let name = lex::name(self.text, self.tokens.get(self.at)?)?;
        self.at += 1;
        Some(Ident::from(name.as_str()))
    }

    /// Reads a name with or without its PostgreSQL schema.
    pub(in crate::engine::lint) fn name(&mut self) -> Option<Name> {
        let mut parts = vec![self.ident()?];
        while self.is(self.at, ".") {
            self.at += 1;
            parts.push(self.ident()?);
        }
        let name = parts.pop()?;
        Some(Name { schema: parts.pop(), name })
    }

    /// Reads names with commas between; what stands in parentheses behind a name belongs to it.
    pub(in crate::engine::lint) fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            self.take("only");
            let Some(name) = self.name() else { return names };
            names.push(name);
            self.take("*");
            if self.next_are("(") {
                self.step();
            }
            if !self.take(",") {
                return names;
            }
        }
    }

    /// Reads a string, a word or a number, and gives it as it is meant.
    pub(in crate::engine::lint) fn literal(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at)?;
        let text = &self.text[token.range.clone()];
        self.at += 1;
        Some(match token.kind {
            TokenKind::Literal => lex::inside(text),
            TokenKind::Word
            | TokenKind::Quoted
            | TokenKind::Number
            | TokenKind::Param
            | TokenKind::Operator
            | TokenKind::Char
            | TokenKind::Comment => text.to_owned(),
        })
    }

    /// The text of what is left.
    pub(in crate::engine::lint) fn rest(&self) -> &'a str {
        self.between(self.at..self.tokens.len())
    }

    /// Reads what stands in parentheses, and gives its text without them.
    pub(in crate::engine::lint) fn group(&mut self) -> Option<&'a str> {
        if !self.next_are("(") {
            return None;
        }
        let from = self.at + 1;
        self.step();
        Some(self.between(from..self.at.saturating_sub(1)))
    }

    /// Reads up to before any of these keywords or the end, and gives the text.
    pub(in crate::engine::lint) fn until(&mut self, keywords: &[&str]) -> &'a str {
        let from = self.at;
        while !self.at_end() && !keywords.iter().any(|keyword| self.next_are(keyword)) {
            self.step();
        }
        self.between(from..self.at)
    }

    fn between(&self, range: Range<usize>) -> &'a str {
        match (self.tokens.get(range.start), range.end.checked_sub(1).and_then(|last| self.tokens.get(last)))
        {
            (Some(first), Some(last)) if range.start < range.end => {
                &self.text[first.range.start..last.range.end]
            }
            (_, _) => "",
        }
    }

    /// What is left, cut at the commas outside of parentheses; each with how many lines below the start it begins.
    pub(in crate::engine::lint) fn pieces(mut self) -> Vec<(u32, &'a str)> {
        let mut pieces = Vec::new();
        while !self.at_end() {
            let line = self.tokens[self.at].line - 1;
            pieces.push((line, self.until(&[","])));
            self.take(",");
        }
        pieces
    }

    /// The names in front of a parenthesis: what looks like a call.
    pub(in crate::engine::lint) fn calls(mut self) -> Vec<Name> {
        let mut calls = Vec::new();
        while !self.at_end() {
            let before = self.at;
            match self.name() {
                Some(name) if self.is(self.at, "(") => calls.push(name),
                Some(_) => {}
                None => self.at = before + 1,
            }
        }
        calls
    }

    /// The text as one line: its tokens with single blanks between.
    pub(in crate::engine::lint) fn plain(&self) -> String {
        let words = self.tokens[self.at.min(self.tokens.len())..].iter();
        words.map(|token| &self.text[token.range.clone()]).collect::<Vec<_>>().join(" ")
    }

    /// The strings in what is left.
    pub(in crate::engine::lint) fn literals(&self) -> Vec<String> {
        let tokens = self.tokens[self.at.min(self.tokens.len())..].iter();
        tokens
            .filter(|token| token.kind == TokenKind::Literal)
            .map(|token| lex::inside(&self.text[token.range.clone()]))
            .collect()
    }

    /// The identifiers as they are written, with whether they are quoted and their lines, counted from 1.
    pub(in crate::engine::lint) fn identifiers(&self) -> impl Iterator<Item = (&'a str, bool, u32)> {
        let text = self.text;
        self.tokens.iter().filter_map(move |token| match token.kind {
            TokenKind::Word => Some((&text[token.range.clone()], false, token.line)),
            TokenKind::Quoted => Some((&text[token.range.clone()], true, token.line)),
            TokenKind::Literal
            | TokenKind::Number
            | TokenKind::Param
            | TokenKind::Operator
            | TokenKind::Char
            | TokenKind::Comment => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_from_left_to_right() {
        let mut words = Words::of("DROP TABLE /* c */ IF EXISTS \"A\".b, c CASCADE");
        assert!(words.take("drop table") && !words.take("if not exists") && words.take("if exists"));
        let names: Vec<String> = words.names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["\"A\".b", "c"]);
        assert!(words.take("cascade") && words.at_end());
    }

    #[test]
    fn parentheses_are_one_step() {
        let words = Words::of("add column a numeric(1, 2) default f((x), y),\n drop b");
        let pieces = words.pieces();
        assert_eq!(pieces, [(0, "add column a numeric(1, 2) default f((x), y)"), (1, "drop b")]);
        assert!(!Words::of("a (b cascade)").has("cascade"));
        let mut group = Words::of("(a, (b)) c");
        assert_eq!((group.group(), group.rest()), (Some("a, (b)"), "c"));
    }

    #[test]
    fn calls_and_literals() {
        let calls = Words::of("a.f(1) + now() || x").calls();
        assert_eq!(calls.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.f", "now"]);
        assert_eq!(Words::of("x = 'it''s' and $a$b$a$").literals(), ["it's", "b"]);
    }
}
