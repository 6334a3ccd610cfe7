//! What it takes to change a column's type, from the two type names as `format_type` prints them. PostgreSQL's
//! own casts (`pg_cast`, "Type Conversion"), as far as types that come with it are concerned.

/// What a change of type takes and risks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Conversion {
    /// The expression for `USING`; `None` where an assignment cast exists.
    pub(in crate::engine) using: Option<String>,
    /// Whether the table is written anew.
    pub(in crate::engine) rewrite: bool,
    /// Why values change, if they can.
    pub(in crate::engine) loses: Option<&'static str>,
    /// Why it can fail, if it can.
    pub(in crate::engine) may_fail: Option<&'static str>,
    /// Whether operators of the old type work on the new one, so that what depends on the column can stay.
    pub(in crate::engine) same_operators: bool,
}

/// A type name taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'a> {
    family: Family,
    base: &'a str,
    /// What stands in parentheses.
    modifier: Option<&'a str>,
    array: bool,
}

/// Types that convert among themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Integer(u8),
    Numeric,
    Float(u8),
    Text,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    Json,
    Network,
    Bits,
    Other,
}

fn parts(name: &str) -> Parts<'_> {
    let (name, array) = match name.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (name, false),
    };
    let modifier = name.find('(').and_then(|open| Some(&name[open + 1..open + name[open..].find(')')?]));
    let base = name.split('(').next().unwrap_or(name);
    let zone = name.ends_with("with time zone");
    let family = match base {
        "smallint" => Family::Integer(1),
        "integer" => Family::Integer(2),
        "bigint" => Family::Integer(3),
        "numeric" => Family::Numeric,
        "real" => Family::Float(1),
        "double precision" => Family::Float(2),
        "text" | "character varying" | "character" | "name" => Family::Text,
        "date" => Family::Date,
        "json" | "jsonb" => Family::Json,
        "inet" | "cidr" => Family::Network,
        "bit" | "bit varying" => Family::Bits,
        _other if base.starts_with("timestamp") && zone => Family::TimestampTz,
        _other if base.starts_with("timestamp") => Family::Timestamp,
        _other if base.starts_with("time") && !zone => Family::Time,
        _other => Family::Other,
    };
    Parts { family, base, modifier, array }
}

/// The type as people write it: PostgreSQL's own short names for the long ones of `format_type`.
pub(in crate::engine) fn short(name: &str) -> String {
    let (element, array) = name.strip_suffix("[]").map_or((name, ""), |element| (element, "[]"));
    let short = match element {
        "timestamp with time zone" => "timestamptz".to_owned(),
        "timestamp without time zone" => "timestamp".to_owned(),
        "time without time zone" => "time".to_owned(),
        "character varying" => "varchar".to_owned(),
        _long => match element.strip_prefix("character varying(") {
            Some(length) => format!("varchar({length}"),
            None => element.to_owned(),
        },
    };
    format!("{short}{array}")
}

/// What it takes to change `column` from one type to another.
pub(in crate::engine) fn conversion(column: &str, old: &str, new: &str) -> Conversion {
    let (a, b) = (parts(old), parts(new));
    let assignable = a.array == b.array && assignable(a, b) || (!b.array && b.family == Family::Text);
    let using = (!assignable).then(|| match (a.array, b.array) {
        (false, true) => {
            format!("CASE WHEN {column} IS NOT NULL THEN ARRAY[{}]::{new} END", element(column, a, b))
        }
        (false, false) if a.family == Family::Text || boolean_number(a, b) => format!("{column}::{new}"),
        (true, true) if a.family == Family::Text || b.family == Family::Text => format!("{column}::{new}"),
        (true, true) => format!("{column}::text[]::{new}"),
        (false, false) | (true, false) => format!("{column}::text::{new}"),
    });
    // Each value stays what it is, alone or in an array.
    let kept = (a.array == b.array || b.array) && widens(a, b);
    let widens = a.array == b.array && kept;
    let numbers = |p: Parts<'_>| matches!(p.family, Family::Integer(_) | Family::Numeric | Family::Float(_));
    let strings = |p: Parts<'_>| p.family == Family::Text;
    Conversion {
        rewrite: !(widens && (a.base == b.base || strings(a) && b.base != "character")),
        loses: if kept { None } else { loses(a, b) },
        may_fail: if kept || (using.is_none() && loses(a, b).is_some() && !numbers(b)) {
            None
        } else {
            may_fail(a, b)
        },
        same_operators: a.array == b.array
            && (a.base == b.base && a.family != Family::Other
                || old == new
                || numbers(a) && numbers(b)
                || strings(a) && strings(b)),
        using,
    }
}

