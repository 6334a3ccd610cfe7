//! What PostgreSQL calls an expression inside an index, and which column a check names. PostgreSQL decides on its
//! parse tree; here are the shapes that can be told from tokens alone. Every other shape is `Unknown`, and the caller
//! then writes a name into the SQL.

use crate::engine::lex::{self, LexError, TokenKind};
use crate::engine::name::is_keyword;
use std::collections::BTreeSet;

/// What is known about the name that PostgreSQL would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// This name.
    Name(String),
    /// No name.
    Nameless,
    /// It cannot be told without a parser; the best name there is, if any.
    Unknown(Option<String>),
}

/// The name of an index expression: that of a lone column, a function call, a cast.
pub fn expression_name(sql: &str) -> Result<Guess, LexError> {
    let pieces = pieces(sql)?;
    Ok(match figure(&pieces) {
        Figure::Good(name) | Figure::Weak(name) => Guess::Name(name),
        Figure::Nothing => Guess::Nameless,
        Figure::Unknown => Guess::Unknown(None),
    })
}

/// The names of the elements of an exclusion constraint: `room WITH =, lower(name) WITH =`.
pub fn element_names(elements: &str) -> Result<Vec<Guess>, LexError> {
    let pieces = pieces(elements)?;
    let mut guesses = Vec::new();
    let mut rest = pieces.as_slice();
    loop {
        let end = outside(rest, |piece| piece.is_char(",")).unwrap_or(rest.len());
        let element = &rest[..end];
        // `column`, `function(..)` or `(expression)`; what follows is COLLATE, operator class, order, WITH.
        let head = match element {
            [first, open, ..] if first.is_name() && !open.is_char("(") && !open.is_char(".") => 1,
            [open, ..] if open.is_char("(") => closing(element).map_or(0, |close| close + 1),
            _ => element
                .iter()
                .position(|piece| piece.is_char("("))
                .and_then(|open| closing(&element[open..]).map(|close| open + close + 1))
                .unwrap_or(0),
        };
        guesses.push(match figure(&element[..head]) {
            Figure::Good(name) | Figure::Weak(name) => Guess::Name(name),
            Figure::Nothing => Guess::Nameless,
            Figure::Unknown => Guess::Unknown(None),
        });
        match rest.get(end + 1..) {
            Some(more) => rest = more,
            None => return Ok(guesses),
        }
    }
}

/// The column that a check names, if it names exactly one of `columns`: PostgreSQL puts it into the check's name.
pub fn checked_column(sql: &str, table: &str, columns: &BTreeSet<&str>) -> Result<Guess, LexError> {
    let pieces = pieces(sql)?;
    let (mut certain, mut doubtful) = (BTreeSet::new(), BTreeSet::new());
    let mut whole_row = false;
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let after = pieces.get(at + 1);
        if !piece.is_name() {
            continue;
        }
        // The one system column that a check may name.
        if !columns.contains(piece.text.as_str()) && piece.text != "tableoid" {
            whole_row |= piece.text == table && !after.is_some_and(|after| after.is_char("("));
            continue;
        }
        // A type, a field, a function, a unit: such a word may have nothing to do with the column of its name.
        let elsewhere = (piece.kind == Kind::Word && is_keyword(&piece.text))
            || before.is_some_and(|b| {
                b.is_operator("::") || b.is_char(".") || b.is_word("as") || b.kind == Kind::Literal
            })
            || after.is_some_and(|a| {
                a.is_char("(") || a.is_char(".") || a.is_word("from") || a.kind == Kind::Literal
            })
            || before.is_some_and(|b| b.is_name() && !is_keyword(&b.text) && !b.is_word("escape"));
        let set = if elsewhere { &mut doubtful } else { &mut certain };
        set.insert(piece.text.clone());
    }
    let only = if certain.len() == 1 { certain.first().cloned() } else { None };
    let settled = certain.len() > 1 || doubtful.is_subset(&certain);
    Ok(match only {
        Some(name) if settled && !whole_row => Guess::Name(name),
        None if settled && !whole_row => Guess::Nameless,
        guess => Guess::Unknown(guess),
    })
}

