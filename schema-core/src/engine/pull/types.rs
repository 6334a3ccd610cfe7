//! The Rust type of a column, out of the text of its SQL type.

use crate::engine::kind::types::short;
use crate::engine::lex::{self, TokenKind};
use crate::engine::name::QName;
use crate::engine::record::{Base, Name, Type};
use std::collections::{BTreeMap, BTreeSet};

/// A crate whose types columns can have; schema-core has a feature of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignCrate {
    /// `uuid::Uuid`.
    Uuid,
    /// Dates and times, before those of `time` and `jiff`.
    Chrono,
    /// Dates and times, before those of `jiff`.
    Time,
    /// Dates and times.
    Jiff,
    /// `numeric`, before `bigdecimal`.
    RustDecimal,
    /// `numeric`.
    Bigdecimal,
    /// `json` and `jsonb`.
    SerdeJson,
    /// `inet` with a mask.
    Ipnetwork,
    /// `bit varying`.
    BitVec,
}

impl ForeignCrate {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Uuid,
        Self::Chrono,
        Self::Time,
        Self::Jiff,
        Self::RustDecimal,
        Self::Bigdecimal,
        Self::SerdeJson,
        Self::Ipnetwork,
        Self::BitVec,
    ];

    /// The name of the crate, and of schema-core's feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::Chrono => "chrono",
            Self::Time => "time",
            Self::Jiff => "jiff",
            Self::RustDecimal => "rust_decimal",
            Self::Bigdecimal => "bigdecimal",
            Self::SerdeJson => "serde_json",
            Self::Ipnetwork => "ipnetwork",
            Self::BitVec => "bit-vec",
        }
    }
}

/// What decides about types.
pub(super) struct Types<'a> {
    /// The crates that may be used.
    pub(super) crates: &'a BTreeSet<ForeignCrate>,
    /// The enums that the code declares.
    pub(super) enums: &'a BTreeMap<QName, Name>,
    /// Domains, and the types below them.
    pub(super) domains: &'a BTreeMap<&'a QName, &'a str>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldType {
    /// What the record says.
    pub(super) ty: Type,
    /// The Rust type without `Option`.
    pub(super) rust: Rust,
    /// `sql_type`, where the Rust type alone does not say it.
    pub(super) sql_type: Option<String>,
    /// The crate that it comes from.
    pub(super) krate: Option<ForeignCrate>,
}

/// A Rust type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rust {
    /// As it is written.
    Plain(&'static str),
    /// An enum of the code.
    Enum(QName),
    /// `Vec` of it.
    Vec(Box<Rust>),
}

/// A Rust type, the SQL type that it stands for, and its crate.
type Known = (&'static str, &'static str, Option<ForeignCrate>);