/// The only element of the array that a single value becomes: what the array's own cast cannot convert goes by its
/// text, and so does a type of the user's own, which may be replaced by another of its name.
fn element(column: &str, a: Parts<'_>, b: Parts<'_>) -> String {
    let own = a.base.contains('.');
    let castable = a.family == Family::Text || b.family == Family::Text || (assignable(a, b) && !own);
    if castable { column.to_owned() } else { format!("{column}::text") }
}

/// The one pair of explicit casts beside text that people use.
fn boolean_number(a: Parts<'_>, b: Parts<'_>) -> bool {
    matches!((a.base, b.base), ("boolean", "integer") | ("integer", "boolean"))
}

/// Whether an assignment cast exists.
fn assignable(a: Parts<'_>, b: Parts<'_>) -> bool {
    use Family::{
        Bits, Date, Float, Integer, Json, Network, Numeric, Other, Text, Time, Timestamp, TimestampTz,
    };
    match (a.family, b.family) {
        (Integer(_) | Numeric | Float(_), Integer(_) | Numeric | Float(_)) => true,
        (Date | Timestamp | TimestampTz, Date | Timestamp | TimestampTz) => true,
        (Timestamp | TimestampTz, Time) => true,
        (Text, Text) | (Time, Time) | (Json, Json) | (Network, Network) | (Bits, Bits) => true,
        (_, Other) | (Other, _) => a.base == b.base,
        (
            Integer(_) | Numeric | Float(_) | Text | Date | Timestamp | TimestampTz | Time | Json | Network
            | Bits,
            _,
        ) => false,
    }
}

/// Whether every value fits, unchanged.
fn widens(a: Parts<'_>, b: Parts<'_>) -> bool {
    use Family::{Date, Float, Integer, Numeric, Text, Timestamp, TimestampTz};
    match (a.family, b.family) {
        (Integer(from), Integer(to)) => from <= to,
        (Integer(_), Numeric) => b.modifier.is_none(),
        (Integer(from), Float(to)) => from <= to,
        (Float(from), Float(to)) => from <= to,
        (Numeric, Numeric) => match (a.modifier.map(precision), b.modifier.map(precision)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some((p, s)), Some((q, t))) => s <= t && p - s <= q - t,
        },
        (Text, Text) => match (length(a), length(b)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(from), Some(to)) => from <= to,
        },
        (Date, Timestamp) | (Date, TimestampTz) => true,
        _others => a.base == b.base && (a.modifier == b.modifier || b.modifier.is_none()),
    }
}

