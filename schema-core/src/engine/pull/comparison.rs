//! Comparisons of a column with literals, as people write them: `status IN ('new', 'paid')` where PostgreSQL prints
//! `(status)::text = ANY ((ARRAY['new'::character varying, ...])::text[])`. It reads them back as the same.

use crate::engine::lex::{self, TokenKind};
use crate::engine::printed::find;
use std::collections::BTreeMap;

/// The types of a table's columns, by their names as SQL writes them.
pub(super) type Types<'a> = BTreeMap<String, &'a str>;

/// The expression with all such comparisons in it.
pub(super) fn plain(sql: &str, types: &Types<'_>) -> String {
    if let Some(plain) = comparison(sql, types) {
        return plain;
    }
    let mut text = String::new();
    let mut rest = sql;
    while let Some((start, end)) = group(rest) {
        text += &rest[..start];
        text += &plain(&rest[start..end], types);
        text.push(')');
        rest = &rest[end + 1..];
    }
    text + rest
}

/// Where the inside of the first pair of parentheses stands.
fn group(sql: &str) -> Option<(usize, usize)> {
    let (mut start, mut depth) = (None, 0_i32);
    for token in lex::tokens(sql).ok()? {
        match (token.kind, &sql[token.range.clone()]) {
            (TokenKind::Char, "(") => {
                depth += 1;
                start = start.or(Some(token.range.end));
            }
            (TokenKind::Char, ")") => {
                depth -= 1;
                if let Some(start) = start.filter(|_| depth == 0) {
                    return Some((start, token.range.start));
                }
            }
            _other => {}
        }
    }
    None
}

fn comparison(sql: &str, types: &Types<'_>) -> Option<String> {
    for (printed, written) in [(" = ANY (", "IN"), (" <> ALL (", "NOT IN")] {
        if let Some(at) = find(sql, printed) {
            let column = Column::of(&sql[..at], types)?;
            let list = column.list(sql[at + printed.len()..].strip_suffix(')')?)?;
            return Some(format!("{} {written} ({})", column.name, list.join(", ")));
        }
    }
    for operator in [" = ", " <> "] {
        if let Some(at) = find(sql, operator) {
            let column = Column::of(&sql[..at], types)?;
            let ty = if column.as_text { "text" } else { column.ty };
            let literal = literal(&sql[at + operator.len()..], ty)?;
            return Some(format!("{}{operator}{literal}", column.name));
        }
    }
    None
}

const VARCHAR: &str = "character varying";

/// What is compared.
struct Column<'a> {
    name: &'a str,
    ty: &'a str,
    /// `varchar` is compared as `text`.
    as_text: bool,
}

impl<'a> Column<'a> {
    fn of(sql: &'a str, types: &Types<'a>) -> Option<Self> {
        if let Some(ty) = types.get(sql) {
            return Some(Self { name: sql, ty, as_text: false });
        }
        let name = sql.strip_prefix('(')?.strip_suffix(")::text")?;
        let ty = types.get(name)?.split('(').next()?;
        (ty == VARCHAR).then_some(Self { name, ty, as_text: true })
    }

    /// The literals of an array; of one alone PostgreSQL would make another comparison.
    fn list(&self, array: &'a str) -> Option<Vec<&'a str>> {
        let whole = array
            .strip_prefix("((")
            .and_then(|array| array.strip_suffix("])::character varying[])::text[]"))
            .filter(|_| self.as_text);
        let elements = match whole {
            Some(array) => array.strip_prefix("ARRAY[")?,
            None => array.strip_prefix("ARRAY[")?.strip_suffix(']')?,
        };
        let one = |element: &'a str| match (self.as_text, whole) {
            (true, None) => literal(element.strip_prefix('(')?.strip_suffix(")::text")?, VARCHAR),
            (true, Some(_)) | (false, _) => literal(element, self.ty),
        };
        let found: Option<Vec<&str>> = split(elements).into_iter().map(one).collect();
        found.filter(|found| found.len() > 1)
    }
}

/// The literal of this type, without the type; numbers have none.
fn literal<'a>(sql: &'a str, ty: &str) -> Option<&'a str> {
    let tokens = lex::tokens(sql).ok()?;
    let first = tokens.first().filter(|token| token.range.start == 0)?;
    let (text, rest) = sql.split_at(first.range.end);
    let said = match first.kind {
        TokenKind::Literal => rest.strip_prefix("::") == Some(ty),
        TokenKind::Number => rest.is_empty() && ty == "integer" && text.bytes().all(|b| b.is_ascii_digit()),
        TokenKind::Word
        | TokenKind::Quoted
        | TokenKind::Param
        | TokenKind::Operator
        | TokenKind::Char
        | TokenKind::Comment => false,
    };
    said.then_some(text)
}

fn split(list: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some(end) = find(rest, ", ") {
        found.push(&rest[..end]);
        rest = &rest[end + 2..];
    }
    found.push(rest);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        let types: Types<'_> = [
            ("status", "character varying(20)"),
            ("kind", "text"),
            ("mood", "public.mood"),
            ("n", "integer"),
            ("big", "bigint"),
            ("\"Odd\"", "text"),
        ]
        .map(|(name, ty)| (name.to_owned(), ty))
        .into();
        for (printed, written) in [
            ("kind = ANY (ARRAY['a'::text, 'it''s, ]'::text])", "kind IN ('a', 'it''s, ]')"),
            ("\"Odd\" <> ALL (ARRAY['a'::text, 'b'::text])", "\"Odd\" NOT IN ('a', 'b')"),
            (
                "(status)::text = ANY (((ARRAY['a'::character varying, 'b'::character varying])::character varying[])::text[])",
                "status IN ('a', 'b')",
            ),
            (
                "(status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])",
                "status IN ('a', 'b')",
            ),
            ("mood = ANY (ARRAY['a'::public.mood, 'b'::public.mood])", "mood IN ('a', 'b')"),
            ("n = ANY (ARRAY[1, 2])", "n IN (1, 2)"),
            ("(status)::text = 'a'::text", "status = 'a'"),
            ("mood <> 'a'::public.mood", "mood <> 'a'"),
            (
                "((kind = 'a'::text) AND (n > 3)) OR (NOT (f(n) AND (n = ANY (ARRAY[1, 2]))))",
                "((kind = 'a') AND (n > 3)) OR (NOT (f(n) AND (n IN (1, 2))))",
            ),
        ] {
            assert_eq!(plain(printed, &types), written);
        }
    }

    #[test]
    fn what_would_be_read_as_something_else_stays() {
        let types: Types<'_> =
            [("status", "character varying"), ("kind", "text"), ("fixed", "character(3)"), ("big", "bigint")]
                .map(|(name, ty)| (name.to_owned(), ty))
                .into();
        for printed in [
            "kind = ANY (ARRAY['a'::text])",
            "(status)::text = ANY (ARRAY['a'::text, 'b'::text])",
            "fixed = ANY (ARRAY['a'::bpchar, 'b'::bpchar])",
            "big = ANY (ARRAY[(1)::bigint, (2)::bigint])",
            "kind = ANY (ARRAY['a'::text, other])",
            "kind = ('a'::text || 'b'::text)",
            "kind = ('a'::text COLLATE \"C\")",
            "other = 'a'::text",
            "lower(kind) = 'a'::text",
            "kind > 'a'::text",
            "'(kind = ''a''::text)'::text = other",
        ] {
            assert_eq!(plain(printed, &types), printed);
        }
    }
}
