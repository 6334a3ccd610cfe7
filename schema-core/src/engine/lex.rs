//! A lexer for PostgreSQL's SQL after its scan.l: where tokens, comments and statements begin and end, and no more.
//! It is not a parser: what a statement means is PostgreSQL's business.
//!
//! **Token boundaries never change**: the checksums of applied migrations depend on them. `standard_conforming_strings`
//! is taken to be on, as it is by default since 9.1.

use std::collections::BTreeSet;
use std::ops::Range;

/// What a token is, as far as its boundaries need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// `".."`, also `U&".."`.
    Quoted,
    /// `'..'`, `E'..'`, `U&'..'`, `B'..'`, `X'..'`, `$tag$..$tag$`; one segment of a continued literal.
    Literal,
    /// A number.
    Number,
    /// `$1`.
    Param,
    /// An operator, also `::`, `:=`, `..` and `=>`.
    Operator,
    /// Any other character: `(`, `)`, `,`, `;`, `.`, `[`, `]`, `:`, ...
    Char,
    /// `-- ...` without its line end, or `/* ... */`.
    Comment,
}

/// One token, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The line on which it begins, counted from 1.
    pub line: u32,
}

/// A text that ends inside of something, or holds something that SQL cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexError {
    /// What is wrong.
    pub what: String,
    /// The line on which it begins, counted from 1.
    pub line: u32,
}

/// One statement of a text, without its `;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its bytes in the text: from its first token to its last.
    pub range: Range<usize>,
    /// The line on which it begins, counted from 1.
    pub line: u32,
    /// Its tokens, as positions in the list of all tokens; comments between them included.
    pub tokens: Range<usize>,
}

/// All tokens of a text, comments included.
pub fn tokens(text: &str) -> Result<Vec<Token>, LexError> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        line: 1,
        counted: 0,
        escapes_end: None,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The statements among the tokens, cut at each `;` as psql does: not in parentheses, not in the `BEGIN ATOMIC .. END`
/// body of a function. Empty ones are left out.
pub fn statements(text: &str, tokens: &[Token]) -> Result<Vec<Span>, LexError> {
    let mut spans = Vec::new();
    let mut open: Option<Open> = None;
    for (index, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Comment {
            continue;
        }
        let word = &text[token.range.clone()];
        if word == ";" && open.as_ref().is_none_or(Open::may_end) {
            spans.extend(open.take().map(|open| open.span(tokens)));
            continue;
        }
        let open = open.get_or_insert_with(|| Open::new(index));
        open.last = index;
        match (token.kind, word) {
            (TokenKind::Char, "(") => open.parentheses.push(token.line),
            (TokenKind::Char, ")") => drop(open.parentheses.pop()),
            (TokenKind::Word, word) => open.word(word, token.line),
            _ => {}
        }
    }
    if let Some(open) = open {
        if let Some(line) = open.parentheses.last().or(open.bodies.last()) {
            let what = if open.parentheses.is_empty() {
                "BEGIN ATOMIC or CASE without its END"
            } else {
                "a ( that is never closed"
            };
            return Err(LexError { what: what.to_owned(), line: *line });
        }
        spans.push(open.span(tokens));
    }
    Ok(spans)
}

/// The name that a token stands for, folded and cut to 63 bytes as PostgreSQL does; none for `U&".."`, whose escapes
/// this does not read, and for anything but names.
pub fn name(text: &str, token: &Token) -> Option<String> {
    let raw = &text[token.range.clone()];
    let mut name = match token.kind {
        TokenKind::Word => raw.to_ascii_lowercase(),
        TokenKind::Quoted => raw.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""),
        TokenKind::Literal
        | TokenKind::Number
        | TokenKind::Param
        | TokenKind::Operator
        | TokenKind::Char
        | TokenKind::Comment => return None,
    };
    name.truncate(name.floor_char_boundary(63));
    Some(name)
}

/// The names in a text, in order; of one that cannot be read, none.
pub fn words(text: &str) -> Vec<String> {
    tokens(text).unwrap_or_default().iter().filter_map(|token| name(text, token)).collect()
}

/// All names in the text, also those inside of its literals: the body of a function, SQL that it puts together.
pub fn names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut texts = vec![text.to_owned()];
    while let Some(text) = texts.pop() {
        // A body in another language than SQL: nobody knows what it names.
        for token in tokens(&text).unwrap_or_default() {
            names.extend(name(&text, &token));
            if token.kind == TokenKind::Literal {
                texts.push(inside(&text[token.range]));
            }
        }
    }
    names
}

