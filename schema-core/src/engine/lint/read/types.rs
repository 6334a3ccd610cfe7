//! Names of types as `format_type` prints them, from what people write.

use super::words::Words;

/// What people write for what PostgreSQL prints.
const ALIASES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("int2", "smallint"),
    ("serial", "integer"),
    ("serial4", "integer"),
    ("bigserial", "bigint"),
    ("serial8", "bigint"),
    ("smallserial", "smallint"),
    ("serial2", "smallint"),
    ("bool", "boolean"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("float", "double precision"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("char", "character"),
    ("bpchar", "character"),
    ("varbit", "bit varying"),
];

/// Types that come with PostgreSQL, beside those above.
const OWN: &[&str] = &[
    "integer",
    "bigint",
    "smallint",
    "boolean",
    "numeric",
    "real",
    "double precision",
    "character varying",
    "character",
    "text",
    "name",
    "bytea",
    "date",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "uuid",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "bit",
    "bit varying",
    "money",
    "xml",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "tsvector",
    "tsquery",
    "oid",
    "regclass",
    "regproc",
    "regprocedure",
    "regoper",
    "regoperator",
    "regtype",
    "regrole",
    "regnamespace",
    "regconfig",
    "regdictionary",
    "regcollation",
    "pg_lsn",
    "pg_snapshot",
    "txid_snapshot",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "tsmultirange",
    "tstzmultirange",
    "datemultirange",
    "record",
    "void",
    "trigger",
    "xid",
    "xid8",
];

/// The name of a type as `format_type` prints it with an empty search_path. Types that do not come with PostgreSQL
/// are taken to be in `public` where nothing else is written.
pub fn canonical(written: &str) -> String {
    let (element, dimensions) = match written.find('[') {
        Some(open) => (&written[..open], "[]"),
        None if written.to_ascii_lowercase().ends_with(" array") => (&written[..written.len() - 6], "[]"),
        None => (written, ""),
    };
    let mut words = Words::of(element);
    let base = words.until(&["("]).trim();
    let modifier = words.group().map(|inside| inside.split(',').map(str::trim).collect::<Vec<_>>().join(","));
    let tail = words.rest().to_ascii_lowercase();
    let modifier = modifier.map(|inside| format!("({inside})")).unwrap_or_default();
    let lower = base.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = lower.strip_prefix("pg_catalog.").unwrap_or(&lower);
    let name = match lower {
        "timestamp" | "timestamp without time zone" => {
            let zone = if tail.starts_with("with time zone") { "with" } else { "without" };
            format!("timestamp{modifier} {zone} time zone")
        }
        "timestamptz" | "timestamp with time zone" => format!("timestamp{modifier} with time zone"),
        "time" | "time without time zone" => {
            let zone = if tail.starts_with("with time zone") { "with" } else { "without" };
            format!("time{modifier} {zone} time zone")
        }
        "timetz" | "time with time zone" => format!("time{modifier} with time zone"),
        "character" | "char" | "bpchar" if modifier.is_empty() => "character(1)".to_owned(),
        _other => match ALIASES.iter().find(|(alias, _)| *alias == lower) {
            Some((_, name)) => format!("{name}{modifier}"),
            None if OWN.contains(&lower) => format!("{lower}{modifier}"),
            None => match Words::of(base).name() {
                Some(name) => format!("{}{modifier}", name.full()),
                None => format!("{base}{modifier}"),
            },
        },
    };
    format!("{name}{dimensions}")
}

/// Whether it is a serial type: an integer with a sequence.
pub(super) fn is_serial(written: &str) -> bool {
    let lower = written.trim().to_ascii_lowercase();
    ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"].contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_postgresql_prints_them() {
        for (written, printed) in [
            ("INT", "integer"),
            ("varchar(10)", "character varying(10)"),
            ("CHARACTER VARYING(10)", "character varying(10)"),
            ("numeric(12, 2)", "numeric(12,2)"),
            ("TIMESTAMP(3) WITH TIME ZONE", "timestamp(3) with time zone"),
            ("timestamptz", "timestamp with time zone"),
            ("timestamp", "timestamp without time zone"),
            ("text[]", "text[]"),
            ("TEXT ARRAY", "text[]"),
            ("char", "character(1)"),
            ("status", "public.status"),
            ("app.\"Status\"[]", "app.\"Status\"[]"),
            ("DOUBLE PRECISION", "double precision"),
            ("pg_catalog.int4", "integer"),
        ] {
            assert_eq!(canonical(written), printed);
        }
    }
}