/// Whether the expression is one function call, which an index takes without parentheses around it.
pub(crate) fn is_call(sql: &str) -> Result<bool, LexError> {
    Ok(call(&pieces(sql)?).is_some())
}

/// Whether DEFAULT takes the expression as it is: one literal, name or call, with or without a cast.
pub(crate) fn is_simple(sql: &str) -> Result<bool, LexError> {
    let pieces = pieces(sql)?;
    let end = outside(&pieces, |piece| piece.is_operator("::")).unwrap_or(pieces.len());
    let (value, cast) = pieces.split_at(end);
    let plain_cast = cast.iter().skip(1).all(|piece| !matches!(piece.kind, Kind::Operator | Kind::Literal));
    let value = match value {
        [sign, number] if sign.is_operator("-") => std::slice::from_ref(number),
        _ => value,
    };
    Ok(plain_cast && (value.len() == 1 || call(value).is_some()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Without quotes; the text is in lower case.
    Word,
    /// In quotes; the text is what stands inside.
    Quoted,
    Literal,
    Operator,
    Char,
}

struct Piece {
    kind: Kind,
    text: String,
}

impl Piece {
    fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }

    fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    fn is_char(&self, char: &str) -> bool {
        self.kind == Kind::Char && self.text == char
    }

    fn is_operator(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }
}

fn pieces(sql: &str) -> Result<Vec<Piece>, LexError> {
    let mut pieces = Vec::new();
    for token in lex::tokens(sql)? {
        let text = &sql[token.range];
        let (kind, text) = match token.kind {
            TokenKind::Comment => continue,
            TokenKind::Word => (Kind::Word, text.to_lowercase()),
            TokenKind::Quoted => (Kind::Quoted, text.trim_matches('"').replace("\"\"", "\"")),
            TokenKind::Literal | TokenKind::Number | TokenKind::Param => (Kind::Literal, text.to_owned()),
            TokenKind::Operator => (Kind::Operator, text.to_owned()),
            TokenKind::Char => (Kind::Char, text.to_owned()),
        };
        pieces.push(Piece { kind, text });
    }
    Ok(pieces)
}

/// PostgreSQL weighs names: a cast takes its type's name only where the value has no good one.
enum Figure {
    Good(String),
    Weak(String),
    Nothing,
    Unknown,
}

fn figure(pieces: &[Piece]) -> Figure {
    if let [open, inner @ .., _] = pieces
        && open.is_char("(")
        && closing(pieces) == Some(pieces.len() - 1)
    {
        let row = outside(inner, |piece| piece.is_char(",")).is_some();
        return if row { Figure::Unknown } else { figure(inner) };
    }
    match pieces {
        [] => return Figure::Unknown,
        [one] => return figure_one(one),
        [value @ .., at, time, zone, _]
            if at.is_word("at")
                && time.is_word("time")
                && zone.is_word("zone")
                && outside(value, is_plain_operator).is_none() =>
        {
            return Figure::Good("timezone".to_owned());
        }
        // A collation and a subscript leave the name as it is.
        [value @ .., collate, name]
            if collate.is_word("collate")
                && name.is_name()
                && outside(value, is_plain_operator).is_none() =>
        {
            return figure(value);
        }
        [.., close] if close.is_char("]") => {
            let subscript = (1..pieces.len()).rev().find(|at| {
                pieces[*at].is_char("[") && closing(&pieces[*at..]) == Some(pieces.len() - 1 - at)
            });
            if let Some(open) = subscript
                && outside(&pieces[..open], is_plain_operator).is_none()
                && outside(&pieces[..open], |piece| piece.is_operator("::")).is_none()
            {
                return figure(&pieces[..open]);
            }
        }
        _ => {}
    }
    if let Some(name) = call(pieces) {
        return call_figure(name, &pieces[pieces.len().min(2)..]);
    }
    if outside(pieces, |piece| UNKNOWN_SHAPES.contains(&piece.text.as_str()) && piece.kind == Kind::Word)
        .is_some()
    {
        return Figure::Unknown;
    }
    if outside(pieces, is_plain_operator).is_some() {
        return Figure::Nothing;
    }
    if let Some(cast) = last_cast(pieces) {
        return match figure(&pieces[..cast]) {
            Figure::Good(name) => Figure::Good(name),
            Figure::Weak(_) | Figure::Nothing => match type_name(&pieces[cast + 1..]) {
                Some(name) => Figure::Weak(name),
                None => Figure::Unknown,
            },
            Figure::Unknown => Figure::Unknown,
        };
    }
    Figure::Unknown
}

/// Words that make a shape which is not told apart here.
const UNKNOWN_SHAPES: &[&str] =
    &["case", "at", "array", "row", "operator", "overlaps", "normalized", "document", "interval"];

fn figure_one(piece: &Piece) -> Figure {
    match piece.kind {
        Kind::Word if is_keyword(&piece.text) => Figure::Unknown,
        Kind::Word | Kind::Quoted => Figure::Good(piece.text.clone()),
        Kind::Literal => Figure::Nothing,
        Kind::Operator | Kind::Char => Figure::Unknown,
    }
}

/// The name of the function, where the pieces are one call: `f(..)`, `s.f(..)`.
fn call(pieces: &[Piece]) -> Option<&Piece> {
    let open = pieces.iter().position(|piece| piece.is_char("("))?;
    if closing(&pieces[open..])? + open + 1 != pieces.len() {
        return None;
    }
    let name = &pieces[..open];
    let dotted = name.iter().enumerate().all(
        |(at, piece)| {
            if at % 2 == 0 { piece.is_name() } else { piece.is_char(".") }
        },
    );
    if dotted && name.len() % 2 == 1 { name.last() } else { None }
}

fn call_figure(name: &Piece, arguments: &[Piece]) -> Figure {
    if name.kind == Kind::Quoted || !is_keyword(&name.text) {
        return Figure::Good(name.text.clone());
    }
    match name.text.as_str() {
        "coalesce" | "greatest" | "least" | "nullif" | "extract" | "position" | "overlay" | "substring"
        | "normalize" | "left" | "right" => Figure::Good(name.text.clone()),
        "trim" => Figure::Good(
            match arguments.first() {
                Some(word) if word.is_word("leading") => "ltrim",
                Some(word) if word.is_word("trailing") => "rtrim",
                _ => "btrim",
            }
            .to_owned(),
        ),
        "not" => Figure::Nothing,
        _ => Figure::Unknown,
    }
}

fn is_plain_operator(piece: &Piece) -> bool {
    const WORDS: &[&str] =
        &["and", "or", "not", "is", "isnull", "notnull", "in", "like", "ilike", "similar", "between"];
    match piece.kind {
        Kind::Operator => piece.text != "::",
        Kind::Word => WORDS.contains(&piece.text.as_str()),
        Kind::Quoted | Kind::Literal | Kind::Char => false,
    }
}

/// `pg_type`'s own name of a type as it is written, for the usual ones.
fn type_name(pieces: &[Piece]) -> Option<String> {
    let words: Vec<&str> =
        pieces.iter().take_while(|piece| piece.kind == Kind::Word).map(|p| p.text.as_str()).collect();
    let rest = &pieces[words.len()..];
    let modifier = rest.first().is_none_or(|open| open.is_char("(") && closing(rest) == Some(rest.len() - 1));
    if !modifier {
        return None;
    }
    let name = match words.as_slice() {
        ["smallint"] => "int2",
        ["int" | "integer"] => "int4",
        ["bigint"] => "int8",
        ["real"] => "float4",
        ["double", "precision"] => "float8",
        ["decimal" | "numeric"] => "numeric",
        ["boolean"] => "bool",
        ["varchar"] | ["character", "varying"] => "varchar",
        ["char" | "character"] => "bpchar",
        ["timestamp"] => "timestamp",
        ["time"] => "time",
        [one] if !is_keyword(one) && rest.is_empty() => one,
        _ => return None,
    };
    Some(name.to_owned())
}

fn last_cast(pieces: &[Piece]) -> Option<usize> {
    let mut depth = 0_i32;
    let mut last = None;
    for (at, piece) in pieces.iter().enumerate() {
        depth += nesting(piece);
        if depth == 0 && piece.is_operator("::") {
            last = Some(at);
        }
    }
    last
}

/// The first piece outside of all parentheses that is meant.
fn outside(pieces: &[Piece], meant: impl Fn(&Piece) -> bool) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, piece) in pieces.iter().enumerate() {
        depth += nesting(piece);
        if depth == 0 && meant(piece) {
            return Some(at);
        }
    }
    None
}