/// Why values change without an error, if they can.
fn loses(a: Parts<'_>, b: Parts<'_>) -> Option<&'static str> {
    use Family::{Date, Float, Integer, Json, Numeric, Time, Timestamp, TimestampTz};
    match (a.family, b.family) {
        (Numeric | Float(_), Integer(_)) => Some("fractions are rounded"),
        (Numeric | Integer(_), Float(_)) | (Float(2), Float(1)) => {
            Some("digits beyond the new precision are lost")
        }
        (Numeric, Numeric) => {
            let scale = |p: Parts<'_>| p.modifier.map(|m| precision(m).1);
            match (scale(a), scale(b)) {
                (None, Some(_)) => Some("digits beyond the new scale are rounded"),
                (Some(from), Some(to)) if to < from => Some("digits beyond the new scale are rounded"),
                (Some(_), Some(_)) | (_, None) => None,
            }
        }
        (Float(_), Numeric) if b.modifier.is_some() => Some("digits beyond the new scale are rounded"),
        (Timestamp | TimestampTz, Date) => Some("the time of day is lost"),
        (Timestamp | TimestampTz, Time) => Some("the date is lost"),
        (TimestampTz, Timestamp) => Some("the time zone is lost: values become local times of the session"),
        (Timestamp, Timestamp) | (TimestampTz, TimestampTz) | (Time, Time) => {
            Some("fractions of seconds beyond the new precision are rounded")
        }
        (Json, Json) if a.base == "json" => Some("duplicate keys, key order and white space are lost"),
        _others => None,
    }
}

/// Why it can fail, if it can.
fn may_fail(a: Parts<'_>, b: Parts<'_>) -> Option<&'static str> {
    use Family::{Float, Integer, Json, Numeric, Text, Timestamp, TimestampTz};
    if a.array && !b.array && b.family != Text {
        return Some("values that cannot be converted stand in the way");
    }
    match (a.family, b.family) {
        (Integer(_) | Numeric | Float(_), Integer(_) | Numeric) => {
            Some("values that are out of range stand in the way")
        }
        (Text, Text) => Some("values that are too long stand in the way"),
        (_, Text) if length(b).is_some() => Some("values that are too long stand in the way"),
        (_, Text) | (Json, Json) | (Timestamp, TimestampTz) => None,
        _others => Some("values that cannot be converted stand in the way"),
    }
}

fn precision(modifier: &str) -> (i32, i32) {
    let mut parts = modifier.split(',').map(|part| part.trim().parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

fn length(p: Parts<'_>) -> Option<i32> {
    match p.base {
        "name" => Some(63),
        _other => p.modifier.and_then(|m| m.parse().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_needs_nothing() {
        for (a, b) in [
            ("character varying(20)", "character varying(40)"),
            ("character varying(20)", "text"),
            ("numeric(12,2)", "numeric(14,2)"),
            ("numeric(12,2)", "numeric"),
        ] {
            let c = conversion("c", a, b);
            assert_eq!(
                (c.using, c.rewrite, c.loses, c.may_fail, c.same_operators),
                (None, false, None, None, true),
                "{a} -> {b}"
            );
        }
        let c = conversion("c", "integer", "bigint");
        assert_eq!((c.using, c.rewrite, c.loses, c.may_fail), (None, true, None, None));
    }

    #[test]
    fn narrowing_says_why() {
        assert!(conversion("c", "bigint", "integer").may_fail.is_some());
        assert!(conversion("c", "text", "character varying(5)").may_fail.is_some());
        assert!(conversion("c", "numeric(12,4)", "numeric(12,2)").loses.is_some());
        assert!(conversion("c", "timestamp with time zone", "date").loses.is_some());
    }

    #[test]
    fn other_types_go_by_their_text() {
        assert_eq!(conversion("c", "text", "integer").using.as_deref(), Some("c::integer"));
        assert_eq!(conversion("c", "uuid", "bigint").using.as_deref(), Some("c::text::bigint"));
        assert_eq!(conversion("c", "text[]", "uuid[]").using.as_deref(), Some("c::uuid[]"));
        let wrapped = "CASE WHEN c IS NOT NULL THEN ARRAY[c]::text[] END";
        assert_eq!(conversion("c", "text", "text[]").using.as_deref(), Some(wrapped));
        let by_text = "CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::uuid[] END";
        assert_eq!(conversion("c", "bigint", "uuid[]").using.as_deref(), Some(by_text));
        assert_eq!(conversion("c", "public.status", "text").using, None);
        assert_eq!(conversion("c", "public.a", "public.b").using.as_deref(), Some("c::text::public.b"));
    }
}