impl Types<'_> {
    /// The type of a column, from what `format_type` prints.
    pub(super) fn field(&self, data_type: &str, nullable: bool) -> FieldType {
        let (element, dimensions) = match data_type.strip_suffix("[]") {
            Some(element) => (element, 1),
            None => (data_type, 0),
        };
        if let Some((qname, name)) = type_name(element).and_then(|name| self.enums.get_key_value(&name)) {
            let rust = Rust::Enum(qname.clone());
            let ty = Type { base: Base::Enum(name.clone()), dimensions, nullable };
            return FieldType { ty, rust: many(rust, dimensions), sql_type: None, krate: None };
        }
        let short = written(element);
        let (rust, sql, krate) = self.known(element).unwrap_or(("String", "text", None));
        let ty = Type { base: Base::Sql(short.clone()), dimensions, nullable };
        let sql_type = (sql != short).then(|| format!("{short}{}", "[]".repeat(usize::from(dimensions))));
        FieldType { ty, rust: many(Rust::Plain(rust), dimensions), sql_type, krate }
    }

    fn known(&self, element: &str) -> Option<Known> {
        if let Some(below) = type_name(element).and_then(|name| self.domains.get(&name)) {
            return self.known(below);
        }
        let plain = without_modifier(element);
        Some(match plain.as_str() {
            "smallint" => ("i16", "smallint", None),
            "integer" => ("i32", "integer", None),
            "bigint" => ("i64", "bigint", None),
            "real" => ("f32", "real", None),
            "double precision" => ("f64", "double precision", None),
            "boolean" => ("bool", "boolean", None),
            "bytea" => ("Vec<u8>", "bytea", None),
            "uuid" => self.first(&[(ForeignCrate::Uuid, "Uuid")], "uuid")?,
            "timestamp with time zone" => self.first(
                &[
                    (ForeignCrate::Chrono, "DateTime<Utc>"),
                    (ForeignCrate::Time, "time::OffsetDateTime"),
                    (ForeignCrate::Jiff, "jiff::Timestamp"),
                ],
                "timestamptz",
            )?,
            "timestamp without time zone" => self.first(
                &[
                    (ForeignCrate::Chrono, "chrono::NaiveDateTime"),
                    (ForeignCrate::Time, "time::PrimitiveDateTime"),
                    (ForeignCrate::Jiff, "jiff::civil::DateTime"),
                ],
                "timestamp",
            )?,
            "date" => self.first(
                &[
                    (ForeignCrate::Chrono, "chrono::NaiveDate"),
                    (ForeignCrate::Time, "time::Date"),
                    (ForeignCrate::Jiff, "jiff::civil::Date"),
                ],
                "date",
            )?,
            "time without time zone" => self.first(
                &[
                    (ForeignCrate::Chrono, "chrono::NaiveTime"),
                    (ForeignCrate::Time, "time::Time"),
                    (ForeignCrate::Jiff, "jiff::civil::Time"),
                ],
                "time",
            )?,
            "interval" => self.first(
                &[
                    (ForeignCrate::Chrono, "chrono::TimeDelta"),
                    (ForeignCrate::Time, "time::Duration"),
                    (ForeignCrate::Jiff, "jiff::Span"),
                ],
                "interval",
            )?,
            "numeric" => self.first(
                &[
                    (ForeignCrate::RustDecimal, "Decimal"),
                    (ForeignCrate::Bigdecimal, "bigdecimal::BigDecimal"),
                ],
                "numeric",
            )?,
            "json" | "jsonb" => self.first(&[(ForeignCrate::SerdeJson, "serde_json::Value")], "jsonb")?,
            "inet" => self.first(&[(ForeignCrate::Ipnetwork, "ipnetwork::IpNetwork")], "inet").unwrap_or((
                "std::net::IpAddr",
                "inet",
                None,
            )),
            "bit varying" => self.first(&[(ForeignCrate::BitVec, "bit_vec::BitVec")], "bit varying")?,
            _ => return None,
        })
    }

    fn first(&self, wishes: &[(ForeignCrate, &'static str)], sql: &'static str) -> Option<Known> {
        let (krate, rust) = wishes.iter().find(|(krate, _)| self.crates.contains(krate))?;
        Some((*rust, sql, Some(*krate)))
    }
}

/// The SQL type as people write it.
pub(super) fn written(element: &str) -> String {
    let precise = |head: &str, tail: &str| element.strip_prefix(head)?.strip_suffix(tail).map(str::to_owned);
    if let Some(precision) = precise("timestamp(", ") with time zone") {
        return format!("timestamptz({precision})");
    }
    if let Some(precision) = precise("timestamp(", ") without time zone") {
        return format!("timestamp({precision})");
    }
    if let Some(precision) = precise("time(", ") without time zone") {
        return format!("time({precision})");
    }
    match element.strip_prefix("character(") {
        Some(length) => format!("char({length}"),
        None if element == "time with time zone" => "timetz".to_owned(),
        None => short(element),
    }
}

fn many(rust: Rust, dimensions: u8) -> Rust {
    if dimensions == 0 { rust } else { Rust::Vec(Box::new(rust)) }
}

/// `timestamp with time zone` of `timestamp(3) with time zone`.
fn without_modifier(element: &str) -> String {
    match (element.find('('), element.find(')')) {
        (Some(open), Some(close)) if open < close && !element.contains('"') => {
            format!("{}{}", &element[..open], &element[close + 1..])
        }
        _ => element.to_owned(),
    }
}

/// The name of a type that is not PostgreSQL's own: those are printed with their schema.
pub(super) fn type_name(element: &str) -> Option<QName> {
    let tokens = lex::tokens(element).ok()?;
    let [schema, dot, name, ..] = tokens.as_slice() else { return None };
    let is_dot = dot.kind == TokenKind::Char && &element[dot.range.clone()] == ".";
    is_dot.then(|| Some(QName::new(lex::name(element, schema)?, lex::name(element, name)?)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let status = QName::new("My.Schema", "Status");
        let positive = QName::new("public", "positive");
        let domains = BTreeMap::from([(&positive, "integer")]);
        let enums = BTreeMap::from([(
            status.clone(),
            Name { schema: Some("My.Schema".to_owned()), name: "Status".to_owned() },
        )]);
        let none = BTreeSet::new();
        let some = BTreeSet::from([ForeignCrate::Jiff, ForeignCrate::RustDecimal, ForeignCrate::SerdeJson]);
        let written = |crates: &BTreeSet<ForeignCrate>, data_type: &str| {
            let field = Types { crates, enums: &enums, domains: &domains }.field(data_type, false);
            format!("{:?} {:?}", field.rust, field.sql_type).replace('"', "")
        };
        for (data_type, plain, typed) in [
            ("bigint", "Plain(i64) None", "Plain(i64) None"),
            ("text[]", "Vec(Plain(String)) None", "Vec(Plain(String)) None"),
            ("bytea[]", "Vec(Plain(Vec<u8>)) None", "Vec(Plain(Vec<u8>)) None"),
            ("character varying(20)", "Plain(String) Some(varchar(20))", "Plain(String) Some(varchar(20))"),
            ("numeric(12,2)", "Plain(String) Some(numeric(12,2))", "Plain(Decimal) Some(numeric(12,2))"),
            ("timestamp with time zone", "Plain(String) Some(timestamptz)", "Plain(jiff::Timestamp) None"),
            (
                "timestamp(3) with time zone[]",
                "Vec(Plain(String)) Some(timestamptz(3)[])",
                "Vec(Plain(jiff::Timestamp)) Some(timestamptz(3)[])",
            ),
            ("json", "Plain(String) Some(json)", "Plain(serde_json::Value) Some(json)"),
            ("jsonb", "Plain(String) Some(jsonb)", "Plain(serde_json::Value) None"),
            ("inet", "Plain(std::net::IpAddr) None", "Plain(std::net::IpAddr) None"),
            ("public.positive", "Plain(i32) Some(public.positive)", "Plain(i32) Some(public.positive)"),
            ("public.citext", "Plain(String) Some(public.citext)", "Plain(String) Some(public.citext)"),
            ("time with time zone", "Plain(String) Some(timetz)", "Plain(String) Some(timetz)"),
        ] {
            assert_eq!(written(&none, data_type), plain);
            assert_eq!(written(&some, data_type), typed);
        }
        let types = Types { crates: &none, enums: &enums, domains: &domains };
        assert_eq!(
            types.field("\"My.Schema\".\"Status\"[]", true).rust,
            Rust::Vec(Box::new(Rust::Enum(status)))
        );
    }
}