/// Where the parenthesis that opens at the first piece closes.
fn closing(pieces: &[Piece]) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, piece) in pieces.iter().enumerate() {
        depth += nesting(piece);
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn nesting(piece: &Piece) -> i32 {
    match piece.text.as_str() {
        "(" | "[" if piece.kind == Kind::Char => 1,
        ")" | "]" if piece.kind == Kind::Char => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sql: &str) -> Guess {
        expression_name(sql).expect("readable")
    }

    fn named(name: &str) -> Guess {
        Guess::Name(name.to_owned())
    }

    #[test]
    fn expressions() {
        for (sql, expected) in [
            ("lower(email)", named("lower")),
            ("Lower(email)", named("lower")),
            ("((lower(email)))", named("lower")),
            ("\"Odd\"(a)", named("Odd")),
            ("billing.total(a, b)", named("total")),
            ("email", named("email")),
            ("a || b", Guess::Nameless),
            ("lower(a) || lower(b)", Guess::Nameless),
            ("a is null", Guess::Nameless),
            ("a::text", named("a")),
            ("lower(a)::varchar(10)", named("lower")),
            ("(data->>'k')::int", named("int4")),
            ("((data->>'k')::int)::text", named("text")),
            ("(created_at at time zone 'utc')::date", named("timezone")),
            ("coalesce(a, b)", named("coalesce")),
            ("trim(a)", named("btrim")),
            ("trim(leading 'x' from a)", named("ltrim")),
            ("case when a then b else c end", Guess::Unknown(None)),
            ("a collate \"C\"", named("a")),
            ("a || b collate \"C\"", Guess::Nameless),
            ("data['k']['l']", named("data")),
            ("array[a]", Guess::Unknown(None)),
            ("cast(a as text)", Guess::Unknown(None)),
            ("(a, b)", Guess::Unknown(None)),
        ] {
            assert_eq!(name(sql), expected, "{sql}");
        }
    }

    #[test]
    fn elements() {
        let names = element_names("room WITH =, tsrange(a, b) WITH &&, (a + b) WITH =, name text_ops WITH =");
        let names = names.expect("readable");
        assert_eq!(names, [named("room"), named("tsrange"), Guess::Nameless, named("name")]);
    }

    #[test]
    fn checks() {
        let columns = BTreeSet::from(["a", "b", "year", "date"]);
        let column = |sql: &str| checked_column(sql, "t", &columns).expect("readable");
        let doubt = |name: &str| Guess::Unknown(Some(name.to_owned()));
        assert_eq!(column("a > 0"), named("a"));
        assert_eq!(column("A > 0 AND a < 5"), named("a"));
        assert_eq!(column("t.a > 0"), Guess::Unknown(None));
        assert_eq!(column("a > b"), Guess::Nameless);
        assert_eq!(column("a > 'b'"), named("a"));
        assert_eq!(column("true"), Guess::Nameless);
        assert_eq!(column("lower(a) = a"), named("a"));
        assert_eq!(column("extract(year from a) > 2000"), doubt("a"));
        assert_eq!(column("date > '2020-01-01'::date"), named("date"));
        assert_eq!(column("a > '2020-01-01'::date"), doubt("a"));
        assert_eq!(column("\"A\" > 0"), Guess::Nameless);
    }

    #[test]
    fn defaults_without_parentheses() {
        for simple in ["0", "-1", "'x'", "now()", "'{}'::text[]", "current_date", "true"] {
            assert!(is_simple(simple).expect("readable"), "{simple}");
        }
        for other in ["1 + 1", "now() + interval '1 day'", "a and b", "'x'::text || 'y'"] {
            assert!(!is_simple(other).expect("readable"), "{other}");
        }
    }
}
