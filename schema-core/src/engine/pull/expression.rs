//! Expressions as PostgreSQL prints them, a little more as people write them: only what it reads back as the same.

use crate::engine::lex::{self, TokenKind};

/// Without the parentheses around all of it: PostgreSQL prints one pair and more.
pub(super) fn bare(sql: &str) -> &str {
    let mut sql = sql.trim();
    while let Some(inside) = inside(sql) {
        sql = inside;
    }
    sql
}

fn inside(sql: &str) -> Option<&str> {
    let inside = sql.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for token in lex::tokens(inside).ok()? {
        match &inside[token.range.clone()] {
            "(" if token.kind == TokenKind::Char => depth += 1,
            ")" if token.kind == TokenKind::Char => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0 && !inside.trim().is_empty()).then(|| inside.trim())
}

/// A default: a literal needs no conversion to its column's own type.
pub(super) fn default<'a>(sql: &'a str, data_type: &str) -> &'a str {
    let Ok(tokens) = lex::tokens(sql) else { return sql };
    let [literal, cast, first, ..] = tokens.as_slice() else { return bare(sql) };
    let plain_type = data_type.split('(').next().unwrap_or(data_type);
    if literal.kind == TokenKind::Literal
        && literal.range.start == 0
        && &sql[cast.range.clone()] == "::"
        && sql[first.range.start..] == *plain_type
    {
        &sql[literal.range.clone()]
    } else {
        bare(sql)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses() {
        assert_eq!(bare("((a > 0))"), "a > 0");
        assert_eq!(bare("(a > 0) AND (b > 0)"), "(a > 0) AND (b > 0)");
        assert_eq!(bare("((a > 0) AND (b = ')'::text))"), "(a > 0) AND (b = ')'::text)");
        assert_eq!(bare("()"), "()");
        assert_eq!(bare("a"), "a");
    }

    #[test]
    fn defaults() {
        assert_eq!(default("'open'::public.status", "public.status"), "'open'");
        assert_eq!(default("'open'::public.status", "text"), "'open'::public.status");
        assert_eq!(default("'x'::character varying", "character varying(20)"), "'x'");
        assert_eq!(default("'{}'::text[]", "text[]"), "'{}'");
        assert_eq!(default("('x'::text || 'y'::text)", "text"), "'x'::text || 'y'::text");
        assert_eq!(default("0", "integer"), "0");
        assert_eq!(default("now()", "timestamp with time zone"), "now()");
        assert_eq!(default("'12:00:00+00'::time with time zone", "time with time zone"), "'12:00:00+00'");
    }
}