/// The text of a literal without its quotes; escapes are left as they are.
pub(crate) fn inside(literal: &str) -> String {
    if let Some(rest) = literal.strip_prefix('$')
        && let Some(tag) = rest.find('$')
    {
        let quote = &literal[..tag + 2];
        return literal[quote.len()..].strip_suffix(quote).unwrap_or_default().to_owned();
    }
    let text = literal.split_once('\'').map_or("", |(_, text)| text);
    text.strip_suffix('\'').unwrap_or(text).replace("''", "'")
}

/// A statement whose end is not yet known (psqlscan.l: paren_depth, begin_depth, identifiers).
struct Open {
    first: usize,
    last: usize,
    parentheses: Vec<u32>,
    bodies: Vec<u32>,
    words: usize,
    /// Initials of the leading words CREATE, OR, REPLACE, FUNCTION, PROCEDURE; a blank for any other word.
    initials: [u8; 4],
}

impl Open {
    fn new(first: usize) -> Self {
        Self { first, last: first, parentheses: Vec::new(), bodies: Vec::new(), words: 0, initials: *b"    " }
    }

    fn may_end(&self) -> bool {
        self.parentheses.is_empty() && self.bodies.is_empty()
    }

    fn word(&mut self, word: &str, line: u32) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        if self.words < self.initials.len()
            && ["create", "function", "procedure", "or", "replace"].iter().any(|k| is(k))
        {
            self.initials[self.words] = word.as_bytes()[0].to_ascii_lowercase();
        }
        self.words += 1;
        let routine = matches!(self.initials, [b'c', b'f' | b'p', ..] | [b'c', b'o', b'r', b'f' | b'p']);
        if !routine || !self.parentheses.is_empty() {
            return;
        }
        if is("begin") || (is("case") && !self.bodies.is_empty()) {
            self.bodies.push(line);
        } else if is("end") {
            self.bodies.pop();
        }
    }

    fn span(&self, tokens: &[Token]) -> Span {
        let (first, last) = (&tokens[self.first], &tokens[self.last]);
        Span { range: first.range.start..last.range.end, line: first.line, tokens: self.first..self.last + 1 }
    }
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    /// Up to where line ends are counted.
    counted: usize,
    /// Where the last literal with escapes ended.
    escapes_end: Option<usize>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn token(&mut self) -> Result<Option<Token>, LexError> {
        while is_space(self.peek(0)) {
            self.at += 1;
        }
        let start = self.at;
        if start >= self.bytes.len() {
            return Ok(None);
        }
        let ends = self.bytes[self.counted..start].iter().filter(|b| **b == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted = start;
        let line = self.line;
        let kind = self.scan().map_err(|what| LexError { what: what.to_owned(), line })?;
        Ok(Some(Token { kind, range: start..self.at, line }))
    }

    fn scan(&mut self) -> Result<TokenKind, &'static str> {
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'-', b'-', _) => {
                self.skip_while(|b| b != b'\n' && b != b'\r');
                Ok(TokenKind::Comment)
            }
            (b'/', b'*', _) => self.block_comment(),
            (b'\'', _, _) => self.literal(0, self.continues_escapes()),
            (b'e' | b'E', b'\'', _) => self.literal(1, true),
            (b'b' | b'B' | b'x' | b'X', b'\'', _) => self.literal(1, false),
            (b'u' | b'U', b'&', b'\'') => self.literal(2, false),
            (b'u' | b'U', b'&', b'"') => self.quoted(2),
            (b'"', _, _) => self.quoted(0),
            (b'$', _, _) => self.dollar(),
            (b'.', b'.', _) | (b':', b':' | b'=', _) => {
                self.at += 2;
                Ok(TokenKind::Operator)
            }
            (b'0'..=b'9', _, _) | (b'.', b'0'..=b'9', _) => {
                self.number();
                Ok(TokenKind::Number)
            }
            (0, _, _) => Err("a NUL byte, which SQL cannot hold"),
            (first, _, _) if is_word_start(first) => {
                self.skip_while(is_word_part);
                Ok(TokenKind::Word)
            }
            (first, _, _) if is_operator(first) => {
                self.operator();
                Ok(TokenKind::Operator)
            }
            _ => {
                self.at += 1;
                Ok(TokenKind::Char)
            }
        }
    }

    fn skip_while(&mut self, keep: fn(u8) -> bool) {
        while self.at < self.bytes.len() && keep(self.bytes[self.at]) {
            self.at += 1;
        }
    }

    fn block_comment(&mut self) -> Result<TokenKind, &'static str> {
        let mut depth = 0_u32;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Ok(TokenKind::Comment);
                    }
                }
                _ => self.at += 1,
            }
        }
        Err("a comment /* that is never closed")
    }

    /// A segment of a string literal, after a prefix of so many bytes.
    fn literal(&mut self, prefix: usize, escapes: bool) -> Result<TokenKind, &'static str> {
        self.at += prefix + 1;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'\\', _) if escapes => self.at += 2,
                (b'\'', b'\'') => self.at += 2,
                (b'\'', _) => {
                    self.at += 1;
                    self.escapes_end = escapes.then_some(self.at);
                    return Ok(TokenKind::Literal);
                }
                _ => self.at += 1,
            }
        }
        Err("a string ' that is never closed")
    }

    /// `E'a'`, a line end and `'b'` are one literal: does the segment that begins here know escapes too?
    fn continues_escapes(&self) -> bool {
        let Some(end) = self.escapes_end else { return false };
        let gap = &self.text[end..self.at];
        gap.contains(['\n', '\r'])
            && gap.split(['\n', '\r']).all(|line| {
                let blank = line.split_once("--").map_or(line, |(before, _)| before);
                blank.bytes().all(is_space)
            })
    }

    fn quoted(&mut self, prefix: usize) -> Result<TokenKind, &'static str> {
        self.at += prefix + 1;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'"', b'"') => self.at += 2,
                (b'"', _) => {
                    self.at += 1;
                    return Ok(TokenKind::Quoted);
                }
                _ => self.at += 1,
            }
        }
        Err("a quoted name \" that is never closed")
    }

    /// `$1`, `$tag$..$tag$`, or a lone `$`.
    fn dollar(&mut self) -> Result<TokenKind, &'static str> {
        let start = self.at;
        self.at += 1;
        if self.peek(0).is_ascii_digit() {
            self.skip_while(|b| b.is_ascii_digit());
            return Ok(TokenKind::Param);
        }
        self.skip_while(|b| is_word_part(b) && b != b'$');
        if self.peek(0) != b'$' {
            self.at = start + 1;
            return Ok(TokenKind::Char);
        }
        self.at += 1;
        let tag = &self.text[start..self.at];
        match self.text[self.at..].find(tag) {
            Some(found) => {
                self.at += found + tag.len();
                Ok(TokenKind::Literal)
            }
            None => Err("a dollar-quoted string that is never closed"),
        }
    }

    /// `1`, `1_000`, `0x1F`, `1.5`, `.5`, `1e-3`; of `1..2` only the `1`.
    fn number(&mut self) {
        let radix: Option<fn(u8) -> bool> = match (self.peek(0), self.peek(1)) {
            (b'0', b'x' | b'X') => Some(|b| b.is_ascii_hexdigit()),
            (b'0', b'o' | b'O') => Some(|b| (b'0'..=b'7').contains(&b)),
            (b'0', b'b' | b'B') => Some(|b| b == b'0' || b == b'1'),
            _ => None,
        };
        if let Some(digit) = radix
            && (digit(self.peek(2)) || (self.peek(2) == b'_' && digit(self.peek(3))))
        {
            self.at += 2;
            self.digits(digit);
            return;
        }
        let digit: fn(u8) -> bool = |b| b.is_ascii_digit();
        self.digits(digit);
        if self.peek(0) == b'.' && self.peek(1) != b'.' {
            self.at += 1;
            if digit(self.peek(0)) {
                self.digits(digit);
            }
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if digit(self.peek(1 + sign)) {
                self.at += 1 + sign;
                self.digits(digit);
            }
        }
    }

    /// Digits, with single underscores before digits.
    fn digits(&mut self, digit: fn(u8) -> bool) {
        while digit(self.peek(0)) || (self.peek(0) == b'_' && digit(self.peek(1))) {
            self.at += 1;
        }
    }

    /// The longest run of operator characters, but not into a comment, and not to a trailing `+` or `-` unless the
    /// operator holds a character that no operator of the SQL standard has.
    fn operator(&mut self) {
        let start = self.at;
        self.skip_while(is_operator);
        let run = &self.bytes[start..self.at];
        let comment = run.windows(2).position(|pair| pair == b"--" || pair == b"/*");
        let mut len = comment.unwrap_or(run.len());
        let sign = |len: usize| len > 1 && matches!(run[len - 1], b'+' | b'-');
        if sign(len) && !run[..len - 1].iter().any(|b| b"~!@#^&|`?%".contains(b)) {
            while sign(len) {
                len -= 1;
            }
        }
        self.at = start + len;
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word_part(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

#[cfg(test)]
#[path = "lex_tests.rs"]
mod tests;
