//! The SQL that random schemas are made of: types with their values, defaults and expressions; names. No structure.

use super::model::{NAMES, TYPES};

/// A type and what fits it.
pub(crate) struct Type {
    pub(crate) sql: &'static str,
    pub(crate) family: Family,
    pub(crate) defaults: [&'static str; 4],
    /// Two values for rows; `$` is the number of the row.
    pub(crate) value: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Integer,
    Number,
    Text,
    Boolean,
    /// Can be compared.
    Plain,
    Jsonb,
    Range,
    /// Has no equality.
    Json,
}

const fn ty(sql: &'static str, family: Family, value: &'static str, defaults: [&'static str; 4]) -> Type {
    Type { sql, family, defaults, value }
}

pub(crate) const ALL: [Type; TYPES] = [
    ty("bigint", Family::Integer, "$", ["0", "-1", "7 * 6", "9223372036854775807"]),
    ty(
        "text",
        Family::Text,
        "'r$'",
        ["'x'", "'it''s; -- \"q\" /* $$ */'", "lower('A' || 'B')", "CURRENT_USER"],
    ),
    ty("integer", Family::Integer, "$", ["0", "-1", "(1 + 2)", "'5'::integer"]),
    ty("boolean", Family::Boolean, "$ % 2 = 0", ["true", "false", "NOT true", "(1 > 2)"]),
    ty("smallint", Family::Integer, "$", ["0", "-1", "1 + 1", "3"]),
    ty("varchar(20)", Family::Text, "'v$'", ["''", "E'a\\\\b'", "'é🦀'", "upper('a')"]),
    ty("varchar", Family::Text, "'v$'", ["''", "'a'", "'b'::text", "'c'"]),
    ty("char(3)", Family::Text, "'c$'", ["''", "'abc'", "'x'", "'y'"]),
    ty("numeric(12,2)", Family::Number, "$.50", ["0", "1.50", "-0.01", "round(2.345, 2)"]),
    ty("numeric", Family::Number, "$.125", ["0", "1.5", "1e3", "2"]),
    ty("numeric(6,1)", Family::Number, "$.5", ["0", "1.5", "1", "2"]),
    ty("double precision", Family::Number, "$.25", ["0", "1.5", "'Infinity'", "pi()"]),
    ty("real", Family::Number, "$.5", ["0", "1.5", "1", "2"]),
    ty(
        "timestamptz",
        Family::Plain,
        "'2020-01-0$ 10:00:00+00'",
        ["now()", "CURRENT_TIMESTAMP", "'2020-01-01 00:00:00+00'", "now() + '1 day'::interval"],
    ),
    ty(
        "timestamp",
        Family::Plain,
        "'2020-01-0$ 10:00'",
        ["LOCALTIMESTAMP", "'2020-01-01'", "timezone('utc', now())", "'epoch'"],
    ),
    ty(
        "timestamptz(3)",
        Family::Plain,
        "'2020-01-0$ 10:00:00+00'",
        ["now()", "'epoch'", "'2020-01-01 00:00Z'", "now()"],
    ),
    ty(
        "date",
        Family::Plain,
        "'2020-01-0$'",
        ["CURRENT_DATE", "'2020-01-01'", "'infinity'", "CURRENT_DATE + 1"],
    ),
    ty("time", Family::Plain, "'10:0$'", ["'10:00'", "LOCALTIME", "'00:00'", "'23:59:59'"]),
    ty("interval", Family::Plain, "'$ days'", ["'1 day'", "'0'", "'1 year 2 mons'", "'-3 hours'"]),
    ty(
        "uuid",
        Family::Plain,
        "'00000000-0000-0000-0000-00000000000$'",
        [
            "gen_random_uuid()",
            "'00000000-0000-0000-0000-000000000000'",
            "gen_random_uuid()",
            "md5('x')::uuid",
        ],
    ),
    ty("bytea", Family::Plain, "'\\x0$'", ["''", "'\\x00ff'", "'a'", "decode('00', 'hex')"]),
    ty(
        "jsonb",
        Family::Jsonb,
        "'{\"a\": $}'",
        ["'{}'", "'[]'::jsonb", "'{\"a\": \"it''s\"}'", "jsonb_build_object('a', 1)"],
    ),
    ty("json", Family::Json, "'{\"a\": $}'", ["'{}'", "'[]'", "'1'", "json_build_array(1)"]),
    ty("inet", Family::Plain, "'10.0.0.$'", ["'127.0.0.1'", "'::1'", "'10.0.0.0/8'", "'127.0.0.1'"]),
    ty("int4range", Family::Range, "'[$,9)'", ["'empty'", "'[1,2)'", "int4range(1, 5)", "'(,)'"]),
    ty("oid", Family::Plain, "$", ["0", "1", "2", "3"]),
];

/// An expression that is true or false for a column of this family, by variant.
pub(crate) fn condition(family: Family, column: &str, variant: usize) -> String {
    match (variant, family) {
        (0, _) | (_, Family::Json | Family::Plain) => format!("{column} IS NOT NULL"),
        (1, Family::Integer | Family::Number) => format!("{column} >= 0"),
        (_, Family::Integer | Family::Number) => format!("{column} <> 13 OR {column} IS NULL"),
        (1, Family::Text) => format!("length({column}) > 0"),
        (_, Family::Text) => format!("{column} NOT IN ('it''s', 'b;c')"),
        (1, Family::Boolean) => format!("{column} OR NOT {column}"),
        (_, Family::Boolean) => format!("({column} IS NOT FALSE) OR true"),
        (1, Family::Jsonb) => format!("jsonb_typeof({column}) <> 'null'"),
        (_, Family::Jsonb) => format!("{column} @> '{{}}'"),
        (_, Family::Range) => format!("NOT isempty({column}) OR true"),
    }
}

/// A generated column: its type and its expression, from a column of this family.
pub(crate) fn computed(family: Family, column: &str, variant: usize) -> (&'static str, String) {
    match (variant % 3, family) {
        (1, Family::Integer) => ("bigint", format!("{column} + 1")),
        (2, Family::Integer) => ("numeric", format!("({column} * 2)::numeric")),
        (1, Family::Text) => ("text", format!("lower({column}::text) || ')('")),
        (2, Family::Text) => ("integer", format!("length({column})")),
        (1, Family::Jsonb) => ("text", format!("{column} ->> 'a'")),
        (
            _,
            Family::Integer
            | Family::Number
            | Family::Text
            | Family::Boolean
            | Family::Plain
            | Family::Jsonb
            | Family::Range
            | Family::Json,
        ) => ("boolean", format!("{column} IS NULL")),
    }
}

const ODD: [&str; NAMES] = [
    "user",
    "select",
    "Mixed Case",
    "quo\"te",
    "🦀",
    "semi;colon",
    "back\\slash",
    "per%cent",
    "$$",
    "apos'trophe",
    "новый",
    "a.b",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ééééééééééééééééééééééééééééééé",
    "-- comment",
    "/* open",
    "1digit",
    "table",
    "check",
    "id",
    "default",
    "(",
];

/// The name of a number, at most 63 bytes. `again` makes it another one.
pub(crate) fn name(number: usize, again: usize) -> String {
    let plain = ODD.get(number).map_or_else(|| format!("n{number}"), |odd| (*odd).to_owned());
    if again == 0 {
        return plain;
    }
    let suffix = again.to_string();
    let end = plain.floor_char_boundary(plain.len().min(63 - suffix.len()));
    format!("{}{suffix}", &plain[..end])
}

pub(crate) const COMMENTS: [Option<&str>; 5] =
    [None, None, Some("plain"), Some("it's a \\ \"comment\";\nwith lines -- and $$"), Some("🦀")];
